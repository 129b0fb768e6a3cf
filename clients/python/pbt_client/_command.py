"""One interval, as the command protocol's variables say."""

import json
import os
from typing import Any, Dict, List, Mapping, Optional

from . import _messages
from ._errors import IntervalFailed, MisuseError
from ._messages import Result, Start
from ._numbers import Number
from ._outbox import Outbox
from ._source import Source


class CommandSource(Source):
    """Gives the one interval that PBT_CHECKPOINT_IN, PBT_CHECKPOINT_OUT and the others describe."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._given = False
        self._outbox: Optional[Outbox] = None
        self._file: Optional[int] = None
        metrics = environment.get("PBT_METRICS")
        if metrics:
            self._file = os.open(metrics, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o666)
            self._outbox = Outbox(self._append)

    def take(self) -> Optional[List[Start]]:
        if self._given:
            return None
        self._given = True
        return [_start(self._environment)]

    def progress(self, start: Start, step: Optional[Number], metrics: Dict[str, Any]) -> None:
        if self._outbox is not None:
            self._outbox.put(_messages.plain_progress(step, metrics))

    def complete(self, start: Start, result: Result, more: bool) -> None:
        _messages.check(result)
        text = json.dumps(result.fields())
        if self._outbox is not None:
            self._outbox.flush()
        path = self._environment.get("PBT_RESULT")
        if path:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text + "\n")
        else:
            print(text, flush=True)

    def fail(self, start: Start, reason: str) -> None:
        raise IntervalFailed(reason)

    def release(self, start: Start, reason: str) -> None:
        """Nothing is said: the process ends without a result, by its signal."""

    def close(self) -> None:
        if self._outbox is not None:
            self._outbox.close()
        if self._file is not None:
            os.close(self._file)
        self._outbox = self._file = None

    def abandon(self) -> None:
        self._outbox = self._file = None

    def _append(self, data: bytes) -> None:
        while data and self._file is not None:
            data = data[os.write(self._file, data) :]


def hyperparameters(path: Optional[str]) -> Dict[str, Any]:
    """What a file of hyperparameters says; nothing where there is no file."""
    if not path:
        return {}
    try:
        with open(path, encoding="utf-8") as file:
            values = json.load(file)
    except (OSError, ValueError) as error:
        raise MisuseError(f"PBT_HYPERPARAMETERS={path} cannot be read: {error}") from None
    if not isinstance(values, dict):
        raise MisuseError(f"PBT_HYPERPARAMETERS={path} has no JSON object")
    return values


def integer(environment: Mapping[str, str], name: str, default: Optional[int]) -> Optional[int]:
    """A variable that is an integer; the default where it is empty or not there."""
    text = environment.get(name)
    if not text:
        return default
    try:
        return int(text)
    except ValueError:
        raise MisuseError(f"{name}={text} is no integer") from None


def real(environment: Mapping[str, str], name: str, default: Optional[float]) -> Optional[float]:
    """A variable that is a number; the default where it is empty or not there."""
    text = environment.get(name)
    if not text:
        return default
    try:
        return float(text)
    except ValueError:
        raise MisuseError(f"{name}={text} is no number") from None


def _start(environment: Mapping[str, str]) -> Start:
    return Start(
        attempt=1,
        place=0,
        member=integer(environment, "PBT_MEMBER", 0) or 0,
        interval=integer(environment, "PBT_INTERVAL", 1) or 1,
        hyperparameters=hyperparameters(environment.get("PBT_HYPERPARAMETERS")),
        reload=True,
        checkpoint_in=environment.get("PBT_CHECKPOINT_IN") or None,
        donor=None,
        checkpoint_out=environment["PBT_CHECKPOINT_OUT"],
        steps=integer(environment, "PBT_STEPS", None),
        seconds=real(environment, "PBT_SECONDS", None),
        seed=integer(environment, "PBT_SEED", 0) or 0,
    )
