"""One interval, as the command protocol's variables say."""

from typing import Any, Dict, List, Mapping, Optional

from . import _environment, _messages
from ._errors import IntervalFailed
from ._messages import Result, Start
from ._numbers import Number
from ._progress_file import ProgressFile
from ._source import Source


class CommandSource(Source):
    """Gives the one interval that PBT_CHECKPOINT_IN, PBT_CHECKPOINT_OUT and the others describe."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._start: Optional[Start] = _start(environment)
        self._result = environment.get("PBT_RESULT")
        metrics = environment.get("PBT_METRICS")
        self._progress = ProgressFile(metrics) if metrics else None
        self._completed = False

    def take(self) -> Optional[List[Start]]:
        start, self._start = self._start, None
        return None if start is None else [start]

    def progress(self, start: Start, step: Optional[Number], metrics: Dict[str, Any]) -> None:
        if self._progress is not None:
            self._progress.put(step, metrics)

    def complete(self, start: Start, result: Result, more: bool) -> None:
        _messages.check(result)
        line = _messages.line(result.fields())
        if self._progress is not None:
            self._progress.flush()
        if self._result:
            with open(self._result, "wb") as file:
                file.write(line)
        else:
            print(line.decode("utf-8"), end="", flush=True)
        self._completed = True

    def fail(self, start: Start, reason: str) -> None:
        raise IntervalFailed(reason)

    def release(self, start: Start, reason: str) -> None:
        """Nothing is said: the process ends without a result, by its signal."""

    def cut_short(self) -> bool:
        return not self._completed

    def close(self) -> None:
        if self._progress is not None:
            self._progress.close()

    def abandon(self) -> None:
        if self._progress is not None:
            self._progress.abandon()


def _start(environment: Mapping[str, str]) -> Start:
    return Start(
        attempt=1,
        place=0,
        member=_environment.integer(environment, "PBT_MEMBER", 0) or 0,
        interval=_environment.integer(environment, "PBT_INTERVAL", 1) or 1,
        hyperparameters=_environment.hyperparameters(environment),
        reload=True,
        checkpoint_in=environment.get("PBT_CHECKPOINT_IN") or None,
        donor=None,
        checkpoint_out=environment["PBT_CHECKPOINT_OUT"],
        steps=_environment.integer(environment, "PBT_STEPS", None),
        seconds=_environment.real(environment, "PBT_SECONDS", None),
        seed=_environment.integer(environment, "PBT_SEED", 0) or 0,
    )
