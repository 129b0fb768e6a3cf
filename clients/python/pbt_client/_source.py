"""Where intervals come from: a worker's session, the command protocol, or a plain run."""

from typing import Any, Dict, List, Optional

from ._messages import Result, Start
from ._numbers import Number


class Source:
    """Gives intervals and takes what became of them."""

    study: Optional[str] = None
    """The study's name, where there is one."""

    places = 1
    """How many intervals it gives at once."""

    repeats = False
    """Whether an interval that fails is repeated while the script goes on."""

    def take(self) -> Optional[List[Start]]:
        """Waits for the next intervals; None when no more come. All that it gave before has ended."""
        raise NotImplementedError

    def over(self, start: Start) -> Optional[str]:
        """Why the interval is no longer wanted, if so."""
        return None

    def progress(self, start: Start, step: Optional[Number], metrics: Dict[str, Any]) -> None:
        """Passes on how it goes."""
        raise NotImplementedError

    def complete(self, start: Start, result: Result, more: bool) -> None:
        """The interval has ended well; more of its batch are still to end."""
        raise NotImplementedError

    def fail(self, start: Start, reason: str) -> None:
        """The interval has failed."""
        raise NotImplementedError

    def release(self, start: Start, reason: str) -> None:
        """The interval is given back."""
        raise NotImplementedError

    def stopping(self) -> Optional[str]:
        """Why the script should come to an end, if it should."""
        return None

    def cut_short(self) -> bool:
        """Whether SIGTERM, if it has come, has kept the script from work that there was."""
        raise NotImplementedError

    def wake(self) -> None:
        """Makes `take` look again whether the script should come to an end; called from a signal's handler."""

    def close(self) -> None:
        """Lets go of all; may be called twice."""

    def abandon(self) -> None:
        """Called in a forked child: lets go without a word, and without a lock."""
