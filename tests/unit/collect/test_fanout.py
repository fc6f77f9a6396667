import threading
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial

import pytest

from jobview.collect.fanout import Polled, Task, run_all

PATIENCE = 10


def task(work: Callable[[], object], *, family: str = "", place: object = None, order: float = 0.0) -> Task:
    def run() -> Iterable[Task]:
        work()
        return ()

    return Task(run=run, family=family, place=place, order=order)


def test_all_run_at_once() -> None:
    barrier = threading.Barrier(40, timeout=PATIENCE)
    run_all([task(barrier.wait) for _ in range(40)])


def test_no_more_than_the_given_threads() -> None:
    running, most, lock = 0, 0, threading.Lock()
    go = threading.Event()

    def work() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
            if running == 3:
                go.set()
        go.wait(5)
        with lock:
            running -= 1

    run_all([task(work)] * 9, threads=3)
    assert most == 3


def test_nothing_to_do() -> None:
    run_all([])


def test_the_order_is_kept_with_the_tasks_that_follow() -> None:
    done: list[float] = []

    def followed() -> Iterator[Task]:
        done.append(0)
        yield from (task(partial(done.append, order), order=order) for order in (4, 2))

    run_all(
        [task(lambda: done.append(5), order=5), task(lambda: done.append(3), order=3), Task(run=followed)], threads=1
    )
    assert done == [0, 2, 3, 4, 5]


def test_what_a_task_yields_begins_before_the_task_ends() -> None:
    begun = threading.Event()

    def followed() -> Iterator[Task]:
        yield task(begun.set)
        assert begun.wait(PATIENCE)

    run_all([Task(run=followed)])
    assert begun.is_set()


@pytest.mark.parametrize("kind", [LookupError, KeyboardInterrupt])
def test_a_task_that_raises_does_not_stop_the_others(kind: type[BaseException]) -> None:
    done: list[int] = []

    def fails() -> None:
        raise kind("first")

    with pytest.raises(kind, match="first"):
        run_all([task(fails), task(lambda: done.append(1)), task(lambda: done.append(2))])
    assert sorted(done) == [1, 2]


@pytest.mark.parametrize("kind", ["family", "place"])
def test_slow_ones_of_a_family_or_a_place_leave_half_of_the_threads(kind: str) -> None:
    go, all_done = threading.Event(), threading.Event()
    done: list[int] = []

    def quick() -> None:
        done.append(1)
        if len(done) == 50:
            all_done.set()

    def named(work: Callable[[], object], name: str) -> Task:
        return task(work, family=name if kind == "family" else "f", place=name if kind == "place" else "p")

    tasks = [named(lambda: go.wait(PATIENCE), "slow") for _ in range(20)] + [named(quick, "quick") for _ in range(50)]
    runner = threading.Thread(target=lambda: run_all(tasks, threads=4, fair=True))
    runner.start()
    all_done.wait(5)
    found = len(done)
    go.set()
    runner.join(PATIENCE)
    assert found == 50


def test_at_the_end_of_the_time_what_waits_is_dropped_and_what_runs_left() -> None:
    go, done = threading.Event(), threading.Event()
    begun: list[int] = []
    until = time.monotonic() + 0.2

    def slow() -> None:
        begun.append(1)
        go.wait(PATIENCE)
        done.set()

    run_all([task(slow)] * 3, threads=1, left=lambda: until - time.monotonic())
    assert time.monotonic() < until + 2
    assert not done.is_set()
    go.set()
    assert done.wait(PATIENCE)
    time.sleep(0.05)
    assert begun == [1], "the others never begin"


def test_without_time_nothing_begins() -> None:
    begun: list[int] = []
    run_all([task(lambda: begun.append(1))], left=lambda: 0.0)
    time.sleep(0.05)
    assert begun == []


def test_it_polls_until_nothing_more_is_waited_for() -> None:
    asked: list[int] = []
    done: list[int] = []

    def poll() -> Polled:
        asked.append(1)
        tasks = [task(lambda: done.append(1))] if len(asked) == 3 else []
        return Polled(tasks=tasks, pause=0.01 if len(asked) < 3 else None)

    run_all([], poll=poll)
    assert len(asked) >= 3
    assert done == [1]
