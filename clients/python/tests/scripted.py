"""A worker that says what a test tells it to, and trainers that are real processes."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

CLIENT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0

# The beginning of every trainer: `write` makes a checkpoint.
PRELUDE = """
import os, sys, time
import pbt_client

def write(interval, text="weights"):
    (interval.checkpoint_out / "weights").write_text(text)
"""


class Trainer:
    """A Python process that runs a script."""

    def __init__(self, script: str, directory: Path, environment: Dict[str, str]) -> None:
        variables = {name: value for name, value in os.environ.items() if not name.startswith("PBT_")}
        variables.update(PYTHONPATH=str(CLIENT), PYTHONDONTWRITEBYTECODE="1", **environment)
        self.process = subprocess.Popen(
            [sys.executable, "-c", PRELUDE + textwrap.dedent(script)],
            cwd=directory,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.out = ""
        self.error = ""

    def terminate(self) -> None:
        """Sends SIGTERM."""
        self.process.send_signal(signal.SIGTERM)

    def end(self) -> int:
        """Waits until it has ended; its exit code, or the signal's number below 0."""
        self.out, self.error = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode

    def dispose(self) -> None:
        """Kills it and whatever it has forked, where they still run."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.communicate()


class ScriptedWorker:
    """The worker's end of a session."""

    def __init__(self, directory: Path) -> None:
        self.path = str(directory / "socket")
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(self.path)
        self._listener.listen()
        self._listener.settimeout(PATIENCE)
        self._connection: Optional[socket.socket] = None
        self._buffer = b""

    def accept(self) -> None:
        """Takes the trainer's connection."""
        self._connection, _ = self._listener.accept()
        self._connection.settimeout(PATIENCE)

    @property
    def connection(self) -> socket.socket:
        """The connection to the trainer."""
        assert self._connection is not None
        return self._connection

    def send(self, **message: Any) -> None:
        """Sends a message; `from_` is the field `from`."""
        if "from_" in message:
            message["from"] = message.pop("from_")
        self.send_raw(json.dumps(message).encode() + b"\n")

    def send_raw(self, data: bytes) -> None:
        """Sends bytes."""
        self.connection.sendall(data)

    def receive(self) -> Optional[Dict[str, Any]]:
        """The next message, heartbeats left out; None at the end of the connection."""
        while True:
            message = self.receive_any()
            if message is None or message["type"] != "heartbeat":
                return message

    def receive_any(self) -> Optional[Dict[str, Any]]:
        """The next message; None at the end of the connection."""
        while b"\n" not in self._buffer:
            try:
                data = self.connection.recv(1 << 16)
            except ConnectionResetError:
                data = b""
            if not data:
                assert not self._buffer, f"half a message: {self._buffer!r}"
                return None
            self._buffer += data
        line, self._buffer = self._buffer.split(b"\n", 1)
        message = json.loads(line)
        assert isinstance(message, dict)
        return message

    def hang_up(self) -> None:
        """Closes the connection."""
        self.connection.close()

    def dispose(self) -> None:
        """Closes everything."""
        self._listener.close()
        if self._connection is not None:
            self._connection.close()


class TrainerTest(unittest.TestCase):
    """Gives each test a directory, and ends what it started."""

    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.directory = Path(temporary.name)

    def trainer(self, script: str, **environment: str) -> Trainer:
        """Starts a trainer in the test's directory."""
        trainer = Trainer(script, self.directory, environment)
        self.addCleanup(trainer.dispose)
        return trainer

    def run_to_end(self, script: str, **environment: str) -> Trainer:
        """Runs a trainer, which ends well."""
        trainer = self.trainer(script, **environment)
        self.assertEqual(0, trainer.end(), trainer.error)
        return trainer

    def await_file(self, name: str) -> Path:
        """Waits until a trainer has made a file."""
        path = self.directory / name
        eventually(path.exists, f"there is a file {name}")
        return path


class SessionTest(TrainerTest):
    """A trainer in a session with a scripted worker."""

    def setUp(self) -> None:
        super().setUp()
        self.worker = ScriptedWorker(self.directory)
        self.addCleanup(self.worker.dispose)
        self._attempts = 0

    def session(self, script: str, places: int = 1, **environment: str) -> Trainer:
        """Starts a trainer and welcomes it."""
        trainer = self.trainer(script, PBT_SOCKET=self.worker.path, **environment)
        self.worker.accept()
        self.hello = self.receive("hello")
        self.worker.send(type="welcome", protocol=1, study="test", places=places)
        return trainer

    def start(self, **fields: Any) -> Dict[str, Any]:
        """Starts an interval; what is not given has a default."""
        self._attempts += 1
        out = self.directory / f"out-{self._attempts}"
        out.mkdir()
        message: Dict[str, Any] = {
            "type": "start",
            "attempt": self._attempts,
            "place": 0,
            "member": 3,
            "interval": 1,
            "hyperparameters": {"lr": 0.001},
            "reload": True,
            "checkpoint_in": None,
            "from": None,
            "checkpoint_out": str(out),
            "steps": 10,
            "seconds": None,
            "seed": 42,
        }
        message.update(fields)
        if "from_" in message:
            message["from"] = message.pop("from_")
        self.worker.send_raw(json.dumps(message).encode() + b"\n")
        return message

    def receive(self, kind: str) -> Dict[str, Any]:
        """The next message, which is of this type."""
        message = self.worker.receive()
        self.assertIsNotNone(message, f"the trainer has ended the connection instead of sending {kind}")
        assert message is not None
        self.assertEqual(kind, message["type"], message)
        return message

    def stop(self, trainer: Trainer) -> None:
        """Says `stop`, and sees the trainer end well, with nothing more to say."""
        self.worker.send(type="stop", reason="the study has ended", grace_seconds=10)
        self.assertIsNone(self.worker.receive())
        self.assertEqual(0, trainer.end(), trainer.error)


def eventually(condition: Callable[[], bool], what: str) -> None:
    """Waits until it holds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"still not: {what}")
        time.sleep(0.005)


def lines_of(path: Path) -> List[Dict[str, Any]]:
    """The JSON objects in a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
