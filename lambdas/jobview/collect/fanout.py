"""Runs many reads at once on one limited set of threads. Reads that follow from a read use the same threads."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count

THREADS = 64
"""The number of threads. More than about this many only wait for each other."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """A read."""

    run: Callable[[], Iterable["Task"]]
    """Runs the read and yields the tasks that follow. Each may begin as soon as it is yielded."""
    family: str = ""
    place: object = None
    """The account and region, or another group of tasks that may be slow together."""
    order: float = 0.0
    """Tasks with a lower order begin first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Polled:
    """The result of polling for work of other executions while tasks run."""

    tasks: Iterable[Task] = ()
    """The tasks that can begin now."""
    pause: float | None = None
    """Seconds until the next poll; ``None``: there is nothing more to wait for."""


def run_all(
    tasks: Iterable[Task],
    *,
    threads: int = THREADS,
    fair: bool = False,
    left: Callable[[], float] | None = None,
    poll: Callable[[], Polled] = Polled,
) -> None:
    """Run tasks, and the tasks that follow from them.

    Parameters
    ----------
    tasks
        The first tasks.
    threads
        The number of tasks that run at once.
    fair
        Prefer the family, and within it the place, with the fewest running tasks, and give none of several more than
        half of the threads. So slow tasks do not delay the others. Otherwise the order alone decides.
    left
        Returns the seconds that are left. When they are over, tasks that have not begun are dropped, and running tasks
        are not waited for; they stop by themselves. ``None``: wait for all.
    poll
        Called by the caller's thread while tasks run. Its result says when to call it again.

    Raises
    ------
    BaseException
        The exception of the first task that failed, after all have ended or the time is over.
    """
    if left is not None and left() <= 0:
        return
    pool = _Pool(threads, fair=fair)
    pool.add(tasks)
    try:
        while True:
            pause = _poll(poll, pool)
            seconds = None if left is None else left()
            if seconds is not None and seconds <= 0:
                break
            if pool.wait(pause, seconds) and pause is None and _poll(poll, pool) is None and pool.wait(0.0):
                break
    finally:
        error = pool.stop()
    if error is not None:
        raise error


def _poll(poll: Callable[[], Polled], pool: "_Pool") -> float | None:
    polled = poll()
    pool.add(polled.tasks)
    return polled.pause


class _Pool:
    """Threads, and the tasks that wait for one."""

    def __init__(self, threads: int, *, fair: bool) -> None:
        self._most = threads
        self._fair = fair
        self._changed = threading.Condition()
        self._waiting: dict[str, dict[object, list[tuple[float, int, Task]]]] = {}
        self._places: set[object] = set()
        self._families: set[str] = set()
        self._busy: Counter[object] = Counter()
        self._numbers = count()
        self._pending = 0
        self._threads = 0
        self._over = False
        self._error: BaseException | None = None

    def add(self, tasks: Iterable[Task]) -> None:
        """Add tasks, which wait for a thread."""
        with self._changed:
            if self._over:
                return
            for task in tasks:
                family, place = (task.family, task.place) if self._fair else ("", None)
                heap = self._waiting.setdefault(family, {}).setdefault(place, [])
                heappush(heap, (task.order, next(self._numbers), task))
                self._families.add(family)
                self._places.add(place)
                self._pending += 1
            while self._threads < min(self._most, self._pending):
                self._threads += 1
                threading.Thread(target=self._work, name="read", daemon=True).start()
            self._changed.notify_all()

    def wait(self, *seconds: float | None) -> bool:
        """Wait for the end of all tasks, for at most the smallest of ``seconds``; true where none is left."""
        limit = min((each for each in seconds if each is not None), default=None)
        with self._changed:
            if self._pending == 0 and seconds[0] is not None:
                self._changed.wait(limit)
            else:
                self._changed.wait_for(lambda: self._pending == 0, limit)
            return self._pending == 0

    def stop(self) -> BaseException | None:
        """Begin no more tasks; return the exception of the first task that failed."""
        with self._changed:
            self._over = True
            self._waiting.clear()
            self._changed.notify_all()
            return self._error

    def _work(self) -> None:
        while (task := self._next()) is not None:
            error: BaseException | None = None
            try:
                for following in task.run():
                    self.add([following])
            except BaseException as raised:  # noqa: BLE001 - the caller of run_all gets it
                error = raised
            with self._changed:
                self._error = self._error or error
                self._pending -= 1
                if self._fair:
                    self._busy[task.family] -= 1
                    self._busy[task.place] -= 1
                self._changed.notify_all()

    def _next(self) -> Task | None:
        """Wait for the next task that may begin; ``None`` when there are no more."""
        with self._changed:
            while True:
                if self._over or self._pending == 0:
                    self._threads -= 1
                    return None
                if (task := self._choose()) is not None:
                    return task
                self._changed.wait()

    def _choose(self) -> Task | None:
        half = max(1, self._most // 2)
        families = [name for name in self._waiting if len(self._families) == 1 or self._busy[name] < half]
        for family in sorted(families, key=lambda name: self._busy[name]):
            places = self._waiting[family]
            free = [place for place in places if len(self._places) == 1 or self._busy[place] < half]
            if not free:
                continue
            place = min(free, key=lambda each: (self._busy[each], places[each][0][:2]))
            _, _, task = heappop(places[place])
            if not places[place]:
                del places[place]
            if not places:
                del self._waiting[family]
            if self._fair:
                self._busy[family] += 1
                self._busy[place] += 1
            return task
        return None
