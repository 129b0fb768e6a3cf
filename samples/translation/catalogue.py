"""Reads gettext message catalogues: a .mo file through msgunfmt, and the PO text that comes out."""

import subprocess
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple, Optional, Tuple


class Entry(NamedTuple):
    """One message of a catalogue."""

    context: Optional[str]
    source: str
    plural: Optional[str]
    translations: List[str]  # one, or one for each plural form


class PoError(ValueError):
    """The text is no PO file; the message names the line."""


_ESCAPES = {
    "n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v",
    '"': '"', "\\": "\\", "'": "'", "?": "?",
}
_OCTAL = "01234567"
_HEXADECIMAL = "0123456789abcdefABCDEF"


def unquote(text: str, line: int) -> str:
    """The content of one quoted C string; octal and hexadecimal escapes are bytes of UTF-8."""
    if len(text) < 2 or text[0] != '"' or text[-1] != '"':
        raise PoError(f"line {line}: a text in double quotes was expected, not {text[:40]!r}")
    out = bytearray()
    body = text[1:-1]
    i = 0
    while i < len(body):
        c = body[i]
        i += 1
        if c == '"':
            raise PoError(f"line {line}: a double quote inside a text needs a backslash")
        if c != "\\":
            out += c.encode("utf-8")
            continue
        if i == len(body):
            raise PoError(f"line {line}: a backslash at the end of a text")
        c = body[i]
        i += 1
        if c in _ESCAPES:
            out += _ESCAPES[c].encode("utf-8")
        elif c in _OCTAL:
            end = i
            while end < len(body) and end < i + 2 and body[end] in _OCTAL:
                end += 1
            out.append(int(body[i - 1:end], 8) & 0xFF)
            i = end
        elif c == "x":
            end = i
            while end < len(body) and end < i + 2 and body[end] in _HEXADECIMAL:
                end += 1
            if end == i:
                raise PoError(f"line {line}: \\x without digits")
            out.append(int(body[i:end], 16))
            i = end
        else:
            raise PoError(f"line {line}: unknown escape \\{c}")
    return out.decode("utf-8", errors="replace")


class _Block:
    """The fields of the entry that is being read."""

    def __init__(self) -> None:
        self.fields: Dict[str, str] = {}
        self.last: Optional[str] = None

    def begin(self, keyword: str, text: str) -> None:
        self.fields[keyword] = text
        self.last = keyword

    def entry(self, line: int) -> Entry:
        if "msgid" not in self.fields:
            raise PoError(f"line {line}: an entry without msgid")
        forms: List[Tuple[int, str]] = []
        for keyword, text in self.fields.items():
            if keyword == "msgstr":
                forms.append((0, text))
            elif keyword.startswith("msgstr["):
                forms.append((int(keyword[7:-1]), text))
        if not forms:
            raise PoError(f"line {line}: an entry without msgstr")
        return Entry(
            self.fields.get("msgctxt"), self.fields["msgid"], self.fields.get("msgid_plural"),
            [text for _, text in sorted(forms)])


def parse(text: str) -> Iterator[Entry]:
    """The entries of a PO text in their order, the header (an empty msgid) among them."""
    block = _Block()
    number = 0
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith('"'):
            if block.last is None:
                raise PoError(f"line {number}: a text without keyword")
            block.fields[block.last] += unquote(line, number)
            continue
        keyword, _, rest = line.partition(" ")
        plural_form = keyword.startswith("msgstr[") and keyword.endswith("]") and keyword[7:-1].isdigit()
        if keyword not in ("msgctxt", "msgid", "msgid_plural", "msgstr") and not plural_form:
            raise PoError(f"line {number}: unknown keyword {keyword[:40]!r}")
        if keyword == "msgctxt" or (keyword == "msgid" and block.last != "msgctxt"):
            if block.fields:
                yield block.entry(number)
            block = _Block()
        block.begin(keyword, unquote(rest.strip(), number))
    if block.fields:
        yield block.entry(number)


def decode(mo: Path) -> List[Entry]:
    """All entries of a compiled catalogue, as UTF-8 whatever it was written in; needs gettext's msgunfmt."""
    # --force-po writes a catalogue without messages too; msgconv is not needed: the header says the charset.
    raw = subprocess.run(["msgunfmt", "--force-po", "--no-wrap", str(mo)], capture_output=True, check=False)
    if raw.returncode != 0:
        raise PoError(f"{mo}: msgunfmt: {raw.stderr.decode(errors='replace').strip()}")
    return list(parse(_text(raw.stdout)))


def _text(raw: bytes) -> str:
    """PO text in the charset that its header names, UTF-8 where it names none."""
    charset = "utf-8"
    for line in raw.split(b"\n"):
        position = line.find(b"charset=")
        if position >= 0:
            charset = line[position + 8:].split(b"\\")[0].strip(b' "').decode("ascii", errors="replace")
            break
    try:
        return raw.decode(charset, errors="replace")
    except LookupError:
        return raw.decode("utf-8", errors="replace")


def pairs(entries: List[Entry]) -> Iterator[Tuple[str, str]]:
    """Source and translation of every message but the header; a plural gives its two forms as German has them."""
    for entry in entries:
        if not entry.source:
            continue
        if entry.translations[0]:
            yield entry.source, entry.translations[0]
        if entry.plural and len(entry.translations) > 1 and entry.translations[1]:
            yield entry.plural, entry.translations[1]
