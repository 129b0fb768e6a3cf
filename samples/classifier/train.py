"""Trains a small convolutional network on Fashion-MNIST: resident under pbt, or by itself with the defaults."""
from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path
from typing import List, Optional

HERE = Path(__file__).resolve().parent
sys.path += [str(HERE.parent), str(HERE.parents[1] / "clients" / "python")]

import pbt_client  # noqa: E402
import torch  # noqa: E402

import fashion_mnist  # noqa: E402
from learner import DEFAULTS, Data, Learner  # noqa: E402

REPORT_EVERY = 20


def train_interval(learner: Learner, train: Data, interval: pbt_client.Interval) -> None:
    def report(step: int, loss: float) -> bool:
        if step % REPORT_EVERY == 0:
            interval.progress(step, loss=loss)
        # A network that has diverged stays so.
        return math.isfinite(loss) and not interval.stopping

    learner.train(train, interval.steps or 0, interval.seed, report)


def main(arguments: Optional[List[str]] = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=HERE / "data", help="what prepare.py wrote (default: %(default)s)")
    parser.add_argument("--train", type=int, default=10_000, help="images to train on (default: %(default)s)")
    parser.add_argument("--validation", type=int, default=5_000, help="images to score by (default: %(default)s)")
    parser.add_argument("--steps", type=int, default=4_000, help="steps of a run without pbt (default: %(default)s)")
    parser.add_argument("--checkpoints", type=Path, default=HERE / "checkpoints", help="where that leaves its own (default: %(default)s)")
    options = parser.parse_args(arguments)
    try:
        train = fashion_mnist.load(options.data, "train", options.train, HERE / "prepare.py")
        validation = fashion_mnist.load(options.data, "validation", options.validation, HERE / "prepare.py")
    except fashion_mnist.DataError as error:
        sys.exit(f"train.py: {error}")
    # Numbers too small to matter would cost a hundred times as much.
    torch.set_flush_denormal(True)

    for interval in pbt_client.connect(defaults=DEFAULTS, steps=options.steps, checkpoints=options.checkpoints):
        if interval.reload:
            learner = Learner(interval.seed)
            if interval.checkpoint_in is not None:
                learner.load(interval.checkpoint_in)
        learner.apply(interval.hyperparameters)
        train_interval(learner, train, interval)
        if interval.stopping:
            break
        accuracy, loss = learner.evaluate(validation)
        learner.save(interval.checkpoint_out)
        interval.complete(accuracy, metrics={"loss": loss})


if __name__ == "__main__":
    main()
