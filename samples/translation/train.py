#!/usr/bin/env python3
"""Trains a small Transformer from English to German: resident under pbt, or by itself with the defaults."""

import argparse
import math
import sys
from pathlib import Path
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Sequence

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parents[1] / "clients" / "python"))

import pbt_client  # noqa: E402
import pbt_client.torch  # noqa: E402
import torch  # noqa: E402

import corpus  # noqa: E402
import model as transformer  # noqa: E402
from bleu import bleu  # noqa: E402

DEFAULTS = {"learning_rate": 2e-3, "dropout": 0.05, "attention_dropout": 0.05, "relu_dropout": 0.05}
SMOOTHING = 0.1
LONGEST = 16
REPORT_EVERY = 10


class Size(NamedTuple):
    """How large the network is; part of a checkpoint."""

    vocabulary: int
    width: int
    heads: int
    layers: int


class Learner:
    """A network, its optimizer, and how they train."""

    def __init__(self, size: Size, seed: int) -> None:
        torch.manual_seed(seed)
        self.size = size
        self.network = transformer.Transformer(size.vocabulary, size.width, size.heads, size.layers)
        # The values of Vaswani et al. 2017, section 5.3; the learning rate is set before each interval.
        self.optimizer = torch.optim.Adam(
            self.network.parameters(), lr=DEFAULTS["learning_rate"], betas=(0.9, 0.98), eps=1e-9)

    def load(self, folder: Path) -> None:
        pbt_client.torch.load(folder, network=self.network, optimizer=self.optimizer)

    def save(self, folder: Path) -> None:
        """Writes weights, the optimizer's state, the random generators' and the size."""
        pbt_client.torch.save(folder, network=self.network, optimizer=self.optimizer, extra=self.size._asdict())

    def apply(self, hyperparameters: Dict[str, float]) -> None:
        """Sets the hyperparameters; after load, since the optimizer's state brings those of the donor."""
        pbt_client.torch.apply_to_optimizer(self.optimizer, lr=hyperparameters["learning_rate"])
        self.network.set_dropouts(transformer.Dropouts(
            hyperparameters["dropout"], hyperparameters["attention_dropout"], hyperparameters["relu_dropout"]))

    def train(self, sentences: Sequence[corpus.Sentence], batch_size: int, steps: int, seed: int,
              report: Callable[[int, float], bool]) -> None:
        """Takes steps of Adam on batches that are drawn by the seed, until `report` says that it is enough."""
        torch.manual_seed(seed)
        self.network.train()
        for step, batch in enumerate(corpus.batches(sentences, batch_size, steps, seed), start=1):
            source = torch.tensor(corpus.padded([[*pair.source, corpus.END] for pair in batch]))
            target = torch.tensor(corpus.padded([[corpus.BEGIN, *pair.target, corpus.END] for pair in batch]))
            loss = transformer.loss(self.network, source, target, SMOOTHING)
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            self.optimizer.step()
            if not report(step, loss.item()):
                break

    def translate(self, sources: Sequence[List[int]], subwords: Any) -> List[str]:
        """Greedy translations of encoded sentences."""
        return [str(text) for text in subwords.decode(transformer.translate(self.network, sources))]


def score(learner: Learner, data: corpus.Corpus) -> float:
    """BLEU of greedy translations of the validation sentences, 0 … 100."""
    return bleu(learner.translate([source for source, _ in data.scored], data.subwords), [text for _, text in data.scored])


def train_interval(learner: Learner, data: corpus.Corpus, batch_size: int, interval: "pbt_client.Interval") -> float:
    """One interval's training; returns the mean of its last losses."""
    last: List[float] = []

    def report(step: int, loss: float) -> bool:
        last.append(loss)
        del last[:-50]
        if step % REPORT_EVERY == 0:
            interval.progress(step, loss=loss)
        # A network that has diverged stays so.
        return math.isfinite(loss) and not interval.stopping

    learner.train(data.train, batch_size, interval.steps or 1, interval.seed, report)
    return sum(last) / len(last)


def main(arguments: Optional[List[str]] = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=HERE / "data", help="what prepare.py wrote (default: %(default)s)")
    parser.add_argument("--width", type=int, default=96, help="of the network (default: %(default)s)")
    parser.add_argument("--layers", type=int, default=1, help="of encoder and decoder each (default: %(default)s)")
    parser.add_argument("--heads", type=int, default=4, help="of each attention (default: %(default)s)")
    parser.add_argument("--longest", type=int, default=LONGEST, help="sub-words of a sentence, at most (default: %(default)s)")
    parser.add_argument("--scored", type=int, default=384, help="validation sentences to score by (default: %(default)s)")
    parser.add_argument("--batch", type=int, default=32, help="sentences of a batch (default: %(default)s)")
    parser.add_argument("--steps", type=int, default=160, help="steps of each interval without pbt (default: %(default)s)")
    parser.add_argument("--intervals", type=int, default=12, help="intervals without pbt (default: %(default)s)")
    parser.add_argument("--checkpoints", type=Path, default=HERE / "checkpoints", help="folder without pbt (default: %(default)s)")
    options = parser.parse_args(arguments)
    if not 1 <= options.longest < transformer.LONGEST:
        parser.error(f"--longest must be 1 … {transformer.LONGEST - 1}, not {options.longest}")
    if options.heads < 1 or options.width < 2 or options.width % (2 * options.heads):
        parser.error(f"--width must be a multiple of twice --heads, not {options.width} with {options.heads} heads")
    try:
        data = corpus.load(options.data, options.longest, options.scored)
    except corpus.NotPreparedError as error:
        sys.exit(f"train.py: {error}")
    # Numbers too small to matter cost a hundred times as much.
    torch.set_flush_denormal(True)
    size = Size(data.vocabulary, options.width, options.heads, options.layers)

    session = pbt_client.connect(
        defaults=DEFAULTS, steps=options.steps, intervals=options.intervals, checkpoints=options.checkpoints)
    for interval in session:
        if interval.reload:
            learner = Learner(size, interval.seed)
            if interval.checkpoint_in is not None:
                learner.load(interval.checkpoint_in)
        learner.apply(interval.hyperparameters)
        loss = train_interval(learner, data, options.batch, interval)
        if interval.stopping:
            break
        learner.save(interval.checkpoint_out)
        interval.complete(score(learner, data), metrics={"loss": loss})


if __name__ == "__main__":
    main()
