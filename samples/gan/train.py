"""Trains a generative adversarial network on Fashion-MNIST: resident under pbt, or by itself with the defaults."""
from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path
from typing import List, Optional

import judge  # Finds the client and the classifier for the imports below.

import fashion_mnist
import pbt_client
import torch
from adversaries import DEFAULTS, Adversaries
from inception import inception

HERE = Path(__file__).resolve().parent
REPORT_EVERY = 20


def train_interval(adversaries: Adversaries, images: torch.Tensor, interval: pbt_client.Interval) -> None:
    def report(step: int, generator_loss: float, discriminator_loss: float) -> bool:
        if step % REPORT_EVERY == 0:
            interval.progress(step, generator_loss=generator_loss, discriminator_loss=discriminator_loss)
        # What has diverged stays so.
        return math.isfinite(generator_loss + discriminator_loss) and not interval.stopping

    adversaries.train(images, interval.steps or 0, interval.seed, report)


def main(arguments: Optional[List[str]] = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=HERE / "data", help="what prepare.py wrote (default: %(default)s)")
    parser.add_argument("--train", type=int, default=20_000, help="images to train on (default: %(default)s)")
    parser.add_argument("--judged", type=int, default=2_000, help="new images that the judge is shown (default: %(default)s)")
    parser.add_argument("--steps", type=int, default=5_000, help="steps of a run without pbt (default: %(default)s)")
    parser.add_argument("--checkpoints", type=Path, default=HERE / "checkpoints", help="where that leaves its own (default: %(default)s)")
    options = parser.parse_args(arguments)
    try:
        images, _ = fashion_mnist.load(options.data, "train", options.train, HERE / "prepare.py")
        network = judge.load(options.data)
    except fashion_mnist.DataError as error:
        sys.exit(f"train.py: {error}")
    # Numbers too small to matter would cost a hundred times as much.
    torch.set_flush_denormal(True)

    for interval in pbt_client.connect(defaults=DEFAULTS, steps=options.steps, checkpoints=options.checkpoints):
        if interval.reload:
            adversaries = Adversaries(interval.seed)
            if interval.checkpoint_in is not None:
                adversaries.load(interval.checkpoint_in)
        adversaries.apply(interval.hyperparameters)
        train_interval(adversaries, images, interval)
        if interval.stopping:
            break
        result = inception(judge.probabilities(network, adversaries.generate(options.judged)))
        adversaries.save(interval.checkpoint_out)
        interval.complete(
            result.score, metrics={"label_entropy": result.label_entropy, "conditional_entropy": result.conditional_entropy}
        )


if __name__ == "__main__":
    main()
