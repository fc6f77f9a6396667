"""Keeping the calls of one lane under the rate that AWS allows for each operation."""

import threading

from jobview.collect.clock import Clock
from jobview.collect.errors import ErrorKind, failure


class Pace:
    """Spaces the calls of one lane evenly; safe for many threads.

    Parameters
    ----------
    clock
        Its ``monotonic`` and ``sleep`` are used.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._free: dict[str, float] = {}

    def wait(self, operation: str, rate: float, deadline: float) -> None:
        """Wait for the operation's next turn, at ``rate`` turns a second.

        Raises
        ------
        ReadFailure
            Kind deadline: the turn would come after it. No turn is used up then.
        """
        with self._lock:
            now = self._clock.monotonic()
            turn = max(now, self._free.get(operation, now))
            if turn >= deadline:
                raise failure(
                    ErrorKind.DEADLINE,
                    "DeadlineExceeded",
                    f"the time for reading was over before the next turn at {rate:g} calls a second",
                    operation,
                )
            self._free[operation] = turn + 1 / rate
        if turn > now:
            self._clock.sleep(turn - now)
