"""The Inception score: how sure a classifier is of each image, and how varied the images are (Salimans et al. 2016)."""
from __future__ import annotations

import math
from typing import NamedTuple

import torch


class Inception(NamedTuple):
    """score = exp(label_entropy - conditional_entropy), from 1 to the number of classes; entropies are in nats."""

    score: float
    label_entropy: float
    """Of the classes over all images: low where classes are missing."""
    conditional_entropy: float
    """Of the classes given an image, on average: high where images look like nothing."""


def inception(probabilities: torch.Tensor) -> Inception:
    """Computes exp(E_x KL(p(y|x) || p(y))) from a row of class probabilities for each image.

    The mean divergence is the entropy of the mean row less the mean entropy of the rows.
    """
    rows = probabilities.double()
    label_entropy = _entropy(rows.mean(0)).item()
    conditional_entropy = _entropy(rows).mean().item()
    return Inception(math.exp(label_entropy - conditional_entropy), label_entropy, conditional_entropy)


def _entropy(rows: torch.Tensor) -> torch.Tensor:
    # xlogy is 0 where the probability is.
    return -torch.xlogy(rows, rows).sum(-1)
