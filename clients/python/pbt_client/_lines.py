"""A stream of bytes as lines."""

from typing import List


class Lines:
    """Cuts what arrives into lines, of any length, whatever the pieces it comes in. What comes after the last line feed waits."""

    def __init__(self) -> None:
        self._pieces: List[bytes] = []

    def feed(self, data: bytes) -> List[bytes]:
        """Takes a piece; the lines that it ends, without their line feeds."""
        head, feed, rest = data.partition(b"\n")
        self._pieces.append(head)
        if not feed:
            return []
        first = b"".join(self._pieces)
        *lines, last = rest.split(b"\n")
        self._pieces = [last]
        return [first, *lines]
