"""An interval that the script trains."""

import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Dict, Iterable, List, Mapping, Optional, Tuple, Type

from ._errors import MisuseError
from ._messages import Result, Start
from ._numbers import named, number, numbers

if TYPE_CHECKING:
    from ._session import Session


def _flush() -> None:
    """Writes what was printed, so that it stands in the log of this interval and not of a later one."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):
            pass  # There is none, or it is closed.


class Interval:
    """One interval of one member. It ends by `complete`, `fail` or `release`.

    As a context manager it fails, with the exception's text, when its body raises. In a session the exception is
    printed and swallowed, for pbt repeats the interval; without pbt, and under the command protocol, it passes on.
    A body that leaves the block without ending the interval, because it is `stopping`, gives it back.
    Its methods may be called from any thread, but not from a forked process.
    """

    def __init__(self, session: "Session", start: Start, hyperparameters: Dict[str, Any]) -> None:
        self._session = session
        self._start = start
        self._ended: Optional[str] = None
        self.hyperparameters: Dict[str, Any] = hyperparameters
        """All of them, by name: the script's defaults, overridden by what the study says. To be applied after the checkpoint is loaded."""
        self.checkpoint_in: Optional[Path] = None if start.checkpoint_in is None else Path(start.checkpoint_in)
        """The directory of the checkpoint that the interval starts from, also where `reload` is false; None at the beginning. Never to be written to."""
        self.checkpoint_out: Path = Path(start.checkpoint_out)
        """An empty directory for the checkpoint."""

    @property
    def member(self) -> int:
        """Whose interval it is, from 0."""
        return self._start.member

    @property
    def number(self) -> int:
        """Which of the member's intervals it is, from 1."""
        return self._start.interval

    @property
    def attempt(self) -> int:
        """Names this attempt at it within the study; without a session a count from 1."""
        return self._start.attempt

    @property
    def place(self) -> int:
        """Which of the trainer's places it takes, from 0."""
        return self._start.place

    @property
    def reload(self) -> bool:
        """Whether to load `checkpoint_in` (or to begin from scratch); if not, what this place has in memory goes on."""
        return self._start.reload

    @property
    def donor(self) -> Optional[Tuple[int, int]]:
        """The member and the interval that `checkpoint_in` comes from, where that is known."""
        return self._start.donor

    @property
    def exploited(self) -> bool:
        """Whether it starts from another member's checkpoint."""
        return self._start.donor is not None and self._start.donor[0] != self._start.member

    @property
    def steps(self) -> Optional[int]:
        """Its length in steps; None where it is measured in time."""
        return self._start.steps

    @property
    def seconds(self) -> Optional[float]:
        """Its length in seconds; None where it is measured in steps."""
        return self._start.seconds

    @property
    def seed(self) -> int:
        """The seed of all that is random in it: 0 … 2³¹ − 2."""
        return self._start.seed

    @property
    def stopping(self) -> bool:
        """Whether to leave it: SIGTERM has come, the worker stops or is lost, or it no longer wants this interval. Cheap."""
        return self._session.stopping or self._session._source.over(self._start) is not None

    @property
    def ended(self) -> bool:
        """Whether it was completed, failed or given back."""
        return self._ended is not None

    def progress(self, step: Optional[float] = None, metrics: Optional[Mapping[str, Any]] = None, **more: Any) -> None:
        """Reports how it goes: a step, and measurements by name. For looking at only; cheap, and in the order of the calls."""
        self._session._check_process()
        if self._ended is not None:
            raise self._over("progress()")
        if self._session._source.over(self._start) is not None:
            return
        values = more if metrics is None else {**metrics, **more}
        self._session._source.progress(self._start, None if step is None else number(step, "step"), named(values, "metrics"))

    def complete(
        self,
        score: Optional[float] = None,
        samples: Optional[Iterable[float]] = None,
        metrics: Optional[Mapping[str, Any]] = None,
        steps: Optional[int] = None,
    ) -> None:
        """Says that it has ended well, after the checkpoint is whole in `checkpoint_out`, which is not to be touched any more.

        `score` may be left out where `metrics` has the objective's metric or a second program evaluates; `samples` are single
        measurements behind it; `steps` is given where other than `self.steps` were taken.
        """
        self._session._check_process()
        if self._ended is not None:
            raise self._over("complete()")
        result = Result(
            score=None if score is None else number(score, "score"),
            samples=[] if samples is None else numbers(samples, "samples"),
            metrics={} if metrics is None else named(metrics, "metrics"),
            steps=None if steps is None else int(steps),
        )
        if self._session._source.over(self._start) is None:
            _flush()
            self._session._source.complete(self._start, result, self._session._others_open(self))
        self._end("completed")

    def fail(self, reason: str) -> None:
        """Says that it has failed; pbt repeats it from the same checkpoint. Without a session it raises IntervalFailed."""
        self._session._check_process()
        if self._ended is not None:
            raise self._over("fail()")
        self._end("failed")
        if self._session._source.over(self._start) is None:
            _flush()
            self._session._source.fail(self._start, str(reason))

    def release(self, reason: str = "given back by the script") -> None:
        """Gives it back: it is repeated with the same seed, here or elsewhere.

        It counts for nothing while pbt stops; otherwise as a kill does, ten times at most for one interval.
        """
        self._session._check_process()
        if self._ended is not None:
            raise self._over("release()")
        self._end("released")
        if self._session._source.over(self._start) is None:
            self._session._source.release(self._start, reason)

    def __enter__(self) -> "Interval":
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]) -> bool:
        return self._session._leave([self], error)

    def __repr__(self) -> str:
        return f"<Interval {self.number} of member {self.member}, {self._ended or 'running'}>"

    def _end(self, how: str) -> None:
        self._ended = how
        self._session._ended(self)

    def _over(self, call: str) -> MisuseError:
        return MisuseError(f"{call}: interval {self.number} of member {self.member} has been {self._ended} already")


class Batch(List[Interval]):
    """Intervals that start together. As a context manager it does for all of them what `Interval` does for one."""

    def __enter__(self) -> "Batch":
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]) -> bool:
        return bool(self) and self[0]._session._leave(self, error)


def describe(error: BaseException) -> str:
    """An exception in a few lines: what it is, and where in the script it came from."""
    lines = traceback.format_exception_only(type(error), error)
    frames = traceback.extract_tb(error.__traceback__)
    if frames:
        lines.append(f"at {frames[-1].filename}:{frames[-1].lineno} in {frames[-1].name}")
    return "".join(lines).strip()


def show(error: BaseException) -> None:
    """Prints an exception as Python does."""
    traceback.print_exception(type(error), error, error.__traceback__, file=sys.stderr)
    sys.stderr.flush()
