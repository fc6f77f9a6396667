"""One AWS call: within its rate and its deadline, retried by error code, with its failure classified."""

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore import xform_name

from jobview.aws.clients import Clients
from jobview.aws.clock import SYSTEM, Clock
from jobview.aws.errors import ReadFailure, classify, failure
from jobview.aws.parsers import UNREADABLE
from jobview.aws.rate_limiter import RateLimiter, Reservations
from jobview.model import ErrorKind, ReadError, Target

_FIRST_PAUSE = {ErrorKind.THROTTLED.value: 1.0}
_PAUSE = 0.2
_LONGEST_PAUSE = 8.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """An answer of AWS, and the time of the request."""

    members: Mapping[str, Any]
    asked_at: datetime
    unreadable: tuple[str, ...] = ()
    """The paths of the members that could not be read. Their values are ``None``."""


class Calls:
    """Makes the AWS calls of all readers; safe for many threads.

    Parameters
    ----------
    clients
        The source of boto3 clients.
    clock
        Time, injected.
    attempts
        The largest number of attempts for one call.
    jitter
        Returns a number from 0 to 1 that varies the pauses between attempts.
    reservations
        Reserves the moments at which calls may begin.
    share
        The part of each rate that is used.
    """

    def __init__(
        self,
        clients: Clients,
        *,
        reservations: Reservations,
        clock: Clock = SYSTEM,
        attempts: int = 3,
        jitter: Callable[[], float] = random.random,
        share: float = 1.0,
    ) -> None:
        self.clients = clients
        self.clock = clock
        self._attempts = attempts
        self._jitter = jitter
        self._reservations = reservations
        self._share = share
        self._lock = threading.Lock()
        self._limiters: dict[tuple[str, Target], RateLimiter] = {}

    def call(
        self,
        service: str,
        target: Target,
        operation: str,
        inputs: Mapping[str, Any],
        *,
        deadline: float,
        rate: float | None = None,
        quota: str | None = None,
    ) -> Answer:
        """Call an operation. ``rate`` is the number of calls a second that AWS allows in one account and region.

        ``quota`` is the name of the quota; ``None``: the operation has its own.

        Raises
        ------
        ReadFailure
            The last attempt's error, classified. The kind is deadline where no attempt ended in time.
        """
        attempt = 0
        while True:
            attempt += 1
            try:
                # Before the wait, because making a client may take longer than the time between two calls.
                with self.clients.bounded(self._left(deadline, operation)):
                    client = self.clients.ready(service, target)
                if rate is not None:
                    self._pace(service, target).wait(operation, self._share * rate, deadline, quota=quota)
                method = getattr(client, xform_name(operation))
                left = self._left(deadline, operation)
                asked_at = self.clock.now()
                with self.clients.bounded(left):
                    members = method(**inputs)
                unreadable = members.get("ResponseMetadata", {}).pop(UNREADABLE, ())
                return Answer(members=members, asked_at=asked_at, unreadable=tuple(unreadable))
            except Exception as error:
                found = classify(error, operation, region=target.region)
                if found.kind == ErrorKind.DEADLINE:
                    raise ReadFailure(found) from error
                if found.kind == ErrorKind.TIMEOUT and self.clock.monotonic() >= deadline:
                    raise _too_late(operation, "there was no answer before the deadline") from error
                pause = self._pause(found, attempt)
                if not found.retryable or attempt >= self._attempts or self._over(deadline, pause):
                    raise ReadFailure(found) from error
            self.clock.sleep(pause)

    def _left(self, deadline: float, operation: str) -> float:
        left = deadline - self.clock.monotonic()
        if left <= 0:
            raise _too_late(operation, "the time for reading was over")
        return left

    def _pace(self, service: str, target: Target) -> RateLimiter:
        with self._lock:
            return self._limiters.setdefault(
                (service, target), RateLimiter(service, target, self._reservations, self.clock)
            )

    def _pause(self, error: ReadError, attempt: int) -> float:
        """The pause doubles with each attempt. Half of it is random, so that many callers do not retry at once."""
        longest = min(_FIRST_PAUSE.get(error.kind, _PAUSE) * 2.0 ** (attempt - 1), _LONGEST_PAUSE)
        return longest * (0.5 + 0.5 * self._jitter())

    def _over(self, deadline: float, pause: float) -> bool:
        return self.clock.monotonic() + pause >= deadline


def _too_late(operation: str, message: str) -> ReadFailure:
    return failure(ErrorKind.DEADLINE, "DeadlineExceeded", message, operation)
