"""Lists the tests, or runs them, as JSON lines: `python3 -m tests.report [--list]`. Others count them by it."""

import json
import sys
import unittest
from pathlib import Path
from typing import Any, Iterator

HERE = Path(__file__).resolve().parent


def tests(suite: unittest.TestSuite) -> Iterator[unittest.TestCase]:
    """The single tests of a suite."""
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from tests(test)
        else:
            yield test


def reason_to_skip(test: unittest.TestCase) -> Any:
    """Why a test is skipped; None where it is run."""
    method = getattr(test, test.id().rsplit(".", 1)[-1], None)
    for place in (method, type(test)):
        if getattr(place, "__unittest_skip__", False):
            return getattr(place, "__unittest_skip_why__", "")
    return None


def say(test: unittest.TestCase, outcome: str, text: str = "") -> None:
    """Prints a line."""
    print(json.dumps({"test": test.id(), "outcome": outcome, "text": text}), flush=True)


class Report(unittest.TestResult):
    """Prints what becomes of each test."""

    def addSuccess(self, test: unittest.TestCase) -> None:
        super().addSuccess(test)
        say(test, "passed")

    def addFailure(self, test: unittest.TestCase, err: Any) -> None:
        super().addFailure(test, err)
        say(test, "failed", self.failures[-1][1])

    def addError(self, test: unittest.TestCase, err: Any) -> None:
        super().addError(test, err)
        say(test, "failed", self.errors[-1][1])

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        super().addSkip(test, reason)
        say(test, "skipped", reason)


def main() -> None:
    suite = unittest.defaultTestLoader.discover(str(HERE), top_level_dir=str(HERE.parent))
    if "--list" in sys.argv:
        for test in tests(suite):
            reason = reason_to_skip(test)
            say(test, "listed" if reason is None else "skipped", reason or "")
    else:
        suite.run(Report())


if __name__ == "__main__":
    main()
