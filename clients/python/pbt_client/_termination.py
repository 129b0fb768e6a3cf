"""SIGTERM: who asks a trainer to end, as before it is pre-empted."""

import os
import signal
import sys
import threading
from types import FrameType
from typing import Any, Callable, Optional


class Termination:
    """Notes that SIGTERM has come, from its creation to `restore`. Only in the main thread; elsewhere it notes nothing."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self.came = False
        self._wake = wake
        self._previous: Any = None
        self._installed = threading.current_thread() is threading.main_thread()
        if self._installed:
            self._previous = signal.signal(signal.SIGTERM, self._handle)

    def restore(self) -> None:
        """Puts back the handler that was there before, unless somebody else has put another."""
        if self._installed and threading.current_thread() is threading.main_thread():
            self._installed = False
            if signal.getsignal(signal.SIGTERM) == self._handle:
                signal.signal(signal.SIGTERM, signal.SIG_DFL if self._previous is None else self._previous)

    def end_process(self) -> None:
        """Ends the process as SIGTERM ends one that does not handle it."""
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError, AttributeError):
                pass
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTERM)

    def _handle(self, number: int, frame: Optional[FrameType]) -> None:
        self.came = True
        self._wake()
        if callable(self._previous):
            self._previous(number, frame)
