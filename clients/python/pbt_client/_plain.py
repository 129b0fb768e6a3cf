"""Intervals of a run without pbt: one member, one after the other, with checkpoints in a directory."""

import fcntl
import json
import shutil
import sys
import time
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional

from . import _environment, _messages
from ._errors import IntervalFailed, MisuseError
from ._messages import Result, Start
from ._numbers import Number
from ._progress_file import ProgressFile
from ._source import Source

_RESULTS = "results.jsonl"
_PROGRESS = "progress.jsonl"
_SEEDS = 2**31 - 1
_SHOW_SECONDS = 1.0


class PlainSource(Source):
    """Gives intervals one after the other. Each that is complete is a line of results.jsonl, and a later run goes on after the last.

    A line with `of` is of an interval that SIGTERM has made end early: `taken` of its `of` steps are done.
    """

    def __init__(
        self, environment: Mapping[str, str], directory: Path, intervals: int, steps: Optional[int], seconds: Optional[float], seed: int
    ) -> None:
        self._directory = directory
        self._intervals = intervals
        self._steps = _environment.integer(environment, "PBT_STEPS", steps)
        self._seconds = _environment.real(environment, "PBT_SECONDS", seconds)
        self._seed = _environment.integer(environment, "PBT_SEED", seed) or 0
        self._hyperparameters = _environment.hyperparameters(environment)
        directory.mkdir(parents=True, exist_ok=True)
        self._progress = ProgressFile(directory / _PROGRESS)
        try:
            fcntl.flock(self._progress.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._progress.close()
            raise MisuseError(f"another process trains in {directory.absolute()}; wait for it, or give connect() another checkpoints=") from None
        self._done = _read(directory)
        self._shown = time.monotonic()
        self._reload = True
        self._terminated = False
        if self._done:
            _note(f"goes on after {directory / self._done[-1]['checkpoint']}; delete {directory} to begin again")
            if self._next() > intervals:
                _note(f"all {intervals} intervals of this run are done: ask for more with intervals=")

    def take(self) -> Optional[List[Start]]:
        interval = self._next()
        if interval > self._intervals or self._terminated:
            return None
        last = self._done[-1] if self._done else None
        out = self._directory / f".i{interval:06}"
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        start = Start(
            attempt=len(self._done) + 1,
            place=0,
            member=0,
            interval=interval,
            hyperparameters=self._hyperparameters,
            reload=self._reload,
            checkpoint_in=None if last is None else str(self._directory / last["checkpoint"]),
            donor=None if last is None else (0, last["interval"]),
            checkpoint_out=str(out),
            steps=None if self._steps is None else self._steps - self._taken(),
            seconds=self._seconds,
            seed=(self._seed + len(self._done)) % _SEEDS,
        )
        self._reload = False
        return [start]

    def progress(self, start: Start, step: Optional[Number], metrics: Dict[str, Any]) -> None:
        report = self._progress.put(step, {"interval": start.interval, **metrics})
        now = time.monotonic()
        if now - self._shown >= _SHOW_SECONDS:
            self._shown = now
            print(json.dumps(report), file=sys.stderr, flush=True)

    def complete(self, start: Start, result: Result, more: bool) -> None:
        _messages.check(result)
        out = Path(start.checkpoint_out)
        if not any(out.iterdir()):
            raise MisuseError(f"interval {start.interval} was completed without a checkpoint in {out}")
        steps = start.steps if result.steps is None else result.steps
        record: Dict[str, Any] = {"interval": start.interval, **result.fields()}
        name = f"i{start.interval:06}"
        if steps is not None:
            record["steps"] = steps
            if self._terminated and start.steps is not None and steps < start.steps:
                record["taken"] = self._taken() + steps
                record["of"] = self._steps
                name += f"-{record['taken']}"
        record["checkpoint"] = name
        target = self._directory / name
        shutil.rmtree(target, ignore_errors=True)
        out.rename(target)
        line = json.dumps(record) + "\n"
        with open(self._directory / _RESULTS, "a", encoding="utf-8") as results:
            results.write(line)
        self._done.append(record)
        print(line, end="", flush=True)

    def fail(self, start: Start, reason: str) -> None:
        raise IntervalFailed(reason)

    def release(self, start: Start, reason: str) -> None:
        # What is in memory is the middle of the interval; should it begin again, it is from its checkpoint.
        self._reload = True
        shutil.rmtree(start.checkpoint_out, ignore_errors=True)

    def cut_short(self) -> bool:
        return self._next() <= self._intervals

    def wake(self) -> None:
        self._terminated = True

    def close(self) -> None:
        self._progress.close()

    def abandon(self) -> None:
        self._progress.abandon()

    def _next(self) -> int:
        """The interval that is to be trained next."""
        if not self._done:
            return 1
        last: int = self._done[-1]["interval"]
        return last if self._taken() > 0 else last + 1

    def _taken(self) -> int:
        """How many steps of the next interval are done, where it was ended early."""
        if not self._done or self._steps is None or "of" not in self._done[-1]:
            return 0
        taken: int = self._done[-1]["taken"]
        return taken if taken < self._steps else 0


def _read(directory: Path) -> List[Dict[str, Any]]:
    """What results.jsonl says is done."""
    done: List[Dict[str, Any]] = []
    path = directory / _RESULTS
    if not path.exists():
        return done
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            record = json.loads(line)
            if not isinstance(record["interval"], int) or not isinstance(record["checkpoint"], str) or not isinstance(record.get("taken", 0), int):
                raise ValueError
        except (ValueError, KeyError, TypeError):
            raise MisuseError(f"{path} has a line that this package did not write: {line[:100]!r}; take it away, or delete {directory}") from None
        done.append(record)
    if done and not (directory / done[-1]["checkpoint"]).is_dir():
        raise MisuseError(f"{directory / done[-1]['checkpoint']}, from which the run would go on, is not there; delete {directory} to begin again")
    return done


def _note(text: str) -> None:
    print(f"pbt_client: {text}", file=sys.stderr, flush=True)
