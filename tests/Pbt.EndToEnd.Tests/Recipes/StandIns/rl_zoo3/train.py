"""Stands in for rl_zoo3.train: the same arguments, the same files, no training.

Its "agent" is the sum of the learning rates of its runs, which is its reward too.
"""

import argparse
from pathlib import Path

parser = argparse.ArgumentParser()
parser.add_argument("--algo")
parser.add_argument("--env")
parser.add_argument("-i", "--trained-agent", default="")
parser.add_argument("-n", "--n-timesteps", type=int)
parser.add_argument("--eval-freq", type=int)
parser.add_argument("--eval-episodes", type=int)
parser.add_argument("--seed", type=int)
parser.add_argument("-f", "--log-folder")
parser.add_argument("-params", "--hyperparams", nargs="+")
args = parser.parse_args()

if args.trained_agent != "":
    assert args.trained_agent.endswith(".zip") and Path(args.trained_agent).is_file()
total = float(dict(pair.split(":") for pair in args.hyperparams)["learning_rate"])
total += float(Path(args.trained_agent).read_text()) if args.trained_agent else 0
folder = Path(args.log_folder, args.algo)
folder.mkdir(parents=True, exist_ok=True)
run = folder / f"{args.env}_{len(list(folder.iterdir())) + 1}"
(run / args.env).mkdir(parents=True)
print(f"Eval num_timesteps={args.eval_freq}, episode_reward={total:.6f} +/- 0.00")
(run / f"{args.env}.zip").write_text(str(total))
