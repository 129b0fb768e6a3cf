#!/usr/bin/env python3
"""Translates sentences with a checkpoint of this sample, or says its BLEU on the test part, which no training has seen."""

import argparse
import sys
from pathlib import Path
from typing import List, Optional

import torch

import corpus
import model as transformer
from bleu import bleu
from train import HERE, LONGEST, Learner, Size


def read_size(checkpoint: Path) -> Size:
    """The size of the network in a checkpoint."""
    from pbt_client.torch import CheckpointError, load

    try:
        return Size(**load(checkpoint))
    except (CheckpointError, TypeError) as error:
        raise SystemExit(f"translate.py: {checkpoint} is no checkpoint of this sample: {error}") from error


def main(arguments: Optional[List[str]] = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path, help="its directory, as `pbt best` names it")
    parser.add_argument("sentences", nargs="*", help="English sentences (default: the lines of standard input)")
    parser.add_argument("--data", type=Path, default=HERE / "data", help="what prepare.py wrote (default: %(default)s)")
    parser.add_argument("--longest", type=int, default=LONGEST, help="sub-words of a test sentence, at most (default: %(default)s)")
    parser.add_argument("--test", action="store_true", help="translate nothing, print BLEU on the test part")
    options = parser.parse_intermixed_args(arguments)
    try:
        subwords = corpus.load_subwords(options.data)
    except corpus.NotPreparedError as error:
        sys.exit(f"translate.py: {error}")
    learner = Learner(read_size(options.checkpoint), seed=0)
    learner.load(options.checkpoint)
    torch.set_num_threads(1)
    if options.test:
        pairs = corpus.read_tsv(options.data / "test.tsv")
        sources = [subwords.encode(source) for source, _ in pairs]
        short = [i for i, source in enumerate(sources) if len(source) <= options.longest]
        candidates = learner.translate([sources[i] for i in short], subwords)
        print(f"BLEU {bleu(candidates, [pairs[i][1] for i in short]):.2f} on {len(short)} test sentences")
        return
    lines = options.sentences or [line.strip() for line in sys.stdin]
    longest = learner.network.longest - 1
    for text in lines:
        source = subwords.encode(text)
        if len(source) > longest:
            print(f"translate.py: {text!r} has {len(source)} sub-words; this network takes {longest}", file=sys.stderr)
            continue
        print(subwords.decode(transformer.translate(learner.network, [source]))[0], flush=True)


if __name__ == "__main__":
    main()
