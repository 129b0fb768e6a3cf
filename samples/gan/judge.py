"""The judge: the network of the classifier sample, trained once on the same data and then only asked."""
from __future__ import annotations

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path += [str(HERE.parent), str(HERE.parent / "classifier"), str(HERE.parents[1] / "clients" / "python")]

import torch  # noqa: E402

import fashion_mnist  # noqa: E402
from inception import inception  # noqa: E402
from learner import DEFAULTS, Learner  # noqa: E402
from network import Network  # noqa: E402

SEED = 0
NETWORK = "judge.pt"
REPORT = "judge.json"


def probabilities(network: Network, images: torch.Tensor) -> torch.Tensor:
    """A row of class probabilities for each image."""
    with torch.no_grad():
        return torch.cat([network(part).softmax(1) for part in images.split(500)])


def train(folder: Path, count: int, steps: int) -> None:
    """Trains the judge on the first images of the training split; keeps it in the folder, and what it is worth beside it."""
    script = HERE / "prepare.py"
    learner = Learner(SEED)
    learner.apply({**DEFAULTS, "augmentation": 0.0})
    learner.train(fashion_mnist.load(folder, "train", count, script), steps, SEED, lambda step, loss: True)
    validation = fashion_mnist.load(folder, "validation", None, script)
    accuracy, _ = learner.evaluate(validation)
    data = inception(probabilities(learner.network, validation[0]))
    torch.save(learner.network.state_dict(), folder / NETWORK)
    report = {"accuracy": accuracy, "inception_score_of_the_validation_images": data.score}
    (folder / REPORT).write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(f"The judge is right on {accuracy:.1%} of the validation images, which have an Inception score of {data.score:.3f}.")


def load(folder: Path) -> Network:
    """The judge that prepare.py left in the folder."""
    try:
        weights = torch.load(folder / NETWORK)
    except FileNotFoundError:
        raise fashion_mnist.DataError(f"{folder / NETWORK} is missing: run python3 {HERE / 'prepare.py'} first") from None
    network = Network()
    network.load_state_dict(weights)
    return network.eval()
