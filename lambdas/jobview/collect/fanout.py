"""Many reads at once, on threads."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

THREADS = 64
"""More than about this many only wait for one another."""

T = TypeVar("T")


def run_all(tasks: Sequence[Callable[[], T]], *, threads: int = THREADS) -> list[T]:
    """Run every task, up to ``threads`` of them at once; their results, in the order of the tasks.

    It waits for all of them: each read ends by its own deadline, which also bounds the call that is under way.

    Raises
    ------
    Exception
        What the first task that raised raised, once all have ended.
    """
    if not tasks:
        return []
    with ThreadPoolExecutor(max_workers=min(len(tasks), threads), thread_name_prefix="read") as pool:
        running = [pool.submit(task) for task in tasks]
    return [task.result() for task in running]
