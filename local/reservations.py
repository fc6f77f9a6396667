"""Reservations for a single process: smoke tests, simulations and benchmarks share no table with others."""

import threading
from datetime import datetime, timedelta

from jobview.aws.clock import Clock
from jobview.model import Target


class OwnReservations:
    """The moments of one process alone, for what runs beside no other.

    Parameters
    ----------
    clock
        Its ``now`` is used.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._free: dict[tuple[str, Target, str], datetime] = {}

    def reserve(
        self, service: str, target: Target, quota: str, *, spacing: timedelta, calls: int, latest: datetime
    ) -> datetime | None:
        """As ``aws.rate_limiter.Reservations`` says."""
        with self._lock:
            now = self._clock.now()
            first = max(now, self._free.get((service, target, quota), now))
            if first > latest:
                return None
            self._free[service, target, quota] = first + calls * spacing
            return first
