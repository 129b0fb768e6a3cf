"""Fashion-MNIST from Debian's package, for the samples that train on it.

The training set of 60,000 images is split in two: the first 50,000 to train on, and 10,000 held out to score by. The
10,000 test images stay out of every study.
"""
from __future__ import annotations

import argparse
import gzip
import struct
from pathlib import Path
from typing import Optional, Tuple

import numpy
import torch

PACKAGE = "dataset-fashion-mnist"
SOURCE = Path("/usr/share/datasets/fashion-mnist")
CLASSES = 10
SIDE = 28
SPLITS = {"train": ("train", 0, 50_000), "validation": ("train", 50_000, 60_000), "test": ("t10k", 0, 10_000)}


class DataError(Exception):
    """Data that is missing or damaged; the message says how to mend it."""


def read_idx(path: Path) -> numpy.ndarray:
    """Reads a gzipped file of unsigned bytes in the idx format: 00 00 08, the number of dimensions, each size, the bytes."""
    try:
        with gzip.open(path, "rb") as file:
            content = file.read()
    except FileNotFoundError:
        raise DataError(f"{path} is missing: install Debian's package {PACKAGE} (apt-get install {PACKAGE})") from None
    except (OSError, EOFError) as error:
        raise DataError(f"{path} cannot be read ({error}): install Debian's package {PACKAGE} again") from None
    if len(content) < 4 or content[:3] != b"\0\0\x08" or len(content) < 4 + 4 * content[3]:
        raise DataError(f"{path} is no idx file of bytes: install Debian's package {PACKAGE} again")
    sizes = struct.unpack_from(f">{content[3]}I", content, 4)
    values = numpy.frombuffer(content, numpy.uint8, offset=4 + 4 * content[3])
    if values.size != int(numpy.prod(sizes)):
        raise DataError(f"{path} has {values.size} values where its head says {sizes}: install Debian's package {PACKAGE} again")
    return values.reshape(sizes)


def prepare(source: Path, folder: Path) -> None:
    """Writes the images and labels of each split into a folder, as arrays of bytes that can be read in part."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        name: (read_idx(source / f"{name}-images-idx3-ubyte.gz"), read_idx(source / f"{name}-labels-idx1-ubyte.gz"))
        for name in ("train", "t10k")
    }
    for split, (name, first, end) in SPLITS.items():
        for kind, values in zip(("images", "labels"), files[name]):
            numpy.save(folder / f"{split}-{kind}.npy", values[first:end])


def load(folder: Path, split: str, count: Optional[int], script: Path) -> Tuple[torch.Tensor, torch.Tensor]:
    """The first images of a split, as floats from -1 to 1 of shape (count, 1, 28, 28), and their labels.

    count: None is all. script: the program that prepares the folder, for the message when it has not been run.
    """
    try:
        images = numpy.load(folder / f"{split}-images.npy", mmap_mode="r")[:count]
        labels = numpy.load(folder / f"{split}-labels.npy", mmap_mode="r")[:count]
    except FileNotFoundError as error:
        raise DataError(f"{error.filename} is missing: run python3 {script} first") from None
    if count is not None and len(images) < count:
        raise DataError(f"the split {split} has {len(images)} images, not {count}")
    return (
        torch.from_numpy(images.astype(numpy.float32)).div_(127.5).sub_(1).unsqueeze_(1),
        torch.from_numpy(labels.astype(numpy.int64)),
    )


def preparation_arguments(description: str, folder: Path) -> argparse.ArgumentParser:
    """The arguments that the samples' prepare.py have in common."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--source", type=Path, default=SOURCE, help="where the package keeps its files (default: %(default)s)")
    parser.add_argument("--data", type=Path, default=folder, help="the folder to write to (default: %(default)s)")
    return parser
