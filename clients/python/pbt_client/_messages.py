"""The messages of the session protocol, version 1 (docs/protocol.md), and their lines."""

import json
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional, Tuple, Union

from ._errors import MisuseError, ProtocolError
from ._numbers import Number

PROTOCOL = 1
MAX_LINE = 1 << 20
MAX_PROGRESS_LINE = 64 << 10
MAX_PROGRESS = 64 << 20
MAX_SAMPLES = 100_000
MAX_METRICS = 1_000
MAX_NAME = 500
MAX_REASON = 4_000
MAX_CAPACITY = 4_096

HEARTBEAT = b'{"type":"heartbeat"}\n'

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True)
class Start:
    """An interval that is to be trained."""

    attempt: int
    place: int
    member: int
    interval: int
    hyperparameters: Dict[str, Any]
    reload: bool
    checkpoint_in: Optional[str]
    donor: Optional[Tuple[int, int]]
    checkpoint_out: str
    steps: Optional[int]
    seconds: Optional[float]
    seed: int


@dataclass(frozen=True)
class Result:
    """How an interval ended that ended well."""

    score: Optional[Number]
    samples: List[Number] = field(default_factory=list)
    metrics: Dict[str, Any] = field(default_factory=dict)
    steps: Optional[int] = None

    def fields(self) -> Dict[str, Any]:
        """What is said of it; what was not given is left out."""
        said: Dict[str, Any] = {}
        if self.score is not None:
            said["score"] = self.score
        if self.samples:
            said["samples"] = self.samples
        if self.metrics:
            said["metrics"] = self.metrics
        if self.steps is not None:
            said["steps"] = self.steps
        return said


@dataclass(frozen=True)
class Welcome:
    """The worker's answer to hello."""

    study: str
    places: int


@dataclass(frozen=True)
class Idle:
    """Nothing more starts for now."""


@dataclass(frozen=True)
class Rejected:
    """A message was not taken."""

    attempt: Optional[int]
    reason: str


@dataclass(frozen=True)
class Stop:
    """Nothing more comes."""

    reason: str
    grace_seconds: Optional[float]


@dataclass(frozen=True)
class Refused:
    """The worker says that this side has broken the protocol."""

    reason: str


WorkerMessage = Union[Welcome, Start, Idle, Rejected, Stop, Refused]


def encode(message: Mapping[str, Any]) -> bytes:
    """A message as its line."""
    # Half of a surrogate pair, as in the name of a file that is no UTF-8, becomes a question mark.
    return _encode(message).encode("utf-8", "replace") + b"\n"


def line(message: Mapping[str, Any]) -> bytes:
    """A message as its line; a longer one than the worker takes is an error."""
    encoded = encode(message)
    if len(encoded) > MAX_LINE:
        raise MisuseError(f"the result is {len(encoded)} bytes long; at most {MAX_LINE} are taken: give fewer samples or metrics")
    return encoded


def progress(attempt: int, step: Optional[Number], metrics: Mapping[str, Any]) -> bytes:
    """The line of a report of progress."""
    message: Dict[str, Any] = {"type": "progress", "attempt": attempt}
    if step is not None:
        message["step"] = step
    if metrics:
        message["metrics"] = metrics
    encoded = encode(message)
    if len(encoded) > MAX_PROGRESS_LINE:
        raise MisuseError(f"the progress is {len(encoded)} bytes long; the worker takes at most {MAX_PROGRESS_LINE}: report fewer numbers at once")
    return encoded


def check(result: Result) -> None:
    """Refuses what the worker would not take."""
    if result.steps is not None and result.steps < 0:
        raise MisuseError(f"steps is {result.steps}; it must be at least 0")
    if len(result.samples) > MAX_SAMPLES:
        raise MisuseError(f"there are {len(result.samples)} samples; the worker takes at most {MAX_SAMPLES}")
    names = list(_names(result.metrics, ""))
    if len(names) > MAX_METRICS:
        raise MisuseError(f"there are {len(names)} metrics; the worker takes at most {MAX_METRICS}: report the rest by progress()")
    for name in names:
        if len(name) > MAX_NAME:
            raise MisuseError(f"the name of the metric {name[:60]!r}... has {len(name)} characters; the worker takes at most {MAX_NAME}")


def parse(raw: bytes) -> Optional[WorkerMessage]:
    """A line of the worker; None where it is empty or of a type that is not known here. Raises ProtocolError."""
    if not raw.strip():
        return None
    try:
        message = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"the worker sent a line that is no JSON: {_shown(raw)} ({error})") from None
    if not isinstance(message, dict):
        raise ProtocolError(f"the worker sent a line that is no JSON object: {_shown(raw)}")
    kind = message.get("type")
    if not isinstance(kind, str):
        raise ProtocolError(f"the worker sent a message without a type: {_shown(raw)}")
    read = _Fields(kind, message)
    if kind == "welcome":
        version = read.integer("protocol")
        if version != PROTOCOL:
            raise ProtocolError(f"the worker speaks version {version} of the session protocol, and this client speaks {PROTOCOL}: install the pbt_client that belongs to this pbt")
        return Welcome(read.text("study"), read.integer("places", least=1))
    if kind == "start":
        return _start(read)
    if kind == "idle":
        return Idle()
    if kind == "rejected":
        return Rejected(read.optional_integer("attempt"), read.text("reason", ""))
    if kind == "stop":
        return Stop(read.text("reason", "no reason given"), read.optional_number("grace_seconds"))
    if kind == "error":
        return Refused(read.text("reason", "no reason given"))
    return None


def _start(read: "_Fields") -> Start:
    hyperparameters = read.object("hyperparameters")
    for name, value in hyperparameters.items():
        if not isinstance(value, (bool, int, float, str)):
            raise ProtocolError(f"the worker's start gives the hyperparameter {name!r} the value {value!r}; a number, a text, true or false was expected")
    donor = read.optional_object("from")
    return Start(
        attempt=read.integer("attempt"),
        place=read.integer("place", least=0),
        member=read.integer("member", least=0),
        interval=read.integer("interval", least=1),
        hyperparameters=hyperparameters,
        reload=read.boolean("reload"),
        checkpoint_in=read.optional_text("checkpoint_in"),
        donor=None if donor is None else (_Fields("start", donor).integer("member"), _Fields("start", donor).integer("interval")),
        checkpoint_out=read.text("checkpoint_out"),
        steps=read.optional_integer("steps"),
        seconds=read.optional_number("seconds"),
        seed=read.integer("seed"),
    )


class _Fields:
    """The fields of a message, read by type."""

    def __init__(self, kind: str, fields: Dict[str, Any]) -> None:
        self._kind = kind
        self._fields = fields

    def integer(self, name: str, least: Optional[int] = None) -> int:
        value = self._fields.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or (least is not None and value < least):
            raise self._wrong(name, "an integer" if least is None else f"an integer of at least {least}")
        return value

    def text(self, name: str, default: Optional[str] = None) -> str:
        value = self._fields.get(name, default)
        if not isinstance(value, str):
            raise self._wrong(name, "a text")
        return value

    def boolean(self, name: str) -> bool:
        value = self._fields.get(name)
        if not isinstance(value, bool):
            raise self._wrong(name, "true or false")
        return value

    def object(self, name: str) -> Dict[str, Any]:
        value = self._fields.get(name)
        if not isinstance(value, dict):
            raise self._wrong(name, "an object")
        return value

    def optional_integer(self, name: str) -> Optional[int]:
        return None if self._fields.get(name) is None else self.integer(name)

    def optional_number(self, name: str) -> Optional[float]:
        value = self._fields.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self._wrong(name, "a number")
        return float(value)

    def optional_text(self, name: str) -> Optional[str]:
        return None if self._fields.get(name) is None else self.text(name)

    def optional_object(self, name: str) -> Optional[Dict[str, Any]]:
        return None if self._fields.get(name) is None else self.object(name)

    def _wrong(self, name: str, expected: str) -> ProtocolError:
        found = f"is {json.dumps(self._fields[name])[:100]}" if name in self._fields else "is missing"
        return ProtocolError(f"the worker's message {self._kind!r} is not as the protocol says: {name!r} {found}, {expected} was expected")


def _names(metrics: Mapping[str, Any], prefix: str) -> List[str]:
    found: List[str] = []
    for name, value in metrics.items():
        if isinstance(value, Mapping):
            found.extend(_names(value, f"{prefix}{name}."))
        else:
            found.append(prefix + name)
    return found


def _shown(raw: bytes) -> str:
    text = raw[:200].decode("utf-8", "replace").rstrip("\n")
    return repr(text if len(raw) <= 200 else text + "...")
