#!/usr/bin/env python3
"""Trains a small network to tell two spirals apart: an ordinary PyTorch script that knows nothing of pbt."""

import argparse
import math
from typing import Tuple

import torch
from torch import nn


def spirals(points: int, seed: int) -> Tuple[torch.Tensor, torch.Tensor]:
    """Points on two arms, with noise, and the arm of each."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.randint(0, 2, (points,), generator=generator)
    turn = torch.rand(points, generator=generator).sqrt() * 2 * math.pi
    angle = turn + labels * math.pi
    place = torch.stack([turn * angle.cos(), turn * angle.sin()], dim=1) / 3
    return place + 0.1 * torch.randn(points, 2, generator=generator), labels


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lr", type=float, default=0.1)
    parser.add_argument("--momentum", type=float, default=0.9)
    parser.add_argument("--weight-decay", type=float, default=1e-4)
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--epochs", type=int, default=30, help="epochs in all, with those before --resume")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--resume", metavar="FILE", help="a checkpoint.pt to go on from")
    args = parser.parse_args()

    torch.manual_seed(args.seed)
    inputs, labels = spirals(2000, seed=1)
    test_inputs, test_labels = spirals(1000, seed=2)
    model = nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 2))
    optimizer = torch.optim.SGD(model.parameters(), lr=args.lr, momentum=args.momentum, weight_decay=args.weight_decay)
    first = 0
    if args.resume:
        state = torch.load(args.resume, map_location="cpu")
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        first = state["epoch"]

    for epoch in range(first, args.epochs):
        order = torch.randperm(len(inputs))
        for start in range(0, len(inputs), args.batch_size):
            batch = order[start : start + args.batch_size]
            loss = nn.functional.cross_entropy(model(inputs[batch]), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

        with torch.no_grad():
            accuracy = (model(test_inputs).argmax(dim=1) == test_labels).float().mean().item()
        group = optimizer.param_groups[0]
        print(f"epoch {epoch + 1}: lr {group['lr']:.6g}, loss {loss.item():.4f}, accuracy {100 * accuracy:.2f} %", flush=True)
        torch.save({"epoch": epoch + 1, "model": model.state_dict(), "optimizer": optimizer.state_dict()}, "checkpoint.pt")


if __name__ == "__main__":
    main()
