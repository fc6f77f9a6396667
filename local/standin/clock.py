"""The clock of the simulated jobs."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Returns the time, and can be moved forward."""

    def now(self) -> datetime:
        """Now, aware, UTC."""
        ...

    def advance(self, seconds: float) -> datetime:
        """Move forward and return the new time. Raises `ValueError` for a step back."""
        ...


class RunningClock:
    """The machine's clock plus the time by which it was advanced."""

    def __init__(self) -> None:
        self._lead = timedelta()
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Now, aware, UTC."""
        return datetime.now(UTC) + self._lead

    def advance(self, seconds: float) -> datetime:
        """Move ahead of the machine's clock."""
        with self._lock:
            self._lead += _step(seconds)
        return self.now()


class ManualClock:
    """A clock that stands still until it is advanced."""

    def __init__(self, start: datetime = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)) -> None:
        if start.tzinfo is None:
            raise ValueError("the start must be an aware datetime")
        self._now = start.astimezone(UTC)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """Return the time it stands at."""
        return self._now

    def advance(self, seconds: float) -> datetime:
        """Move forward."""
        with self._lock:
            self._now += _step(seconds)
            return self._now


def _step(seconds: float) -> timedelta:
    if seconds < 0:
        raise ValueError("a clock does not run backwards")
    return timedelta(seconds=seconds)
