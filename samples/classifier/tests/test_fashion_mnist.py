"""How the idx files become arrays."""
from __future__ import annotations

import gzip
import struct
import sys
import tempfile
import unittest
from pathlib import Path

import numpy

sys.path.append(str(Path(__file__).resolve().parents[2]))

import fashion_mnist  # noqa: E402


class FashionMnistTests(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)

    def write(self, content: bytes) -> Path:
        path = self.folder / "file.gz"
        path.write_bytes(gzip.compress(content))
        return path

    def test_an_idx_file_has_the_shape_that_its_head_says(self) -> None:
        values = fashion_mnist.read_idx(self.write(b"\0\0\x08\x03" + struct.pack(">3I", 2, 1, 3) + bytes([1, 2, 3, 4, 5, 6])))

        numpy.testing.assert_array_equal(values, [[[1, 2, 3]], [[4, 5, 6]]])

    def test_a_missing_file_names_the_package_to_install(self) -> None:
        with self.assertRaisesRegex(fashion_mnist.DataError, "apt-get install dataset-fashion-mnist"):
            fashion_mnist.read_idx(self.folder / "train-images-idx3-ubyte.gz")

    def test_a_damaged_file_is_an_error_that_names_it(self) -> None:
        heads = {"no idx file": b"\0\0\x09\x01\0\0\0\x01a", "no idx": b"\0\0\x08\x03\0", "has 1 values": b"\0\0\x08\x01\0\0\0\x02a"}
        for problem, content in heads.items():
            with self.subTest(problem), self.assertRaisesRegex(fashion_mnist.DataError, f"file.gz.*{problem}"):
                fashion_mnist.read_idx(self.write(content))
        (self.folder / "file.gz").write_bytes(b"not gzipped")
        with self.assertRaisesRegex(fashion_mnist.DataError, "file.gz cannot be read"):
            fashion_mnist.read_idx(self.folder / "file.gz")

    def test_pixels_become_numbers_from_minus_one_to_one(self) -> None:
        numpy.save(self.folder / "train-images.npy", numpy.array([[[0, 255]], [[255, 0]]], numpy.uint8))
        numpy.save(self.folder / "train-labels.npy", numpy.array([3, 9], numpy.uint8))

        images, labels = fashion_mnist.load(self.folder, "train", None, Path("prepare.py"))

        self.assertEqual(images.tolist(), [[[[-1, 1]]], [[[1, -1]]]])
        self.assertEqual(labels.tolist(), [3, 9])

    def test_a_split_that_is_too_small_or_not_there_is_an_error_that_says_what_to_do(self) -> None:
        with self.assertRaisesRegex(fashion_mnist.DataError, "run python3 prepare.py first"):
            fashion_mnist.load(self.folder, "train", None, Path("prepare.py"))
        numpy.save(self.folder / "train-images.npy", numpy.zeros((2, 1, 1), numpy.uint8))
        numpy.save(self.folder / "train-labels.npy", numpy.zeros(2, numpy.uint8))
        with self.assertRaisesRegex(fashion_mnist.DataError, "the split train has 2 images, not 3"):
            fashion_mnist.load(self.folder, "train", 3, Path("prepare.py"))


if __name__ == "__main__":
    unittest.main()
