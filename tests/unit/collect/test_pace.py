import threading

import pytest

from jobview.collect.clock import Clock
from jobview.collect.errors import ErrorKind, ReadFailure
from jobview.collect.pace import Pace


class Hands:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.at = 100.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 6))
        self.at += seconds

    @property
    def clock(self) -> Clock:
        return Clock(monotonic=lambda: self.at, sleep=self.sleep)


def test_calls_keep_their_distance_for_each_operation() -> None:
    hands = Hands()
    pace = Pace(hands.clock)
    for _ in range(3):
        pace.wait("List", 2.0, deadline=1000)
    pace.wait("Get", 2.0, deadline=1000)
    assert hands.slept == [0.5, 0.5]


def test_an_idle_time_saves_up_no_turns() -> None:
    hands = Hands()
    pace = Pace(hands.clock)
    pace.wait("List", 1.0, deadline=1000)
    hands.at += 60
    pace.wait("List", 1.0, deadline=1000)
    pace.wait("List", 1.0, deadline=1000)
    assert hands.slept == [1.0]


def test_a_turn_after_the_deadline_is_refused_and_not_used_up() -> None:
    hands = Hands()
    pace = Pace(hands.clock)
    pace.wait("List", 1.0, deadline=1000)
    with pytest.raises(ReadFailure) as refused:
        pace.wait("List", 1.0, deadline=100.5)
    assert refused.value.error.kind == ErrorKind.DEADLINE
    pace.wait("List", 1.0, deadline=1000)
    assert hands.slept == [1.0]


def test_many_threads_together_keep_the_rate() -> None:
    turns: list[float] = []
    pace = Pace(Clock(monotonic=lambda: 0.0, sleep=turns.append))
    threads = [threading.Thread(target=pace.wait, args=("List", 100.0, 60.0)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(turns) == pytest.approx([number / 100 for number in range(1, 20)])
