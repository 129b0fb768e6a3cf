"""Stands in for IsaacGymEnvs' and Isaac Lab's train.py: the same arguments, the same files, no training.

Its "weights" are the sum of the learning rates of its epochs, which is its reward too.
"""

import json
import sys
from pathlib import Path

words = sys.argv[1:]
given = dict(word.split("=", 1) for word in words if "=" in word)
for flag, value in zip(words, words[1:]):
    if flag in ("--max_iterations", "--checkpoint"):
        given[flag[2:]] = value

folder = Path("logs/rl_games/ant/2026-11-21/nn" if "--headless" in words else "runs/Ant/nn")
section = "agent" if "--headless" in words else "train"
state = json.loads(Path(given["checkpoint"]).read_text()) if "checkpoint" in given else {"epoch": 0, "sum": 0.0}
folder.mkdir(parents=True)
last = int(given["max_iterations"])
for epoch in range(state["epoch"] + 1, last + 1):
    state = {"epoch": epoch, "sum": state["sum"] + float(given[f"{section}.params.config.learning_rate"])}
    if epoch % 2 == 0 or epoch == last:
        (folder / f"last_Ant_ep_{epoch}_rew__{state['sum']}_.pth").write_text(json.dumps(state))
(folder / "Ant.pth").write_text(json.dumps({"epoch": 0, "sum": -1}))
