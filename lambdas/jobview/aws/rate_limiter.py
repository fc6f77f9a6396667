"""Limits the rate of calls to AWS across all functions of a deployment.

Each call has a reserved moment at which it may begin. The moments of one quota are evenly spaced. ``Reservations``
assigns them to all executions of all functions. One request to the store reserves several moments.
"""

import threading
from collections import deque
from datetime import datetime, timedelta
from typing import Protocol

from jobview.aws.clock import Clock
from jobview.aws.errors import failure
from jobview.model import ErrorKind, Target

LATE_SECONDS = 0.05
"""How late a call may begin after its moment. With more than ten calls a second it is half of the spacing."""
AT_ONCE_SECONDS = 1.0
"""One request reserves moments for at most this time. Other callers wait that long."""


class Reservations(Protocol):
    """Assigns the moments at which calls may begin. ``store.reservations`` shares them between executions."""

    def reserve(
        self, service: str, target: Target, quota: str, *, spacing: timedelta, calls: int, latest: datetime
    ) -> datetime | None:
        """Reserve moments of a quota in one account and region.

        Parameters
        ----------
        service, target, quota
            The service, the account and region, and the quota's name.
        spacing
            The time from one moment to the next.
        calls
            The number of moments.
        latest
            The latest time for the first moment.

        Returns
        -------
        datetime or None
            The first moment; the others follow at ``spacing``. ``None``: the first would be too late, and none was
            reserved.
        """
        ...


class RateLimiter:
    """Spaces the calls of one lane; safe for many threads.

    Parameters
    ----------
    service, target
        The lane.
    reservations
        Assigns the moments at which calls may begin.
    clock
        Time, injected.
    """

    def __init__(self, service: str, target: Target, reservations: Reservations, clock: Clock) -> None:
        self._service = service
        self._target = target
        self._reservations = reservations
        self._clock = clock
        self._lock = threading.Lock()
        self._quotas: dict[str, _Quota] = {}

    def wait(self, operation: str, rate: float, deadline: float, *, quota: str | None = None) -> None:
        """Wait until a call may begin, at ``rate`` calls a second. ``quota`` names a quota that operations share.

        Raises
        ------
        ReadFailure
            With the kind deadline: the call could begin only after the deadline.
        """
        name = quota or operation
        with self._lock:
            state = self._quotas.setdefault(name, _Quota())
        with state.lock:
            moment = self._next(state, name, rate, deadline)
        if moment is None:
            raise failure(
                ErrorKind.DEADLINE,
                "DeadlineExceeded",
                f"the time for reading was over before the next call at {rate:g} calls a second",
                operation,
            )
        now = self._clock.monotonic()
        if moment > now:
            self._clock.sleep(moment - now)

    def _next(self, state: "_Quota", quota: str, rate: float, deadline: float) -> float | None:
        """The next reserved moment on the monotonic clock; ``None`` where it is too late.

        A moment that has just passed is still used, unless the next one is nearer: the store may have answered slowly.
        """
        spacing = 1 / rate
        if self._drop_passed(state, spacing):
            state.wanted = 1
        while not state.reserved:
            now, wall = self._clock.monotonic(), self._clock.now()
            if now >= deadline:
                return None
            calls = min(state.wanted, max(1, int(rate * AT_ONCE_SECONDS)))
            first = self._reservations.reserve(
                self._service,
                self._target,
                quota,
                spacing=timedelta(seconds=spacing),
                calls=calls,
                latest=wall + timedelta(seconds=min(deadline - now, _LONGEST)),
            )
            if first is None:
                return None
            begin = now + (first - wall).total_seconds()
            state.reserved.extend(begin + number * spacing for number in range(calls))
            state.wanted = 2 * calls
            self._drop_passed(state, spacing)
        return state.reserved.popleft() if state.reserved[0] < deadline else None

    def _drop_passed(self, state: "_Quota", spacing: float) -> bool:
        """Drop the moments that have passed; true if there were any."""
        now, before = self._clock.monotonic(), len(state.reserved)
        while state.reserved and state.reserved[0] + min(spacing / 2, LATE_SECONDS) < now:
            state.reserved.popleft()
        return len(state.reserved) < before


class _Quota:
    """The reserved moments of one quota that are not used yet."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.reserved: deque[float] = deque()
        self.wanted = 1
        """How many to reserve next. It grows while all are used."""


_LONGEST = 365 * 86_400.0
