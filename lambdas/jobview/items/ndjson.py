"""Reads the lines of a large S3 object page by page, without loading the whole object."""

import re
from dataclasses import dataclass

from jobview.aws.calls import Calls
from jobview.items import objects
from jobview.items.objects import Location
from jobview.items.rows import InvalidItemsTokenError
from jobview.model import Target

CHUNK = 256 * 1024
"""The bytes of one read."""
LINE_LIMIT = 64 * 1024
"""The bytes of the longest line. A longer one is reported as too long."""
SCAN_LIMIT = 8 * 1024 * 1024
"""The approximate number of bytes that one page reads. So a page may be short or empty and still have a next one."""

_TOKEN = re.compile(r"(\d{1,15})(s?)", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line that is not blank."""

    offset: int
    """The number of bytes before the line."""
    raw: bytes | None
    """The line without its end; ``None`` where it is longer than ``LINE_LIMIT``."""


def read_lines(
    calls: Calls, target: Target, place: Location, *, limit: int, token: str | None, deadline: float
) -> tuple[list[Line], str | None]:
    """Read up to ``limit`` lines, and the token of the next page.

    The token is the offset of the next line. A trailing ``s`` means that the offset is inside a line that is too long.

    Raises
    ------
    ReadFailure
        The object could not be read.
    InvalidItemsTokenError
        The token is not of this form.
    """
    start, skipping = _position(token)
    window = _Window(start, skipping)
    lines: list[Line] = []
    while len(lines) < limit:
        line = window.take()
        if line is not None:
            lines.append(line)
        elif window.exhausted or window.end - start >= SCAN_LIMIT:
            break
        else:
            extract = objects.read(calls, target, place, start=window.end, length=CHUNK, deadline=deadline)
            window.extend(extract.content, extract.size)
    return lines, window.token


def _position(token: str | None) -> tuple[int, bool]:
    if token is None:
        return 0, False
    match = _TOKEN.fullmatch(token)
    if match is None:
        raise InvalidItemsTokenError("the token is not from a page of this job's items")
    return int(match.group(1)), bool(match.group(2))


class _Window:
    """The part of the object that is read but not yet returned."""

    def __init__(self, start: int, skipping: bool) -> None:
        self._buffer = b""
        self._offset = start
        self._at = 0
        self._skipping = skipping
        self._size: int | None = None

    @property
    def end(self) -> int:
        """The offset of the first byte that is not read."""
        return self._offset + len(self._buffer)

    @property
    def exhausted(self) -> bool:
        """True where the whole object is read."""
        return self._size is not None and self.end >= self._size

    @property
    def token(self) -> str | None:
        """Where the next page begins; ``None`` at the end of the object."""
        position = self._offset + self._at
        if self._size is not None and position >= self._size:
            return None
        return f"{position}{'s' if self._skipping else ''}"

    def extend(self, content: bytes, size: int) -> None:
        """Add the bytes that were read at ``end``."""
        self._offset += self._at
        self._buffer = self._buffer[self._at :] + content
        self._at = 0
        self._size = size

    def take(self) -> Line | None:
        """The next line; ``None`` where more has to be read first, or nothing is left."""
        while True:
            found = self._buffer.find(b"\n", self._at)
            if found < 0 and not self.exhausted:
                return self._give_up()
            end = len(self._buffer) if found < 0 else found
            begin, self._at = self._at, min(end + 1, len(self._buffer))
            if begin == len(self._buffer):
                return None
            raw = self._buffer[begin:end]
            if self._skipping:
                self._skipping = False
            elif len(raw) > LINE_LIMIT:
                return Line(offset=self._offset + begin, raw=None)
            elif raw.strip():
                return Line(offset=self._offset + begin, raw=raw)

    def _give_up(self) -> Line | None:
        """Drop the beginning of a line that is too long, and report the line the first time."""
        begin, dropped = self._at, None
        if len(self._buffer) - begin > LINE_LIMIT and not self._skipping:
            dropped = Line(offset=self._offset + begin, raw=None)
            self._skipping = True
        if self._skipping:
            self._at = len(self._buffer)
        return dropped
