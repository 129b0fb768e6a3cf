"""Makes clean sentence pairs of raw message pairs, and splits them without overlap. Pure."""

import hashlib
import re
from collections import Counter
from typing import Dict, Iterable, List, NamedTuple, Optional, Tuple

Pair = Tuple[str, str]

MIN_WORDS = 3
MAX_WORDS = 20
MAX_LENGTH_RATIO = 2.0

_PLACEHOLDER = re.compile(
    r"%(?:\d+\$)?[-+ #0']*(?:\d+|\*)?(?:\.(?:\d+|\*))?(?:hh|h|ll|l|L|q|j|z|t|I)?[diouxXeEfFgGaAcspn]"
    r"|%\([a-zA-Z_]\w*\)[a-zA-Z]|%\d+|%%|\$\{?\w+\}?|\{\w*\}|@\w+@?")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|&#?\w+;|\\[a-zA-Z]|\[[/a-z]+[^\]]*\]|@\w+\{|::|//|https?:|[{}|<>\\=]")
_QUOTES = str.maketrans({
    "„": '"', "“": '"', "”": '"', "«": '"', "»": '"', "‚": "'", "‘": "'", "’": "'", "`": "'", "´": "'",
    "…": "...", "–": "-", "—": "-", "\u00a0": " ", "\u202f": " ", "\u00ad": "", "\u200b": "",
})
_WORD = re.compile(r"[^\W\d_]{2,}")


class Splits(NamedTuple):
    """Training, validation and test pairs, each sorted by the hash of its source."""

    train: List[Pair]
    validation: List[Pair]
    test: List[Pair]


def without_mnemonics(source: str, target: str) -> Optional[Pair]:
    """Takes out the accelerators `_File` and `&File`; None where a sign may be something else (`a_name`, `R&D`)."""
    for sign in "_&":
        if any(sign in word and word in target.split() for word in source.split() if word != sign):
            return None
        texts = []
        for text in (source, target):
            texts.append(re.sub(rf"{sign}(?=[^\W_])", "", text, count=1))
            if sign in texts[-1].replace(f" {sign} ", " "):
                return None
        source, target = texts
    return source, target


def normalise(text: str) -> str:
    """One spelling for quotes, dashes, dots and spaces."""
    return " ".join(text.translate(_QUOTES).replace("''", '"').split())


def placeholders(text: str) -> "Counter[str]":
    """How often each format placeholder occurs; positions (`%1$s`) do not count, for languages reorder them."""
    return Counter(re.sub(r"\d+\$", "", found) for found in _PLACEHOLDER.findall(text))


def clean(source: str, target: str) -> Optional[Pair]:
    """The pair as a sentence pair, or None where it is none."""
    if _MARKUP.search(source) or _MARKUP.search(target):
        return None
    stripped = without_mnemonics(source, target)
    if stripped is None:
        return None
    source, target = normalise(stripped[0]), normalise(stripped[1])
    if "\ufffd" in source or "\ufffd" in target or source.casefold() == target.casefold():
        return None
    if placeholders(source) != placeholders(target):
        return None
    words = [len(text.split()) for text in (source, target)]
    if not MIN_WORDS <= words[0] <= MAX_WORDS or not 1 <= words[1] <= MAX_WORDS:
        return None
    if max(len(source), len(target)) > MAX_LENGTH_RATIO * min(len(source), len(target)) + 4:
        return None
    # Lists of codes, keys and numbers are no sentences: most of the tokens must be words.
    for text, count in zip((source, target), words):
        if len(_WORD.findall(_PLACEHOLDER.sub(" ", text))) < max(1, 0.6 * count):
            return None
    return source, target


def key(source: str) -> str:
    """What makes two sources the same sentence: letters only, whatever their case, numbers and signs."""
    return "".join(c for c in _PLACEHOLDER.sub("", source).casefold() if c.isalpha())


def hash_of(source: str) -> int:
    """A number of 64 bits that depends on the sentence alone, the same on every machine."""
    return int.from_bytes(hashlib.sha256(key(source).encode("utf-8")).digest()[:8], "big")


def unique(raw: Iterable[Pair]) -> List[Pair]:
    """One pair for each sentence: the source and the translation given most often, the first of equals."""
    seen: Dict[str, "Counter[Pair]"] = {}
    for pair in raw:
        if key(pair[0]):
            seen.setdefault(key(pair[0]), Counter())[pair] += 1
    return [max(counts.items(), key=lambda item: item[1])[0] for counts in seen.values()]


def split(pairs: Iterable[Pair], validation_percent: int = 2, test_percent: int = 2) -> Splits:
    """Splits by the hash of the source: the same sentence is always in the same part, whatever else there is."""
    splits = Splits([], [], [])
    for pair in sorted(pairs, key=lambda pair: (hash_of(pair[0]), pair)):
        percent = hash_of(pair[0]) % 100
        if percent < validation_percent:
            splits.validation.append(pair)
        elif percent < validation_percent + test_percent:
            splits.test.append(pair)
        else:
            splits.train.append(pair)
    return splits
