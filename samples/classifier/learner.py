"""A network, its optimizer, and how they train."""
from __future__ import annotations

from pathlib import Path
from typing import Callable, Dict, Tuple

import pbt_client.torch
import torch
from torch.nn import functional

from network import Network, augment

BATCH = 64
DEFAULTS = {"learning_rate": 0.01, "momentum": 0.9, "weight_decay": 1e-4, "dropout": 0.2, "augmentation": 0.2}

Data = Tuple[torch.Tensor, torch.Tensor]


class Learner:
    """A network, its optimizer, and how they train."""

    def __init__(self, seed: int) -> None:
        torch.manual_seed(seed)
        self.network = Network()
        # Momentum above 0 from the start, so that its buffers exist; all three are set before each interval.
        self.optimizer = torch.optim.SGD(self.network.parameters(), lr=DEFAULTS["learning_rate"], momentum=DEFAULTS["momentum"])
        self.augmentation = 0.0

    def load(self, folder: Path) -> None:
        pbt_client.torch.load(folder, network=self.network, optimizer=self.optimizer)

    def save(self, folder: Path) -> None:
        pbt_client.torch.save(folder, network=self.network, optimizer=self.optimizer)

    def apply(self, hyperparameters: Dict[str, float]) -> None:
        """Sets the hyperparameters; after load, since the optimizer's state brings those of the donor."""
        pbt_client.torch.apply_to_optimizer(
            self.optimizer,
            lr=hyperparameters["learning_rate"],
            momentum=hyperparameters["momentum"],
            weight_decay=hyperparameters["weight_decay"],
        )
        self.network.dropout.p = hyperparameters["dropout"]
        self.augmentation = hyperparameters["augmentation"]

    def train(self, data: Data, steps: int, seed: int, report: Callable[[int, float], bool]) -> None:
        """Takes steps of gradient descent on batches that are drawn by the seed, until report says that it is enough."""
        images, labels = data
        torch.manual_seed(seed)
        self.network.train()
        for step in range(1, steps + 1):
            batch = torch.randint(len(images), (BATCH,))
            loss = functional.cross_entropy(self.network(augment(images[batch], self.augmentation)), labels[batch])
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            if not report(step, loss.item()):
                break

    def evaluate(self, data: Data) -> Tuple[float, float]:
        """The accuracy and the mean loss."""
        images, labels = data
        self.network.eval()
        with torch.no_grad():
            outputs = torch.cat([self.network(part) for part in images.split(500)])
        return (outputs.argmax(1) == labels).double().mean().item(), functional.cross_entropy(outputs, labels).item()
