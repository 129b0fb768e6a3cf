"""Intervals of a run without pbt: one member, one after the other, with checkpoints in a directory."""

import json
import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional

from . import _command, _messages
from ._errors import IntervalFailed, MisuseError
from ._messages import Result, Start
from ._numbers import Number
from ._outbox import Outbox
from ._source import Source

_RESULTS = "results.jsonl"
_PROGRESS = "progress.jsonl"
_SEEDS = 2**31 - 1


class PlainSource(Source):
    """Gives intervals one after the other; each checkpoint that is complete is in results.jsonl, and a later run goes on after the last."""

    def __init__(
        self, environment: Mapping[str, str], directory: Path, intervals: int, steps: Optional[int], seconds: Optional[float], seed: int
    ) -> None:
        self._directory = directory
        self._intervals = intervals
        self._steps = _command.integer(environment, "PBT_STEPS", steps)
        self._seconds = _command.real(environment, "PBT_SECONDS", seconds)
        self._seed = _command.integer(environment, "PBT_SEED", seed) or 0
        self._hyperparameters = _command.hyperparameters(environment.get("PBT_HYPERPARAMETERS"))
        directory.mkdir(parents=True, exist_ok=True)
        self._done = _read(directory)
        self._file = os.open(directory / _PROGRESS, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o666)
        self._outbox: Optional[Outbox] = Outbox(self._append)
        self._shown = time.monotonic()
        self._reload = True
        self._cut = False
        if self._done:
            _note(f"goes on after {directory / self._done[-1]['checkpoint']}; delete {directory} to begin again")

    def take(self) -> Optional[List[Start]]:
        if self._cut:
            return None
        last = self._done[-1] if self._done else None
        interval, taken = 1, 0
        if last is not None:
            unfinished = last.get("of") is not None
            interval = last["interval"] if unfinished else last["interval"] + 1
            taken = last["taken"] if unfinished else 0
        if interval > self._intervals:
            if self._reload:
                _note(f"{self._directory} has all {self._intervals} intervals of this run already; nothing is left to do")
            return None
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
            steps=None if self._steps is None else max(0, self._steps - taken),
            seconds=self._seconds,
            seed=(self._seed + len(self._done)) % _SEEDS,
        )
        self._reload = False
        return [start]

    def progress(self, start: Start, step: Optional[Number], metrics: Dict[str, Any]) -> None:
        if self._outbox is not None:
            line = _messages.plain_progress(step, {"interval": start.interval, **metrics})
            self._outbox.put(line)
            now = time.monotonic()
            if now - self._shown >= 1:
                self._shown = now
                print(line.decode("ascii"), end="", file=sys.stderr, flush=True)

    def complete(self, start: Start, result: Result, more: bool) -> None:
        _messages.check(result)
        out = Path(start.checkpoint_out)
        if not any(out.iterdir()):
            raise MisuseError(f"interval {start.interval} was completed without a checkpoint in {out}")
        before = self._done[-1]["taken"] if self._done and self._done[-1].get("of") is not None else 0
        steps = start.steps if result.steps is None else result.steps
        record: Dict[str, Any] = {"interval": start.interval, **result.fields()}
        name = f"i{start.interval:06}"
        if steps is not None:
            record["steps"] = steps
        if self._cut and steps is not None and start.steps is not None and steps < start.steps:
            record["taken"] = before + steps
            record["of"] = self._steps
            name += f"-{before + steps}"
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
        shutil.rmtree(start.checkpoint_out, ignore_errors=True)

    def wake(self) -> None:
        self._cut = True

    def close(self) -> None:
        if self._outbox is not None:
            self._outbox.close()
            self._outbox = None
            os.close(self._file)

    def abandon(self) -> None:
        self._outbox = None

    def _append(self, data: bytes) -> None:
        while data:
            data = data[os.write(self._file, data) :]


def _read(directory: Path) -> List[Dict[str, Any]]:
    """The intervals that are complete: up to the first whose line or checkpoint is not whole."""
    done: List[Dict[str, Any]] = []
    try:
        text = (directory / _RESULTS).read_text(encoding="utf-8")
    except FileNotFoundError:
        return done
    for line in text.splitlines():
        try:
            record = json.loads(line)
            done.append(record)
            record["checkpoint"], record["interval"]
        except (ValueError, KeyError, TypeError):
            raise MisuseError(f"{directory / _RESULTS} has a line that is not as this package writes it: {line[:100]!r}; mend it or delete {directory}") from None
    if done and not (directory / done[-1]["checkpoint"]).is_dir():
        raise MisuseError(f"{directory / done[-1]['checkpoint']}, from which the run would go on, is not there; delete {directory} to begin again")
    return done


def _note(text: str) -> None:
    print(f"pbt_client: {text}", file=sys.stderr, flush=True)
