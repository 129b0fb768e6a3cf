"""Writes Fashion-MNIST, from Debian's package, as the arrays that train.py reads, and trains the judge on them."""
from __future__ import annotations

import sys
from pathlib import Path
from typing import List, Optional

import judge  # Finds the client and the classifier for the imports below.

import fashion_mnist
import torch

HERE = Path(__file__).resolve().parent


def main(arguments: Optional[List[str]] = None) -> None:
    parser = fashion_mnist.preparation_arguments(__doc__ or "", HERE / "data")
    parser.add_argument("--judge-train", type=int, default=50_000, help="images that the judge learns from (default: %(default)s)")
    parser.add_argument("--judge-steps", type=int, default=4_000, help="steps that it trains (default: %(default)s)")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    try:
        fashion_mnist.prepare(options.source, options.data)
        judge.train(options.data, options.judge_train, options.judge_steps)
    except fashion_mnist.DataError as error:
        sys.exit(f"prepare.py: {error}")


if __name__ == "__main__":
    main()
