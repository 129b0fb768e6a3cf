#!/usr/bin/env python3
"""Runs rl_games for one interval of pbt: interval.py isaacgymenvs|isaaclab -- python /path/to/train.py [argument …]

Adds the arguments that say where to go on and how long, runs the program in a directory of its own, copies the checkpoint of the last
epoch to where pbt wants it, and reports the mean reward that rl_games writes into that checkpoint's name. README.md beside this file
says why each is needed.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import List, Optional, Tuple

# last_Ant_ep_500_rew_5981.31.pth, last_Ant_ep_500_rew__5981.31_.pth, and last_Antep=500rew[5981.31].pth of old versions.
LAST = re.compile(r"ep[_=](\d+)_?rew[_=\[]*(-?(?:\d+\.?\d*(?:e[-+]?\d+)?|inf|nan))")


def more_arguments(dialect: str, checkpoint: Optional[Path], epochs: int) -> List[str]:
    """The arguments of this interval, in the words of the two programs."""
    if dialect == "isaacgymenvs":
        return [f"max_iterations={epochs}", *([f"checkpoint={checkpoint}"] if checkpoint else [])]
    return ["--max_iterations", str(epochs), *(["--checkpoint", str(checkpoint)] if checkpoint else [])]


def last_checkpoint(scratch: Path) -> Tuple[Path, int, float]:
    """The checkpoint of the last epoch, that epoch, and the mean reward of the episodes that ended last."""
    found = [(int(match[1]), float(match[2]), path) for path in scratch.glob("**/nn/last_*.pth") for match in [LAST.search(path.name)] if match]
    if not found:
        sys.exit(f"interval.py: no nn/last_*_ep_*_rew_*.pth below {scratch}: did the program reach its last epoch?")
    epoch, reward, path = max(found)
    return path, epoch, reward


def main() -> None:
    if len(sys.argv) < 4 or sys.argv[1] not in ("isaacgymenvs", "isaaclab") or sys.argv[2] != "--":
        sys.exit(__doc__)

    checkpoint_in, checkpoint_out = os.environ["PBT_CHECKPOINT_IN"], Path(os.environ["PBT_CHECKPOINT_OUT"])
    done = int((Path(checkpoint_in) / "epoch").read_text()) if checkpoint_in else 0
    scratch = checkpoint_out / "scratch"
    scratch.mkdir()
    last = Path(checkpoint_in) / "model.pth" if checkpoint_in else None
    command = [*sys.argv[3:], *more_arguments(sys.argv[1], last, done + int(os.environ["PBT_STEPS"]))]
    code = subprocess.run(command, cwd=scratch, check=False).returncode
    if code:
        sys.exit(code if code > 0 else 128 - code)

    path, epoch, reward = last_checkpoint(scratch)
    path.rename(checkpoint_out / "model.pth")
    (checkpoint_out / "epoch").write_text(str(epoch))
    shutil.rmtree(scratch)
    Path(os.environ["PBT_RESULT"]).write_text(json.dumps({"score": reward, "steps": epoch - done}))


if __name__ == "__main__":
    main()
