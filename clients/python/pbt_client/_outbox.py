"""What is to be written, collected, so that saying something costs next to nothing."""

import threading
import time
from typing import Callable, List, Optional

# What was put in is written this much later at the latest, or as this much has come together.
_DELAY_SECONDS = 0.05
_CHUNK_BYTES = 64 << 10
# As this much waits, who puts in more has to wait too: nothing is lost, and memory is bounded.
_MOST_BYTES = 4 << 20


class Outbox:
    """Lines on their way to a file or socket, in the order in which they came. Every method may be called from any thread.

    After the first error of `write` everything is dropped: the other side is gone, and who reads from it says why.
    """

    def __init__(self, write: Callable[[bytes], None], heartbeat: bytes = b"", heartbeat_seconds: Optional[float] = None) -> None:
        self._write = write
        self._heartbeat = heartbeat
        self._heartbeat_seconds = heartbeat_seconds
        self._lines: List[bytes] = []
        self._size = 0
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._filled = threading.Event()
        self._full = threading.Event()
        self._broken = False
        self._closed = False
        self._written = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="pbt_client writer", daemon=True)
        self._thread.start()

    def put(self, line: bytes) -> None:
        """Takes a line that may be written a moment later."""
        with self._lock:
            self._lines.append(line)
            self._size += len(line)
            size = self._size
        if size == len(line):
            self._filled.set()
        if size >= _CHUNK_BYTES:
            if size >= _MOST_BYTES:
                self.flush()
            elif not self._full.is_set():
                self._full.set()

    def send(self, line: bytes) -> None:
        """Writes a line now, and before it all that waits."""
        self._flush(line)

    def flush(self) -> None:
        """Writes all that waits."""
        self._flush(b"")

    def close(self) -> None:
        """Writes all that waits; nothing may be put in after it."""
        self._closed = True
        self.flush()
        self._full.set()
        self._filled.set()

    def _flush(self, line: bytes) -> None:
        with self._writing:
            with self._lock:
                waiting, self._lines, self._size = self._lines, [], 0
            if line:
                waiting.append(line)
            if not waiting or self._broken:
                return
            try:
                self._write(b"".join(waiting))
            except OSError:
                self._broken = True
            except BaseException:
                # A signal's handler has raised in the middle of a line: nothing that followed would be understood.
                self._broken = True
                raise
            self._written = time.monotonic()

    def _run(self) -> None:
        while not self._closed and not self._broken:
            if self._filled.wait(self._until_heartbeat()):
                self._full.wait(_DELAY_SECONDS)
                self._filled.clear()
                self._full.clear()
                self.flush()
            elif self._heartbeat_seconds is not None:
                self.send(self._heartbeat)

    def _until_heartbeat(self) -> Optional[float]:
        if self._heartbeat_seconds is None:
            return None
        return max(0.001, self._written + self._heartbeat_seconds / 2 - time.monotonic())
