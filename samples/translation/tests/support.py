"""What the tests share: the sample's modules on the path, and a small catalogue made by msgfmt."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from typing import List, Tuple

SAMPLE = Path(__file__).resolve().parents[1]
for folder in (SAMPLE, SAMPLE.parents[1] / "clients" / "python"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

HAS_GETTEXT = shutil.which("msgfmt") is not None and shutil.which("msgunfmt") is not None
HAS_TORCH = importlib.util.find_spec("torch") is not None
HAS_SENTENCEPIECE = importlib.util.find_spec("sentencepiece") is not None
NO_GETTEXT = "gettext (msgfmt, msgunfmt) is not installed"
NO_TORCH = "python3-torch is not installed"
NO_SENTENCEPIECE = "python3-sentencepiece is not installed"

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset={}\\n"\n"Plural-Forms: nplurals=2; plural=n != 1;\\n"\n\n'


def compile_po(text: str, folder: Path, charset: str = "UTF-8") -> Path:
    """A .mo file of PO entries, where a package would have it."""
    target = folder / "locale" / "de" / "LC_MESSAGES"
    target.mkdir(parents=True, exist_ok=True)
    source = target / "sample.po"
    source.write_bytes((HEADER.format(charset) + text).encode(charset))
    subprocess.run(["msgfmt", "-o", str(target / "sample.mo"), str(source)], check=True)
    source.unlink()
    return target / "sample.mo"


def template_pairs() -> List[Tuple[str, str]]:
    """A few hundred regular sentences and their translations, none twice."""
    nouns = [
        ("file", "Datei"), ("page", "Seite"), ("list", "Liste"), ("folder mark", "Ordnermarke"), ("key", "Taste"),
        ("layer", "Ebene"), ("line", "Zeile"), ("message", "Nachricht"), ("address", "Adresse"), ("colour", "Farbe"),
    ]
    states = [("new", "neue"), ("old", "alte"), ("first", "erste"), ("last", "letzte"), ("next", "nächste")]
    verbs = [("open", "geöffnet"), ("close", "geschlossen"), ("delete", "gelöscht"), ("save", "gesichert"), ("copy", "kopiert"), ("print", "gedruckt")]
    return [
        (f"Cannot {verb} the {state} {noun}.", f"Die {zustand} {wort} kann nicht {partizip} werden.")
        for noun, wort in nouns for state, zustand in states for verb, partizip in verbs
    ]


def template_po() -> str:
    """The regular sentences as PO entries."""
    return "".join(f'msgid "{source}"\nmsgstr "{target}"\n\n' for source, target in template_pairs())
