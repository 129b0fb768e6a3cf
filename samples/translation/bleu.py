"""Corpus BLEU as Papineni et al. 2002 define it, with one reference or several. Pure, standard library only.

A score from 0 to 100: brevity penalty times the geometric mean of the modified precisions of 1-grams to 4-grams, each
summed over the corpus before it is divided. No smoothing: a corpus without a single matching 4-gram scores 0.
"""

import math
import re
from collections import Counter
from typing import List, Sequence, Tuple

ORDER = 4

_TOKEN = re.compile(r"\w+|[^\w\s]")


def tokenise(text: str) -> List[str]:
    """Runs of letters, digits and underscores, and every other sign for itself; case is kept."""
    return _TOKEN.findall(text)


def ngrams(tokens: Sequence[str], n: int) -> "Counter[Tuple[str, ...]]":
    """How often each n-gram occurs."""
    return Counter(tuple(tokens[i:i + n]) for i in range(len(tokens) - n + 1))


def modified_precision(candidate: Sequence[str], references: Sequence[Sequence[str]], n: int) -> Tuple[int, int]:
    """Matches and n-grams of a candidate; an n-gram matches no more often than in the reference that has most of it."""
    counts = ngrams(candidate, n)
    most: "Counter[Tuple[str, ...]]" = Counter()
    for reference in references:
        most |= ngrams(reference, n)
    return sum((counts & most).values()), max(0, len(candidate) - n + 1)


def closest_length(length: int, references: Sequence[Sequence[str]]) -> int:
    """The length of the reference nearest to a candidate's; of two as near, the shorter."""
    return min((abs(len(reference) - length), len(reference)) for reference in references)[1]


def brevity_penalty(candidate_length: int, reference_length: int) -> float:
    """1 where the candidates are longer than the references, else exp(1 - r/c); 0 where there are no candidates."""
    if candidate_length > reference_length:
        return 1.0
    if candidate_length == 0:
        return 0.0
    return math.exp(1.0 - reference_length / candidate_length)


def corpus_bleu(candidates: Sequence[Sequence[str]], references: Sequence[Sequence[Sequence[str]]]) -> float:
    """BLEU in percent of tokenised candidates against the references of each."""
    if len(candidates) != len(references):
        raise ValueError(f"{len(candidates)} candidates, but references for {len(references)}")
    matched = [0] * ORDER
    total = [0] * ORDER
    candidate_length = reference_length = 0
    for candidate, its_references in zip(candidates, references):
        candidate_length += len(candidate)
        reference_length += closest_length(len(candidate), its_references)
        for n in range(1, ORDER + 1):
            matches, count = modified_precision(candidate, its_references, n)
            matched[n - 1] += matches
            total[n - 1] += count
    if min(matched) == 0:
        return 0.0
    mean = sum(math.log(m / t) for m, t in zip(matched, total)) / ORDER
    return 100.0 * brevity_penalty(candidate_length, reference_length) * math.exp(mean)


def bleu(candidates: Sequence[str], references: Sequence[str]) -> float:
    """BLEU in percent of sentences against one reference each."""
    return corpus_bleu([tokenise(text) for text in candidates], [[tokenise(text)] for text in references])
