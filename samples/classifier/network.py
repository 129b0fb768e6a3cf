"""The network, and what is done to the images it learns from."""
from __future__ import annotations

import torch
from torch import nn

MOST_SHIFT = 4
MOST_NOISE = 0.4


class Network(nn.Module):
    """Two convolutions and two dense layers; about 106,000 weights."""

    def __init__(self) -> None:
        super().__init__()
        self.dropout = nn.Dropout()
        self.layers = nn.Sequential(
            nn.Conv2d(1, 16, 5, stride=2, padding=2),
            nn.ReLU(),
            nn.Conv2d(16, 32, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Flatten(),
            self.dropout,
            nn.Linear(32 * 7 * 7, 64),
            nn.ReLU(),
            self.dropout,
            nn.Linear(64, 10),
        )

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.layers(images)


def augment(images: torch.Tensor, strength: float) -> torch.Tensor:
    """Mirrors, shifts and adds noise to each image by a draw of its own.

    strength: 0 changes nothing; at 1 half of the images are mirrored, all are shifted by up to 4 pixels each way, and
    noise with a deviation of 0.4 is added (a pixel is between -1 and 1).
    """
    if strength <= 0:
        return images
    count, _, height, width = images.shape
    shifts = (torch.rand(2, count, 1) * 2 - 1).mul_(MOST_SHIFT * strength).round_().long()
    rows = torch.arange(height) + shifts[0]
    columns = torch.arange(width) + shifts[1]
    mirrored = torch.rand(count) < strength / 2
    columns[mirrored] = columns[mirrored].flip(1)
    # What comes into view is the edge repeated: the background there.
    rows.clamp_(0, height - 1)
    columns.clamp_(0, width - 1)
    moved = images[torch.arange(count)[:, None, None], 0, rows[:, :, None], columns[:, None, :]].unsqueeze(1)
    return moved + torch.randn_like(moved) * (MOST_NOISE * strength)
