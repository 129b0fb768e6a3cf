"""Intervals from a worker, by the session protocol."""

import os
import queue
import select
import socket
import sys
import threading
import time
from typing import Any, Dict, List, Optional, Union

from . import _messages
from ._errors import PbtError, ProtocolError, WorkerLost
from ._lines import Lines
from ._messages import Idle, Refused, Rejected, Result, Start, Stop, Welcome
from ._numbers import Number
from ._outbox import Outbox
from ._source import Source

_Item = Union[Welcome, Start, Idle, None]


class SocketSource(Source):
    """A connection to a worker. A thread of its own reads, another writes what may wait and the heartbeats."""

    repeats = True

    def __init__(self, path: str, capacity: int, heartbeat_seconds: Optional[float], client: str) -> None:
        self._socket = _connect(path)
        # None wakes who waits, to look at what has changed otherwise. SimpleQueue.put may be called from a signal's handler.
        self._inbox: "queue.SimpleQueue[_Item]" = queue.SimpleQueue()
        self._taken: Dict[int, int] = {}
        self._rejected: Dict[int, str] = {}
        self._reported: Dict[int, int] = {}
        self._stop: Optional[Stop] = None
        self._failure: Optional[PbtError] = None
        self._terminated = False
        self._closed = False
        # Held while what has arrived is read and understood.
        self._reading = threading.Lock()
        self.places = capacity
        self._outbox = Outbox(self._socket.sendall, _messages.HEARTBEAT, heartbeat_seconds)
        hello: Dict[str, Any] = {"type": "hello", "protocol": _messages.PROTOCOL, "capacity": capacity, "client": client}
        if heartbeat_seconds is not None:
            hello["heartbeat_seconds"] = heartbeat_seconds
        self._outbox.send(_messages.line(hello))
        self._reader = threading.Thread(target=self._read, name="pbt_client reader", daemon=True)
        self._reader.start()
        try:
            self._await_welcome(capacity)
        except BaseException:
            self.close()
            raise

    def take(self) -> Optional[List[Start]]:
        batch: List[Start] = []
        while True:
            if self._stop is not None or self._terminated:
                self._give_back(batch)
                return None
            self._check()
            item = self._inbox.get()
            if isinstance(item, Start):
                batch.append(item)
            if batch and (len(batch) == self.places or isinstance(item, Idle)):
                return batch

    def over(self, start: Start) -> Optional[str]:
        return self._rejected.get(start.attempt)

    def progress(self, start: Start, step: Optional[Number], metrics: Dict[str, Any]) -> None:
        self._check()
        line = _messages.progress(start.attempt, step, metrics)
        reported = self._reported.get(start.attempt, 0) + len(line)
        if reported > _messages.MAX_PROGRESS:
            if reported - len(line) <= _messages.MAX_PROGRESS:
                _note(f"the progress of interval {start.interval} of member {start.member} has passed 64 MiB; the worker leaves out what follows, and so it is not sent")
                self._reported[start.attempt] = reported
            return
        self._reported[start.attempt] = reported
        self._outbox.put(line)

    def complete(self, start: Start, result: Result, more: bool) -> None:
        _messages.check(result)
        line = _messages.line({"type": "completed", "attempt": start.attempt, "member": start.member, **result.fields()})
        self._check()
        self._end(start, line, more)

    def fail(self, start: Start, reason: str) -> None:
        self._end(start, _reasoned("failed", start, reason))

    def release(self, start: Start, reason: str) -> None:
        self._end(start, _reasoned("released", start, reason))

    def stopping(self) -> Optional[str]:
        if self._stop is not None:
            return self._stop.reason
        return None if self._failure is None else str(self._failure)

    def cut_short(self) -> bool:
        # After `stop` a SIGTERM is the worker's, and only a reminder.
        return self._stop is None

    def wake(self) -> None:
        self._terminated = True
        self._inbox.put(None)

    def close(self) -> None:
        if self._closed:
            return
        if self._terminated:
            self._catch_up()
        self._closed = True
        self._outbox.close()
        # A pre-empted trainer keeps the connection until it has ended by its signal: what the worker may have started
        # meanwhile is then known to be nobody's failure.
        if not (self._terminated and self._stop is None and self._failure is None):
            _shut(self._socket)

    def abandon(self) -> None:
        self._closed = True
        # Only the descriptor is closed: a shutdown would end the parent's connection.
        try:
            os.close(self._socket.detach())
        except OSError:
            pass

    def _await_welcome(self, capacity: int) -> None:
        while self._failure is None and self._stop is None:
            item = self._inbox.get()
            if isinstance(item, Welcome):
                if item.places > capacity:
                    raise ProtocolError(f"the worker gives {item.places} places to a trainer of capacity {capacity}")
                self.study = item.study
                self.places = item.places
                return
        self._check()

    def _catch_up(self) -> None:
        """Waits until what the worker has sent is read: a signal overtakes the `stop` that was sent before it."""
        while self._stop is None and self._reader.is_alive():
            with self._reading:
                if not _is_readable(self._socket, 0):
                    return
            time.sleep(0.001)

    def _read(self) -> None:
        failure: Optional[PbtError] = None
        lines = Lines()
        try:
            while True:
                _is_readable(self._socket, None)
                with self._reading:
                    data = self._socket.recv(1 << 16)
                    if not data:
                        break
                    for line in lines.feed(data):
                        self._receive(line)
        except PbtError as error:
            failure = error
        except (OSError, ValueError):
            # It is closed.
            pass
        if self._closed:
            return
        if failure is None and self._stop is None:
            failure = WorkerLost("the worker closed the connection without saying why; has it ended, or has another process of this trainer connected already?")
        self._failure = failure
        self._inbox.put(None)

    def _receive(self, raw: bytes) -> None:
        message = _messages.parse(raw)
        if isinstance(message, Start):
            if message.place in self._taken or message.place >= self.places:
                raise ProtocolError(f"the worker started attempt {message.attempt} in place {message.place}, which is {'taken' if message.place in self._taken else 'not there'}")
            self._taken[message.place] = message.attempt
            self._inbox.put(message)
        elif isinstance(message, (Welcome, Idle)):
            if isinstance(message, Welcome) and self.study is None:
                self.places = message.places
            self._inbox.put(message)
        elif isinstance(message, Rejected):
            self._reject(message)
        elif isinstance(message, Stop):
            self._stop = message
            self._inbox.put(None)
        elif isinstance(message, Refused):
            raise ProtocolError(f"the worker ends this trainer: {message.reason}")

    def _reject(self, message: Rejected) -> None:
        for place, attempt in list(self._taken.items()):
            if attempt == message.attempt:
                self._rejected[attempt] = message.reason
                del self._taken[place]
        _note(f"the worker rejects what was said of attempt {message.attempt}: {message.reason}")

    def _end(self, start: Start, line: bytes, more: bool = False) -> None:
        self._reported.pop(start.attempt, None)
        if self._taken.get(start.place) == start.attempt:
            del self._taken[start.place]
        if more:
            self._outbox.put(line)
        else:
            self._outbox.send(line)

    def _give_back(self, batch: List[Start]) -> None:
        while True:
            try:
                item = self._inbox.get_nowait()
            except queue.Empty:
                break
            if isinstance(item, Start):
                batch.append(item)
        for start in batch:
            self.release(start, "the trainer ends" if self._stop is None else "the worker stops")

    def _check(self) -> None:
        if self._failure is not None:
            raise self._failure


def _connect(path: str) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.connect(path)
    except OSError as error:
        connection.close()
        raise WorkerLost(f"cannot connect to the worker at PBT_SOCKET={path}: {error}; it is there until one process of the trainer has connected. A run without pbt needs PBT_SOCKET not to be set") from None
    return connection


def _is_readable(connection: socket.socket, milliseconds: Optional[int]) -> bool:
    """Whether something has arrived, or the end; waits so long for it, for ever if None."""
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    return bool(poll.poll(milliseconds))


def _shut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    connection.close()


def _reasoned(kind: str, start: Start, reason: str) -> bytes:
    return _messages.line({"type": kind, "attempt": start.attempt, "member": start.member, "reason": reason[: _messages.MAX_REASON]})


def _note(text: str) -> None:
    print(f"pbt_client: {text}", file=sys.stderr, flush=True)
