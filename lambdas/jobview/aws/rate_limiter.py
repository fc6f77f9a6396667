"""Keeping calls under the rate that AWS allows, whoever else of this deployment calls the same service.

A call begins at a moment that was reserved for it; the moments of one quota are evenly spaced. They come from
``Reservations``, which all executions of all functions share. Several are reserved at once, since each reservation
costs a request to the store.
"""

import threading
from collections import deque
from datetime import datetime, timedelta
from typing import Protocol

from jobview.aws.clock import Clock
from jobview.aws.errors import failure
from jobview.model import ErrorKind, Target

LATE_SECONDS = 0.05
"""A call may begin so much after its moment; with quotas of more than ten a second, half of the spacing."""
AT_ONCE_SECONDS = 1.0
"""Moments of so much time are reserved at once, at the most; who comes meanwhile waits that long."""


class Reservations(Protocol):
    """Where the moments come from at which calls may begin. ``store.reservations`` shares them between executions."""

    def reserve(
        self, service: str, target: Target, quota: str, *, spacing: timedelta, calls: int, latest: datetime
    ) -> datetime | None:
        """Reserve moments of a quota in one account and region.

        Parameters
        ----------
        service, target, quota
            What is called, and the name under which its calls are counted.
        spacing
            From one moment to the next.
        calls
            How many moments.
        latest
            The first of them may not come later.

        Returns
        -------
        datetime or None
            The first moment; the others follow at ``spacing``. ``None``: it would come too late, and nothing was
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
        Where the moments come from at which calls may begin.
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
        """Wait until a call of the operation may begin, at ``rate`` calls a second; ``quota`` is what they count under.

        Raises
        ------
        ReadFailure
            Kind deadline: the call could only begin after it.
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
        """The next reserved moment on the monotonic clock; ``None`` where it comes too late.

        A moment that has just passed is still good while the next one is not nearer: the store may have been slow to
        answer.
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
        """Drop the moments that have passed; true where there were some."""
        now, before = self._clock.monotonic(), len(state.reserved)
        while state.reserved and state.reserved[0] + min(spacing / 2, LATE_SECONDS) < now:
            state.reserved.popleft()
        return len(state.reserved) < before


class _Quota:
    """Moments of one quota that were reserved and not used yet."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.reserved: deque[float] = deque()
        self.wanted = 1
        """How many to reserve next: more while they are used up."""


_LONGEST = 365 * 86_400.0
