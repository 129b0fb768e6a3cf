"""Says how well the network in a checkpoint does on the test images, which no study has seen."""
from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import List, Optional

HERE = Path(__file__).resolve().parent
sys.path += [str(HERE.parent), str(HERE.parents[1] / "clients" / "python")]

import pbt_client  # noqa: E402

import fashion_mnist  # noqa: E402
from learner import Learner  # noqa: E402


def main(arguments: Optional[List[str]] = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path, help="the directory of a checkpoint, as pbt best names it")
    parser.add_argument("--data", type=Path, default=HERE / "data", help="what prepare.py wrote (default: %(default)s)")
    options = parser.parse_args(arguments)
    learner = Learner(seed=0)
    try:
        learner.load(options.checkpoint)
        accuracy, _ = learner.evaluate(fashion_mnist.load(options.data, "test", None, HERE / "prepare.py"))
    except (fashion_mnist.DataError, pbt_client.PbtError) as error:
        sys.exit(f"evaluate.py: {error}")
    print(f"{accuracy:.4f}")


if __name__ == "__main__":
    main()
