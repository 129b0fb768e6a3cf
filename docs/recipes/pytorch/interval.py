#!/usr/bin/env python3
"""Runs a PyTorch training script for one interval of pbt: interval.py [option …] -- python3 train.py [argument …]

For scripts that keep a checkpoint as most do: one file, written into the directory that they run in, with the optimizer's state and
the epochs done so far; loaded by a flag, and with a number of epochs in all. This writes the values of this interval into a copy of
the checkpoint, runs the script in a directory of its own with the two flags added, and leaves the new checkpoint where pbt wants it.
Words of the command that name something in the working directory are made absolute. README.md beside this file says why.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List, Tuple


def parse(words: List[str]) -> Tuple[argparse.Namespace, List[str]]:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--file", default="checkpoint.pt", help="the checkpoint that the script writes (%(default)s)")
    parser.add_argument("--resume-flag", default="--resume", help="the script's flag for the checkpoint to load (%(default)s)")
    parser.add_argument("--epochs-flag", default="--epochs", help="the script's flag for the epochs in all (%(default)s)")
    parser.add_argument("--epochs-key", default="epoch", help="where the checkpoint has the epochs done (%(default)s)")
    parser.add_argument("--optimizer-key", default="optimizer", help="where the checkpoint has the optimizer's state (%(default)s)")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a value for all groups of the optimizer, as lr=0.1")
    end = words.index("--") if "--" in words else len(words)
    options = parser.parse_args(words[:end])
    if not words[end + 1 :]:
        parser.error("the script's command is missing: write it after --")
    return options, [str(Path(word).absolute()) if Path(word).exists() else word for word in words[end + 1 :]]


def prepare(source: Path, target: Path, options: argparse.Namespace) -> int:
    """Copies the checkpoint with this interval's values in its optimizer; returns the epochs done so far."""
    import torch

    values: Dict[str, float] = {name: float(value) for name, _, value in (setting.partition("=") for setting in options.set)}
    state: Dict[str, Any] = torch.load(source, map_location="cpu")
    for group in state[options.optimizer_key]["param_groups"]:
        for name, value in values.items():
            if name not in group:
                sys.exit(f"interval.py: --set {name}: the optimizer has no such value, only {', '.join(key for key in group if key != 'params')}")
            group[name] = value
    torch.save(state, target)
    return int(state[options.epochs_key])


def main() -> None:
    options, command = parse(sys.argv[1:])
    checkpoint_in, checkpoint_out = os.environ["PBT_CHECKPOINT_IN"], Path(os.environ["PBT_CHECKPOINT_OUT"])
    scratch = checkpoint_out / "scratch"
    scratch.mkdir()
    done = 0
    if checkpoint_in:
        done = prepare(Path(checkpoint_in) / options.file, scratch / "resume.pt", options)
        command += [options.resume_flag, str(scratch / "resume.pt")]

    code = subprocess.run([*command, options.epochs_flag, str(done + int(os.environ["PBT_STEPS"]))], cwd=scratch, check=False).returncode
    if code:
        sys.exit(code if code > 0 else 128 - code)
    (scratch / options.file).rename(checkpoint_out / options.file)
    shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
