#!/usr/bin/env python3
"""Runs a script of Hugging Face's Trainer for one interval of pbt: interval.py --metric eval_accuracy -- python run_glue.py …

The Trainer goes on from a checkpoint with the learning rate, the schedule and the random state that are in it, whatever its arguments
say. This writes the values of this interval into a copy of the checkpoint, adds the arguments that say where to go on, how long and
where to save, leaves the new checkpoint where pbt wants it, and reports a figure of eval_results.json. README.md beside this file says
why each is needed.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple


def parse(words: List[str]) -> Tuple[argparse.Namespace, List[str]]:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--metric", required=True, help="the figure of eval_results.json that is the score, such as eval_loss")
    parser.add_argument("--learning-rate", type=float, help="the learning rate of this interval")
    parser.add_argument("--weight-decay", type=float, help="the weight decay of this interval")
    end = words.index("--") if "--" in words else len(words)
    options = parser.parse_args(words[:end])
    if not words[end + 1 :]:
        parser.error("the script's command is missing: write it after --")
    return options, words[end + 1 :]


def change_optimizer(folder: Path, learning_rate: Optional[float], weight_decay: Optional[float]) -> None:
    """Writes values into the states of the optimizer and of its schedule; groups without weight decay stay without."""
    import torch

    optimizer: Dict[str, Any] = torch.load(folder / "optimizer.pt", map_location="cpu")
    scheduler: Dict[str, Any] = torch.load(folder / "scheduler.pt", map_location="cpu")
    for group in optimizer["param_groups"]:
        if learning_rate is not None:
            group["lr"] = group["initial_lr"] = learning_rate
        if weight_decay is not None and group["weight_decay"] > 0:
            group["weight_decay"] = weight_decay
    if learning_rate is not None:
        scheduler["base_lrs"] = [learning_rate for _ in scheduler["base_lrs"]]
        scheduler["_last_lr"] = [learning_rate for _ in scheduler["base_lrs"]]
    torch.save(optimizer, folder / "optimizer.pt")
    torch.save(scheduler, folder / "scheduler.pt")


def prepare(source: Path, target: Path, options: argparse.Namespace) -> int:
    """Copies the checkpoint as this interval needs it; returns the steps done so far."""
    shutil.copytree(source, target, ignore=shutil.ignore_patterns(".pbt-manifest.json", "rng_state*.pth"))
    change_optimizer(target, options.learning_rate, options.weight_decay)
    return int(json.loads((target / "trainer_state.json").read_text())["global_step"])


def main() -> None:
    options, command = parse(sys.argv[1:])
    checkpoint_in, checkpoint_out = os.environ["PBT_CHECKPOINT_IN"], Path(os.environ["PBT_CHECKPOINT_OUT"])
    steps, scratch = int(os.environ["PBT_STEPS"]), checkpoint_out / "scratch"
    scratch.mkdir()
    done = 0
    if checkpoint_in:
        done = prepare(Path(checkpoint_in), scratch / "resume", options)
        command += ["--resume_from_checkpoint", str(scratch / "resume"), "--ignore_data_skip", "True"]
    command += ["--output_dir", str(scratch / "run"), "--max_steps", str(done + steps)]
    command += ["--save_strategy", "steps", "--save_steps", str(steps), "--do_train", "True", "--do_eval", "True"]
    code = subprocess.run(command, check=False).returncode
    if code:
        sys.exit(code if code > 0 else 128 - code)

    figures: Dict[str, Any] = json.loads((scratch / "run" / "eval_results.json").read_text())
    if options.metric not in figures:
        sys.exit(f"interval.py: eval_results.json has no {options.metric}, only {', '.join(sorted(figures))}")
    for entry in (scratch / "run" / f"checkpoint-{done + steps}").iterdir():
        entry.rename(checkpoint_out / entry.name)
    shutil.rmtree(scratch)
    metrics = {name: value for name, value in figures.items() if isinstance(value, (int, float))}
    Path(os.environ["PBT_RESULT"]).write_text(json.dumps({"score": figures[options.metric], "metrics": metrics}))


if __name__ == "__main__":
    main()
