"""What counts as a number."""

import decimal
import fractions
import importlib.util
import math
import unittest
from typing import Any

from pbt_client._lines import Lines
from pbt_client._messages import encode
from pbt_client._numbers import named, number, numbers


class Scalar:
    """As NumPy's and PyTorch's."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def item(self) -> Any:
        return self.value


class Numbers(unittest.TestCase):
    def test_numbers_of_python_pass(self) -> None:
        for value in (0, -3, 1.5, 2**62, math.inf):
            self.assertIs(value, number(value, "x"))
        self.assertTrue(math.isnan(number(math.nan, "x")))
        self.assertEqual((1, 0), (number(True, "x"), number(False, "x")))

    def test_whatever_is_like_a_number_is_converted(self) -> None:
        self.assertEqual((0.5, 3, 1), (number(Scalar(0.5), "x"), number(Scalar(3), "x"), number(Scalar(True), "x")))
        self.assertEqual((0.25, 1.5), (number(fractions.Fraction(1, 4), "x"), number(decimal.Decimal("1.5"), "x")))

    @unittest.skipUnless(importlib.util.find_spec("numpy"), "NumPy is not installed")
    def test_numbers_of_numpy_are_converted(self) -> None:
        import numpy

        self.assertEqual("0.5 3 1 2.0", " ".join(str(number(value, "x")) for value in (numpy.float32(0.5), numpy.int64(3), numpy.bool_(True), numpy.array([2.0]))))
        self.assertEqual([1.0, 2.0], numbers(numpy.array([1.0, 2.0]), "x"))
        with self.assertRaisesRegex(TypeError, "^loss must be a number, but is array"):
            number(numpy.zeros(2), "loss")

    def test_big_integers_stay_numbers(self) -> None:
        self.assertEqual(1e30, number(10**30, "x"))
        self.assertEqual(float, type(number(2**63, "x")))
        with self.assertRaisesRegex(TypeError, "^big must be a number"):
            number(10**400, "big")

    def test_what_is_no_number_is_named(self) -> None:
        for value in ("1", None, [1], {}, 1j, object(), Scalar("1"), b"1"):
            with self.assertRaisesRegex(TypeError, "^loss must be a number, but is "):
                number(value, "loss")

    def test_lists_and_names(self) -> None:
        self.assertEqual([1, 0.5], numbers((value for value in (Scalar(1), 0.5)), "samples"))
        self.assertEqual({"a": {"b": 1}, "c": 2.0}, named({"a": {"b": Scalar(1)}, "c": 2.0}, "metrics"))
        for wrong in ("12", 5, [[1]]):
            with self.assertRaisesRegex(TypeError, "^samples"):
                numbers(wrong, "samples")  # type: ignore[arg-type]
        with self.assertRaisesRegex(TypeError, "^the names in metrics must be texts, but one is 1 of type int"):
            named({1: 2}, "metrics")  # type: ignore[dict-item]
        deep: Any = 1
        for _ in range(31):
            deep = {"a": deep}
        with self.assertRaisesRegex(TypeError, "is nested too deeply"):
            named(deep, "metrics")

    def test_lines_are_json_in_utf_8(self) -> None:
        self.assertEqual('{"a":NaN,"b":"ü\\n?"}\n'.encode(), encode({"a": math.nan, "b": "ü\n\udc80"}))


class Streams(unittest.TestCase):
    def test_lines_come_out_whatever_the_pieces(self) -> None:
        text = b"one\n\ntwo\r\nthree\nrest"
        for size in range(1, len(text) + 1):
            lines = Lines()
            found = []
            for at in range(0, len(text), size):
                found += lines.feed(text[at : at + size])
            self.assertEqual([b"one", b"", b"two\r", b"three"], found)
