"""Train under pbt, Population Based Training, in a process that stays in memory.

`connect` gives a `Session`; iterating over it gives the `Interval`s to train. The same script runs three ways: in a session with
a worker of pbt, under pbt's command protocol, and without pbt as a plain training run. `pbt_client.torch` has helpers for PyTorch.
"""

from ._errors import IntervalFailed, MisuseError, PbtError, ProtocolError, WorkerLost
from ._interval import Batch, Interval
from ._session import Session, connect
from ._version import __version__

__all__ = [
    "Batch",
    "Interval",
    "IntervalFailed",
    "MisuseError",
    "PbtError",
    "ProtocolError",
    "Session",
    "WorkerLost",
    "__version__",
    "connect",
]
