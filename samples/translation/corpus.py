"""The prepared parallel text as sub-word numbers, and batches of it."""

import random
from pathlib import Path
from typing import Any, Iterator, List, NamedTuple, Sequence, Tuple

PAD, UNKNOWN, BEGIN, END = 0, 1, 2, 3


class Sentence(NamedTuple):
    """One encoded pair: sub-words without begin and end."""

    source: List[int]
    target: List[int]


class Corpus(NamedTuple):
    """What training and scoring need."""

    subwords: Any  # a sentencepiece.SentencePieceProcessor
    train: List[Sentence]
    scored: List[Tuple[List[int], str]]  # encoded source, reference text

    @property
    def vocabulary(self) -> int:
        return int(self.subwords.get_piece_size())


class NotPreparedError(Exception):
    """The data is not there; the message says how to make it."""


def read_tsv(path: Path) -> List[Tuple[str, str]]:
    """The pairs of a file, a pair a line, source and target with a tab between."""
    pairs = []
    for line in path.read_text(encoding="utf-8").splitlines():
        source, _, target = line.partition("\t")
        pairs.append((source, target))
    return pairs


def load_subwords(folder: Path) -> Any:
    """The sub-words that were trained on this text."""
    import sentencepiece

    model = folder / "subwords.model"
    if not model.is_file():
        raise NotPreparedError(f"{model} is missing: run `python3 prepare.py` in samples/translation first")
    return sentencepiece.SentencePieceProcessor(model_file=str(model))


def load(folder: Path, longest: int, scored: int) -> Corpus:
    """Pairs of at most `longest` sub-words on either side, and the first `scored` such of the validation part.

    The parts are sorted by a hash of the source, so the first ones are a fixed sample.
    """
    subwords = load_subwords(folder)
    pairs = {name: read_tsv(folder / f"{name}.tsv") for name in ("train", "validation")}
    encoded = {
        name: [Sentence(*both) for both in zip(subwords.encode([s for s, _ in part]), subwords.encode([t for _, t in part]))]
        for name, part in pairs.items()
    }
    fits = [max(len(pair.source), len(pair.target)) <= longest for pair in encoded["validation"]]
    validation = [
        (pair.source, text) for pair, (_, text), fit in zip(encoded["validation"], pairs["validation"], fits) if fit
    ]
    train = [pair for pair in encoded["train"] if max(len(pair.source), len(pair.target)) <= longest]
    if not train or not validation:
        raise NotPreparedError(f"{folder} has no sentences of at most {longest} sub-words: run `python3 prepare.py` again")
    return Corpus(subwords, train, validation[:scored])


def batches(sentences: Sequence[Sentence], size: int, steps: int, seed: int) -> Iterator[List[Sentence]]:
    """`steps` batches of `size` sentences of like length, in an order that depends on the seed alone.

    Every sentence comes once before any comes again. Like lengths share a batch, so that little of it is padding.
    """
    order = random.Random(seed)
    given = 0
    while given < steps:
        shuffled = list(sentences)
        order.shuffle(shuffled)
        # Sorted within large pools only, so that batches differ from one pass to the next.
        pool = size * 50
        epoch: List[List[Sentence]] = []
        for start in range(0, len(shuffled), pool):
            part = sorted(shuffled[start:start + pool], key=lambda s: (len(s.source) + len(s.target), len(s.target)))
            epoch += [part[i:i + size] for i in range(0, len(part), size)]
        order.shuffle(epoch)
        for batch in epoch[:steps - given]:
            given += 1
            yield batch


def padded(rows: Sequence[Sequence[int]]) -> List[List[int]]:
    """Rows of one length, filled with padding."""
    longest = max(len(row) for row in rows)
    return [[*row, *([PAD] * (longest - len(row)))] for row in rows]
