"""A generator and a discriminator, their optimizers, and how they train against each other (Goodfellow et al. 2014)."""
from __future__ import annotations

from pathlib import Path
from typing import Callable, Dict

import pbt_client.torch
import torch
from torch import nn
from torch.nn.functional import softplus

BATCH = 32
LATENT = 32
BETAS = (0.5, 0.99)
DEFAULTS = {"generator_learning_rate": 1e-3, "discriminator_learning_rate": 1e-3}


def new_generator() -> nn.Module:
    """From noise to images: each PixelShuffle turns four channels into twice the height and width."""
    return nn.Sequential(
        nn.Linear(LATENT, 32 * 7 * 7),
        nn.BatchNorm1d(32 * 7 * 7),
        nn.ReLU(),
        nn.Unflatten(1, (32, 7, 7)),
        nn.Conv2d(32, 64, 3, padding=1),
        nn.PixelShuffle(2),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.Conv2d(16, 4, 3, padding=1),
        nn.PixelShuffle(2),
        nn.Tanh(),
    )


def new_discriminator() -> nn.Module:
    """From images to one number, which is high for real ones."""
    return nn.Sequential(
        nn.Conv2d(1, 16, 5, stride=2, padding=2),
        nn.LeakyReLU(0.2),
        nn.Conv2d(16, 32, 3, stride=2, padding=1),
        nn.LeakyReLU(0.2),
        nn.Flatten(),
        nn.Linear(32 * 7 * 7, 1),
    )


class Adversaries:
    """Both networks with their optimizers."""

    def __init__(self, seed: int) -> None:
        torch.manual_seed(seed)
        self.generator = new_generator()
        self.discriminator = new_discriminator()
        self.generator_optimizer = torch.optim.Adam(self.generator.parameters(), betas=BETAS)
        self.discriminator_optimizer = torch.optim.Adam(self.discriminator.parameters(), betas=BETAS)

    def load(self, folder: Path) -> None:
        pbt_client.torch.load(folder, **self._parts())

    def save(self, folder: Path) -> None:
        pbt_client.torch.save(folder, **self._parts())

    def apply(self, hyperparameters: Dict[str, float]) -> None:
        """Sets the learning rates; after load, since the optimizers' states bring those of the donor."""
        pbt_client.torch.apply_to_optimizer(self.generator_optimizer, lr=hyperparameters["generator_learning_rate"])
        pbt_client.torch.apply_to_optimizer(self.discriminator_optimizer, lr=hyperparameters["discriminator_learning_rate"])

    def train(self, images: torch.Tensor, steps: int, seed: int, report: Callable[[int, float, float], bool]) -> None:
        """Takes a step of each network in turn on batches that are drawn by the seed, until report says that it is enough.

        The generator's loss is the one that does not saturate: -log D(G(z)).
        """
        torch.manual_seed(seed)
        self.generator.train()
        for step in range(1, steps + 1):
            real = images[torch.randint(len(images), (BATCH,))]
            generated = self.generator(torch.randn(BATCH, LATENT))

            discriminator_loss = (
                softplus(-self.discriminator(real)).mean() + softplus(self.discriminator(generated.detach())).mean()
            )
            self.discriminator_optimizer.zero_grad()
            discriminator_loss.backward()
            self.discriminator_optimizer.step()

            generator_loss = softplus(-self.discriminator(generated)).mean()
            self.generator_optimizer.zero_grad()
            generator_loss.backward()
            self.generator_optimizer.step()
            if not report(step, generator_loss.item(), discriminator_loss.item()):
                break

    def generate(self, count: int) -> torch.Tensor:
        """New images, of shape (count, 1, 28, 28)."""
        self.generator.eval()
        with torch.no_grad():
            return torch.cat([self.generator(part) for part in torch.randn(count, LATENT).split(500)])

    def _parts(self) -> Dict[str, object]:
        return {
            "generator": self.generator,
            "discriminator": self.discriminator,
            "generator_optimizer": self.generator_optimizer,
            "discriminator_optimizer": self.discriminator_optimizer,
        }
