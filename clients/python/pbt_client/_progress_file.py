"""Progress as lines of a file."""

import os
import sys
from typing import Any, Dict, Mapping, Optional, Union

from . import _messages
from ._numbers import Number
from ._outbox import Outbox


class ProgressFile:
    """Appends reports of progress to a file. What cannot be written is said once, and the training goes on."""

    def __init__(self, path: Union[str, "os.PathLike[str]"]) -> None:
        self._path = path
        self._descriptor: Optional[int] = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o666)
        self._outbox = Outbox(self._append)

    @property
    def descriptor(self) -> int:
        """The open file."""
        assert self._descriptor is not None
        return self._descriptor

    def put(self, step: Optional[Number], metrics: Mapping[str, Any]) -> Dict[str, Any]:
        """Takes a report, and returns what its line says."""
        report: Dict[str, Any] = {} if step is None else {"step": step}
        report.update(metrics)
        if self._descriptor is not None:
            self._outbox.put(_messages.encode(report))
        return report

    def flush(self) -> None:
        """Writes what waits."""
        if self._descriptor is not None:
            self._outbox.flush()

    def close(self) -> None:
        """Writes what waits, and closes the file; may be called twice."""
        if self._descriptor is not None:
            self._outbox.close()
            os.close(self._descriptor)
            self._descriptor = None

    def abandon(self) -> None:
        """Closes the file and writes nothing; for a forked child."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _append(self, data: bytes) -> None:
        try:
            while data:
                data = data[os.write(self.descriptor, data) :]
        except OSError as error:
            print(f"pbt_client: progress can no longer be written to {os.fspath(self._path)}: {error}", file=sys.stderr, flush=True)
            raise
