#!/usr/bin/env python3
"""Makes the parallel text of this sample from the German message catalogues of Debian packages.

Fetches the packages of packages.txt with apt-get (no root needed) into a temporary folder, decodes their catalogues,
cleans and splits the pairs, and trains the sub-words. Does nothing where that is done already.
"""

import argparse
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

import catalogue
import cleaning

HERE = Path(__file__).resolve().parent
DATA = HERE / "data"
VOCABULARY = 2000
FORMAT = 1  # raised when what is prepared changes, so that old data is made anew
NEEDED = {"apt-get": "apt", "dpkg-deb": "dpkg", "msgunfmt": "gettext"}


class PreparationError(Exception):
    """Something is missing; the message says what, and how to mend it."""


def read_packages(path: Path) -> List[str]:
    """The names in a list of packages, without comments."""
    lines = (line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


def _require(programs: Sequence[str]) -> None:
    missing = [f"{name} (Debian package {NEEDED[name]})" for name in programs if shutil.which(name) is None]
    if missing:
        raise PreparationError("not found: " + ", ".join(missing))
    try:
        import sentencepiece  # noqa: F401
    except ImportError as error:
        raise PreparationError(f"{error}; install Debian's python3-sentencepiece and use {_DEBIANS}") from error


_DEBIANS = "Debian's own python3 (/usr/bin/python3)"


def _download(package: str, folder: Path, options: List[str]) -> Tuple[Optional[Path], str]:
    """The fetched archive, or None and what apt-get said."""
    before = set(folder.glob("*.deb"))
    done = subprocess.run(["apt-get", *options, "download", package], cwd=folder, capture_output=True, text=True, check=False)
    new = sorted(set(folder.glob("*.deb")) - before)
    if done.returncode == 0 and new:
        return new[0], ""
    said = [line for line in done.stderr.splitlines() if line.startswith("E:")]
    return None, said[0] if said else "apt-get ended with exit code %d" % done.returncode


def fetch(packages: Sequence[str], folder: Path, allow_missing: bool) -> List[Path]:
    """Fetches packages. Where apt's lists are missing or old, it makes fresh ones of its own and tries again."""
    archives: List[Path] = []
    missing: Dict[str, str] = {}
    attempts: List[List[str]] = [[], _own_lists(folder)]
    for options in attempts:
        wanted = list(missing) if missing else packages
        if options:
            subprocess.run(["apt-get", *options, "-qq", "update"], capture_output=True, check=False)
        missing = {}
        for package in wanted:
            archive, why = _download(package, folder, options)
            if archive is None:
                missing[package] = why
            else:
                print(f"fetched {archive.name} ({archive.stat().st_size / 1e6:.1f} MB)", flush=True)
                archives.append(archive)
        if not missing:
            break
    if missing:
        report = "\n".join(f"  {package}: {why}" for package, why in missing.items())
        print(f"could not be fetched:\n{report}", file=sys.stderr)
        if not allow_missing or not archives:
            raise PreparationError(
                f"{len(missing)} of {len(packages)} packages are missing. Check the network and apt's sources"
                + ("" if not archives else ", or go on without them with --allow-missing"))
    return archives


def _own_lists(folder: Path) -> List[str]:
    state, cache = folder / "apt-state", folder / "apt-cache"
    for path in (state / "lists" / "partial", cache / "archives" / "partial"):
        path.mkdir(parents=True, exist_ok=True)
    return ["-o", f"Dir::State={state}", "-o", f"Dir::Cache={cache}", "-o", "APT::Sandbox::User="]


def unpack(archives: Sequence[Path], folder: Path) -> List[Path]:
    """The German catalogues of packages, sorted by path."""
    for archive in archives:
        target = folder / archive.name.split("_")[0]
        target.mkdir(parents=True)
        done = subprocess.run(["dpkg-deb", "-x", str(archive), str(target)], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise PreparationError(f"{archive.name} cannot be unpacked: {done.stderr.strip()}")
    return german(folder)


def german(folder: Path) -> List[Path]:
    """Every compiled German catalogue below a folder, sorted by path; links are not followed."""
    return sorted(path for path in folder.rglob("de/LC_MESSAGES/*.mo") if path.is_file() and not path.is_symlink())


def read_pairs(catalogues: Sequence[Path]) -> List[cleaning.Pair]:
    """The clean pairs of all catalogues, one for each sentence."""
    raw = 0
    clean: List[cleaning.Pair] = []
    for path in catalogues:
        for source, target in catalogue.pairs(catalogue.decode(path)):
            raw += 1
            pair = cleaning.clean(source, target)
            if pair is not None:
                clean.append(pair)
    unique = cleaning.unique(clean)
    print(f"{len(catalogues)} catalogues: {raw} messages, {len(unique)} sentence pairs after cleaning", flush=True)
    return unique


def write(pairs: Sequence[cleaning.Pair], output: Path, vocabulary: int, about: Dict[str, Any]) -> None:
    """Writes the three parts and the sub-words into a folder, which appears as a whole or not at all."""
    splits = cleaning.split(pairs)
    if not splits.train or not splits.validation or not splits.test:
        raise PreparationError(f"{len(pairs)} sentence pairs are too few to be split")
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=".preparing-") as temporary:
        made = Path(temporary) / "data"
        made.mkdir()
        for name, part in splits._asdict().items():
            text = "".join(f"{source}\t{target}\n" for source, target in part)
            (made / f"{name}.tsv").write_text(text, encoding="utf-8")
            print(f"{name}: {len(part)} pairs", flush=True)
        _train_subwords(splits.train, made / "subwords.model", vocabulary)
        counts = {name: len(part) for name, part in splits._asdict().items()}
        (made / "prepared.json").write_text(json.dumps({**about, "pairs": counts}, indent=1) + "\n", encoding="utf-8")
        if output.exists():
            shutil.rmtree(output)
        made.rename(output)


def _train_subwords(pairs: Sequence[cleaning.Pair], path: Path, vocabulary: int) -> None:
    import sentencepiece

    sentences = [sentence for pair in pairs for sentence in pair]
    # By a writer: given a path, the model would name it, and differ from one folder to the next.
    model = io.BytesIO()
    try:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(sentences), model_writer=model, vocab_size=vocabulary, model_type="bpe",
            character_coverage=0.9995, pad_id=0, unk_id=1, bos_id=2, eos_id=3, num_threads=1, minloglevel=2)
    except RuntimeError as error:
        raise PreparationError(f"sentencepiece cannot make {vocabulary} sub-words of {len(sentences)} sentences: {error}") from error
    path.write_bytes(model.getvalue())


def recipe(packages: Sequence[str], vocabulary: int) -> Dict[str, Any]:
    """What decides the prepared data besides the packages' versions."""
    rules = hashlib.sha256(Path(cleaning.__file__).read_bytes()).hexdigest()
    return {"format": FORMAT, "vocabulary": vocabulary, "cleaning": rules[:16], "packages": list(packages)}


def is_prepared(output: Path, wanted: Dict[str, Any]) -> bool:
    """Whether a folder holds data made by the same recipe."""
    try:
        found = json.loads((output / "prepared.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and all(found.get(name) == value for name, value in wanted.items())


def main(arguments: Optional[Sequence[str]] = None) -> int:
    parser = argparse.ArgumentParser(description="Makes the parallel text from Debian's message catalogues.")
    parser.add_argument("--output", type=Path, default=DATA, help="folder to write (default: data beside this script)")
    parser.add_argument("--packages", type=Path, default=HERE / "packages.txt", help="file with the packages to fetch")
    parser.add_argument("--catalogues", type=Path, help="take the */de/LC_MESSAGES/*.mo below this folder and fetch nothing")
    parser.add_argument("--vocabulary", type=int, default=VOCABULARY, help=f"sub-words (default: {VOCABULARY})")
    parser.add_argument("--allow-missing", action="store_true", help="go on without packages that cannot be fetched")
    options = parser.parse_args(arguments)
    try:
        prepare(options)
    except (PreparationError, catalogue.PoError, OSError) as error:
        print(f"prepare.py: {error}", file=sys.stderr)
        return 1
    return 0


def prepare(options: argparse.Namespace) -> None:
    """Does what the command line says."""
    names = [] if options.catalogues else read_packages(options.packages)
    wanted = recipe(names, options.vocabulary)
    if is_prepared(options.output, wanted):
        print(f"{options.output} is prepared already; delete it to make it anew")
        return
    _require(["msgunfmt"] if options.catalogues else list(NEEDED))
    with tempfile.TemporaryDirectory(prefix="pbt-translation-") as temporary:
        versions: List[str] = []
        if options.catalogues:
            catalogues = german(options.catalogues)
        else:
            folder = Path(temporary)
            archives = fetch(names, folder, options.allow_missing)
            versions = sorted(archive.stem for archive in archives)
            catalogues = unpack(archives, folder / "unpacked")
        if not catalogues:
            raise PreparationError("no German catalogue (*/de/LC_MESSAGES/*.mo) was found")
        pairs = read_pairs(catalogues)
    write(pairs, options.output, options.vocabulary, {**wanted, "versions": versions})
    print(f"prepared {os.path.relpath(options.output)}")


if __name__ == "__main__":
    sys.exit(main())
