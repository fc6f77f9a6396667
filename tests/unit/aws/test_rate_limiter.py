import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from jobview.aws.clock import Clock
from jobview.aws.errors import ReadFailure
from jobview.aws.rate_limiter import RateLimiter
from jobview.model import ErrorKind, Target
from local.reservations import OwnReservations

START = datetime(2026, 11, 20, tzinfo=UTC)
HERE = Target(account="111122223333", region="us-east-1")


class FrozenTime:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.at = 100.0
        self.slept: list[float] = []
        self.calls: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.at += seconds

    @property
    def clock(self) -> Clock:
        return Clock(monotonic=lambda: self.at, sleep=self.sleep, now=lambda: START + timedelta(seconds=self.at))

    def pace(self, reservations: OwnReservations | None = None) -> RateLimiter:
        return RateLimiter("sesv2", HERE, reservations or OwnReservations(self.clock), self.clock)

    def call(self, pace: RateLimiter, rate: float, quota: str | None = None) -> None:
        pace.wait("List", rate, deadline=1e6, quota=quota)
        self.calls.append(self.at)


def test_calls_keep_their_distance_for_each_operation() -> None:
    frozen_time = FrozenTime()
    pace = frozen_time.pace()
    for _ in range(3):
        pace.wait("List", 2.0, deadline=1000)
    pace.wait("Get", 2.0, deadline=1000)
    assert frozen_time.slept == [0.5, 0.5]


def test_operations_of_one_quota_share_its_turns() -> None:
    frozen_time = FrozenTime()
    pace = frozen_time.pace()
    for operation in ("List", "Get", "List"):
        pace.wait(operation, 5.0, deadline=1000, quota="ReferenceImport")
    assert frozen_time.slept == [0.2, 0.2]


def test_an_idle_time_saves_up_no_turns() -> None:
    frozen_time = FrozenTime()
    pace = frozen_time.pace()
    pace.wait("List", 1.0, deadline=1000)
    frozen_time.at += 60
    pace.wait("List", 1.0, deadline=1000)
    pace.wait("List", 1.0, deadline=1000)
    assert frozen_time.slept == [1.0]


def test_moments_that_were_reserved_and_not_used_in_time_are_not_made_up_for() -> None:
    frozen_time = FrozenTime()
    pace = frozen_time.pace()
    for _ in range(8):  # by now several are taken at once
        frozen_time.call(pace, 10.0)
    frozen_time.at += 5
    for _ in range(30):
        frozen_time.call(pace, 10.0)
    assert min(b - a for a, b in zip(frozen_time.calls, frozen_time.calls[1:], strict=False)) >= 0.05 - 1e-9
    for begin in frozen_time.calls:
        assert (
            sum(begin <= call < begin + 1 for call in frozen_time.calls) <= 11
        )  # one of them may be late by half a turn


def test_a_turn_after_the_deadline_is_refused_and_not_used_up() -> None:
    frozen_time = FrozenTime()
    pace = frozen_time.pace()
    pace.wait("List", 1.0, deadline=1000)
    with pytest.raises(ReadFailure) as refused:
        pace.wait("List", 1.0, deadline=100.5)
    assert refused.value.error.kind == ErrorKind.DEADLINE
    assert refused.value.error.operation == "List"
    pace.wait("List", 1.0, deadline=1000)
    assert frozen_time.slept == [1.0]


def test_two_executions_that_share_turns_keep_the_rate_together() -> None:
    frozen_time = FrozenTime()
    reservations = OwnReservations(frozen_time.clock)
    paces = [frozen_time.pace(reservations), frozen_time.pace(reservations)]
    for number in range(60):
        frozen_time.call(paces[number % 2], 4.0)
    for begin in frozen_time.calls:
        assert sum(begin <= call < begin + 1 for call in frozen_time.calls) <= 5
    # Nobody takes so many at once that the other waits for more than about a second.
    assert max(frozen_time.slept) <= 1.25


class SlowReservations:
    """Reservations of a store that answers late: ``meanwhile`` happens before its answer is there."""

    def __init__(self, reservations: OwnReservations, meanwhile: Callable[[], None]) -> None:
        self._reservations = reservations
        self._meanwhile = meanwhile

    def reserve(
        self, service: str, target: Target, quota: str, *, spacing: timedelta, calls: int, latest: datetime
    ) -> datetime | None:
        first = self._reservations.reserve(service, target, quota, spacing=spacing, calls=calls, latest=latest)
        self._meanwhile()
        return first


def test_moments_that_had_passed_when_the_store_answered_are_not_used() -> None:
    frozen_time = FrozenTime()
    reservations = OwnReservations(frozen_time.clock)
    quick = frozen_time.pace(reservations)
    others = iter([7, 4, 0, 0])

    def meanwhile() -> None:
        for _ in range(next(others)):
            frozen_time.call(quick, 10.0)

    frozen_time.call(RateLimiter("sesv2", HERE, SlowReservations(reservations, meanwhile), frozen_time.clock), 10.0)
    assert next(others) == 0, "twice the answer came too late"
    assert len(frozen_time.calls) == 12
    assert min(b - a for a, b in pairwise(frozen_time.calls)) >= 0.1 - 1e-9


def test_a_store_that_is_too_slow_for_any_turn_ends_with_the_deadline() -> None:
    frozen_time = FrozenTime()
    pace = RateLimiter(
        "sesv2",
        HERE,
        SlowReservations(OwnReservations(frozen_time.clock), lambda: frozen_time.sleep(5)),
        frozen_time.clock,
    )
    with pytest.raises(ReadFailure) as refused:
        pace.wait("List", 10.0, deadline=130.0)
    assert refused.value.error.kind == ErrorKind.DEADLINE
    assert 130 <= frozen_time.at <= 135


def test_many_threads_together_keep_the_rate() -> None:
    slept: list[float] = []
    clock = Clock(monotonic=lambda: 0.0, sleep=slept.append, now=lambda: START)
    pace = RateLimiter("sesv2", HERE, OwnReservations(clock), clock)
    threads = [threading.Thread(target=pace.wait, args=("List", 100.0, 60.0)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(slept) == pytest.approx([number / 100 for number in range(1, 20)])
