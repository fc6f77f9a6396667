"""Keeping calls under the rate that AWS allows, whoever else of this deployment calls the same service.

A turn is a moment at which one call may begin; the turns of one quota are evenly spaced. They are taken from ``Turns``,
which all executions of all functions share, a few at once: one alone would cost a request to the store for each call.
"""

import threading
from collections import deque
from datetime import datetime, timedelta
from typing import Protocol

from jobview.aws.clock import Clock
from jobview.aws.errors import failure
from jobview.model import ErrorKind, Target

LATE_SECONDS = 0.05
"""By so much a call may begin after its turn; with quotas of more than ten a second by half of what turns are apart."""
AT_ONCE_SECONDS = 1.0
"""Turns of so much time are taken at once, at the most; who comes meanwhile waits that long."""


class Turns(Protocol):
    """Where turns come from."""

    def take(
        self, service: str, target: Target, quota: str, *, spacing: timedelta, turns: int, latest: datetime
    ) -> datetime | None:
        """Take turns of a quota in one account and region.

        Parameters
        ----------
        service, target, quota
            What is called, and the name under which its calls are counted.
        spacing
            From one turn to the next.
        turns
            How many.
        latest
            The first of them may not come later.

        Returns
        -------
        datetime or None
            The moment of the first turn; the others follow at ``spacing``. ``None``: it would come too late, and none
            was taken.
        """
        ...


class OwnTurns:
    """Turns of one process alone, for what runs beside no other.

    Parameters
    ----------
    clock
        Its ``now`` is used.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._free: dict[tuple[str, Target, str], datetime] = {}

    def take(
        self, service: str, target: Target, quota: str, *, spacing: timedelta, turns: int, latest: datetime
    ) -> datetime | None:
        """As ``Turns.take`` says."""
        with self._lock:
            now = self._clock.now()
            first = max(now, self._free.get((service, target, quota), now))
            if first > latest:
                return None
            self._free[service, target, quota] = first + turns * spacing
            return first


class RateLimiter:
    """Spaces the calls of one lane; safe for many threads.

    Parameters
    ----------
    service, target
        The lane.
    turns
        Where turns come from.
    clock
        Time, injected.
    """

    def __init__(self, service: str, target: Target, turns: Turns, clock: Clock) -> None:
        self._service = service
        self._target = target
        self._turns = turns
        self._clock = clock
        self._lock = threading.Lock()
        self._quotas: dict[str, _Quota] = {}

    def wait(self, operation: str, rate: float, deadline: float, *, quota: str | None = None) -> None:
        """Wait for the operation's next turn, at ``rate`` turns a second, counted under ``quota`` where it has one.

        Raises
        ------
        ReadFailure
            Kind deadline: the turn would come after it.
        """
        name = quota or operation
        with self._lock:
            state = self._quotas.setdefault(name, _Quota())
        with state.lock:
            turn = self._next(state, name, rate, deadline)
        if turn is None:
            raise failure(
                ErrorKind.DEADLINE,
                "DeadlineExceeded",
                f"the time for reading was over before the next turn at {rate:g} calls a second",
                operation,
            )
        now = self._clock.monotonic()
        if turn > now:
            self._clock.sleep(turn - now)

    def _next(self, state: "_Quota", quota: str, rate: float, deadline: float) -> float | None:
        """The moment of the next turn on the monotonic clock, ``None`` where it is too late.

        One that was taken before is good as long as the next one of its quota is not nearer; so is one that has just
        been taken, for the store may have been slow to answer.
        """
        spacing = 1 / rate
        if self._drop_missed(state, spacing):
            state.wanted = 1
        while not state.taken:
            now, wall = self._clock.monotonic(), self._clock.now()
            if now >= deadline:
                return None
            turns = min(state.wanted, max(1, int(rate * AT_ONCE_SECONDS)))
            first = self._turns.take(
                self._service,
                self._target,
                quota,
                spacing=timedelta(seconds=spacing),
                turns=turns,
                latest=wall + timedelta(seconds=min(deadline - now, _LONGEST)),
            )
            if first is None:
                return None
            begin = now + (first - wall).total_seconds()
            state.taken.extend(begin + number * spacing for number in range(turns))
            state.wanted = 2 * turns
            self._drop_missed(state, spacing)
        return state.taken.popleft() if state.taken[0] < deadline else None

    def _drop_missed(self, state: "_Quota", spacing: float) -> bool:
        """Drop the turns that are over; true where there were some."""
        now, before = self._clock.monotonic(), len(state.taken)
        while state.taken and state.taken[0] + min(spacing / 2, LATE_SECONDS) < now:
            state.taken.popleft()
        return len(state.taken) < before


class _Quota:
    """Turns of one quota that were taken and not used yet."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.taken: deque[float] = deque()
        self.wanted = 1
        """How many to take next: more while they are used up."""


_LONGEST = 365 * 86_400.0
