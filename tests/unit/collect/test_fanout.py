import threading

import pytest

from jobview.collect.fanout import run_all


def test_results_come_in_the_order_of_the_tasks() -> None:
    second_done = threading.Event()

    def first() -> str:
        assert second_done.wait(5)
        return "first"

    def second() -> str:
        second_done.set()
        return "second"

    assert run_all([first, second]) == ["first", "second"]


def test_all_run_at_once() -> None:
    barrier = threading.Barrier(40, timeout=10)
    assert len(run_all([barrier.wait] * 40)) == 40


def test_no_more_than_the_given_threads() -> None:
    running, most, lock = 0, 0, threading.Lock()
    go = threading.Event()

    def task() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
            if running == 3:
                go.set()
        go.wait(5)
        with lock:
            running -= 1

    run_all([task] * 9, threads=3)
    assert most == 3


def test_nothing_to_do() -> None:
    assert run_all([]) == []


def test_a_task_that_raises_does_not_stop_the_others() -> None:
    done: list[int] = []

    def fails() -> None:
        raise LookupError("first")

    with pytest.raises(LookupError, match="first"):
        run_all([fails, lambda: done.append(1), lambda: done.append(2)])
    assert sorted(done) == [1, 2]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("read")]
