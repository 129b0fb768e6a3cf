"""The trainer's side of pbt: `connect` and the session that it gives."""

import atexit
import os
import signal
import sys
import threading
import weakref
from pathlib import Path
from types import TracebackType
from typing import Any, Dict, Iterator, List, Mapping, Optional, Type, Union

from . import _messages
from ._command import CommandSource
from ._errors import MisuseError, ProtocolError, WorkerLost
from ._interval import Batch, Interval, describe, show
from ._plain import PlainSource
from ._socket import SocketSource
from ._source import Source
from ._termination import Termination
from ._version import __version__


class Session:
    """What gives the script its intervals: a worker of pbt, the command protocol, or a plain run.

    Iterating over it gives one interval after the other and ends when no more come. The body ends each by `complete`, `fail` or
    `release`; one that it leaves open is given back while the session is `stopping`, and an error (MisuseError) otherwise.
    An exception that ends the script fails what is open. To go on after one, write `with interval:` in the body.
    """

    def __init__(self, source: Source, defaults: Mapping[str, Any]) -> None:
        self._source = source
        self._defaults = dict(defaults)
        self._open: Dict[int, Interval] = {}
        self._foreign = False
        self._closed = False
        self._termination = Termination(source.wake)
        self._hook = sys.excepthook
        sys.excepthook = self._excepthook
        atexit.register(self._at_exit)
        _sessions.add(self)

    @property
    def study(self) -> Optional[str]:
        """The study's name; None without a session."""
        return self._source.study

    @property
    def places(self) -> int:
        """How many intervals are given at once, at most: 1, unless `connect` was given a capacity."""
        return self._source.places

    @property
    def stopping(self) -> bool:
        """Whether the script should come to an end: SIGTERM has come, or the worker stops or is lost. Cheap."""
        return self._termination.came or self._source.stopping() is not None

    def __iter__(self) -> Iterator[Interval]:
        if self._source.places > 1:
            raise MisuseError(f"this trainer has {self._source.places} places: iterate over session.batches(), or connect with capacity=1")
        for batch in self.batches():
            yield batch[0]

    def batches(self) -> Iterator[Batch]:
        """Gives lists of intervals that start together: as many as there are places, or as few as can start now."""
        while True:
            self._check_process()
            self._settle()
            starts = None if self._closed else self._source.take()
            if starts is None:
                self.close()
                return
            batch = Batch(Interval(self, start, {**self._defaults, **start.hyperparameters}) for start in starts)
            for interval in batch:
                self._open[interval.attempt] = interval
            yield batch

    def close(self) -> None:
        """Ends the session; what is still open has failed, or is given back if it is stopping. May be called twice."""
        if self._closed:
            return
        self._end_these(list(self._open.values()), None)
        self._closed = True
        self._source.close()
        self._termination.restore()
        if sys.excepthook == self._excepthook:
            sys.excepthook = self._hook

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]) -> None:
        if not self._closed:
            self._end_these(list(self._open.values()), error)
            self.close()

    def _check_process(self) -> None:
        if self._foreign:
            raise MisuseError("a forked process cannot speak for its trainer: call the session in the process that connected")

    def _others_open(self, interval: Interval) -> bool:
        return any(other is not interval for other in self._open.values())

    def _ended(self, interval: Interval) -> None:
        self._open.pop(interval.attempt, None)

    def _settle(self) -> None:
        """Before the next intervals: what is still open is given back, or was forgotten."""
        for interval in list(self._open.values()):
            if interval.stopping:
                self._give_back(interval)
            else:
                raise MisuseError(f"interval {interval.number} of member {interval.member} was left without complete(), fail() or release(): call one of them before the next interval")

    def _give_back(self, interval: Interval) -> None:
        interval.release("SIGTERM" if self._termination.came else self._source.stopping() or "no longer wanted")

    def _leave(self, intervals: List[Interval], error: Optional[BaseException]) -> bool:
        """The end of a `with` block; whether its exception is swallowed."""
        if self._closed:
            return False
        left = [interval for interval in intervals if not interval.ended]
        if error is None:
            left = [interval for interval in left if interval.stopping]
        self._end_these(left, error)
        if not self._source.repeats or not isinstance(error, Exception) or isinstance(error, (MisuseError, ProtocolError, WorkerLost)):
            return False
        show(error)
        return True

    def _end_these(self, intervals: List[Interval], error: Optional[BaseException]) -> None:
        for interval in intervals:
            # What goes wrong while a trainer is pre-empted, as when its helpers are killed first, is no failure of the interval.
            if interval.stopping or isinstance(error, KeyboardInterrupt):
                self._give_back(interval)
            elif self._source.repeats:
                interval.fail("the script left it without complete(), fail() or release()" if error is None else describe(error))
            else:
                interval._end("failed")

    def _excepthook(self, kind: Type[BaseException], error: BaseException, trace: Optional[TracebackType]) -> None:
        if not self._closed:
            self._end_these(list(self._open.values()), error)
        self._hook(kind, error, trace)

    def _at_exit(self) -> None:
        if self._foreign:
            return
        self.close()
        if self._termination.came and self._source.cut_short():
            self._termination.end_process()

    def _forked(self) -> None:
        """In a forked child: nothing of the session is its own."""
        self._closed = self._foreign = True
        self._source.abandon()
        self._termination.restore()


_sessions: "weakref.WeakSet[Session]" = weakref.WeakSet()
_masks = threading.local()


def _before_fork() -> None:
    # A SIGTERM that reached the child before it has its own handler back would be lost: Python forgets what was pending.
    _masks.before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM}) if _sessions else None


def _after_fork_in_parent() -> None:
    if _masks.before is not None:
        signal.pthread_sigmask(signal.SIG_SETMASK, _masks.before)


def _after_fork_in_child() -> None:
    for session in list(_sessions):
        session._forked()
    _after_fork_in_parent()


os.register_at_fork(before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child)


def connect(
    defaults: Optional[Mapping[str, Any]] = None,
    steps: Optional[int] = None,
    seconds: Optional[float] = None,
    intervals: int = 1,
    capacity: int = 1,
    heartbeat_seconds: Optional[float] = 5.0,
    checkpoints: Union[str, "os.PathLike[str]"] = "checkpoints",
    seed: int = 0,
) -> Session:
    """Begins: as a session where PBT_SOCKET is set, under the command protocol where PBT_CHECKPOINT_OUT is, else as a plain run.

    `defaults` are hyperparameters; the study's override them. `capacity` is how many members the script trains at once, with
    `Session.batches`. `heartbeat_seconds` is how often a session tells that the process lives; None for never.
    `steps` or `seconds`, `intervals`, `checkpoints` and `seed` are for the plain run only. Raises WorkerLost or ProtocolError where the
    worker cannot be spoken to, MisuseError where called twice or with arguments that cannot be.
    """
    if any(not session._closed for session in _sessions):
        raise MisuseError("connect() was called already in this process; its session is still open")
    if not 1 <= capacity <= _messages.MAX_CAPACITY:
        raise MisuseError(f"capacity is {capacity}; it must be 1 … {_messages.MAX_CAPACITY}")
    if heartbeat_seconds is not None and not heartbeat_seconds > 0:
        raise MisuseError(f"heartbeat_seconds is {heartbeat_seconds}; it must be greater than 0, or None")
    if intervals < 1:
        raise MisuseError(f"intervals is {intervals}; it must be at least 1")
    if steps is not None and seconds is not None:
        raise MisuseError("give connect() either steps or seconds, not both")
    environment = os.environ
    source: Source
    if environment.get("PBT_SOCKET"):
        source = SocketSource(environment["PBT_SOCKET"], capacity, heartbeat_seconds, f"pbt-client {__version__} (python)")
    elif environment.get("PBT_CHECKPOINT_OUT"):
        source = CommandSource(environment)
    else:
        source = PlainSource(environment, Path(checkpoints), intervals, steps, seconds, seed)
    return Session(source, defaults or {})
