"""Callers of the API at the same time, each an execution of its own, and how often they make AWS be asked."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from handlers.api.handler import build
from jobview.aws.clock import Clock
from local.standin import Fault
from tests.api_gateway import Client, Reply
from tests.local_jobview import Local

CALLERS = 20
LONGEST_SLEEP = 0.1
CLOCK = Clock(
    monotonic=time.monotonic,
    sleep=lambda seconds: time.sleep(min(seconds, LONGEST_SLEEP)),
    now=lambda: datetime.now(UTC),
)
"""Real but for long sleeps, which are cut: waits for quotas hardly matter here, and writers of one job that meet in the
table have to give way to each other for a moment, or they use up their attempts."""


HOUR = 3600
"""A ``maxAge`` in seconds that no test takes as long as."""


def callers(local: Local, count: int, *, clock: Clock = CLOCK) -> list[Client]:
    """API functions with clients and stores of their own."""
    return [Client(build(local.settings, clock=clock).resolve, seconds=27) for _ in range(count)]


class Crowd:
    """Callers that ask for one thing at once. AWS answers the first call only when all of them have come.

    Their clock runs slowly, so that a claim lasts longer than a slow machine takes to let them come.
    """

    _SLOWER = 6.0
    _LOOKS = 10
    """Who waits for another's read looks at the clock again and again; nobody does so often before."""

    def __init__(self, local: Local, count: int = CALLERS) -> None:
        self._local = local
        self._looks = [0] * count
        began, at = time.monotonic(), datetime.now(UTC)

        def monotonic() -> float:
            return began + (time.monotonic() - began) / self._SLOWER

        def now_of(number: int) -> Callable[[], datetime]:
            def now() -> datetime:
                self._looks[number] += 1
                return at + timedelta(seconds=monotonic() - began)

            return now

        clocks = [replace(CLOCK, monotonic=monotonic, now=now_of(number)) for number in range(count)]
        self.clients = [Client(build(local.settings, clock=clock).resolve, seconds=27) for clock in clocks]

    def get(self, target: str, *, first: Callable[[], None] | None = None) -> list[Reply]:
        """Everybody's answer. With ``first`` one caller comes alone, and the others when this function returns."""
        self._looks[:] = [0] * len(self.clients)
        with waiting(self._local, service="omics") as answer, ThreadPoolExecutor(len(self.clients)) as pool:
            replies = [pool.submit(self.clients[0].get, target)]
            if first is not None:
                first()
            replies += [pool.submit(client.get, target) for client in self.clients[1:]]
            wait_until(lambda: sum(map(self.waits, range(len(self.clients)))) >= len(self.clients) - 1)
            answer()
            return [reply.result() for reply in replies]

    def waits(self, number: int) -> bool:
        """Whether this client has come, and waits for another's read."""
        return self._looks[number] >= self._LOOKS


@contextmanager
def waiting(local: Local, **where: str) -> Iterator[Callable[[], object]]:
    """Calls to AWS are answered only once the yielded function is called, or at the end."""
    rule = local.aws.faults.add(Fault(kind="wait"), **where)
    try:
        yield lambda: local.aws.faults.remove(rule)
    finally:
        local.aws.faults.remove(rule)


def read_long_ago(local: Local) -> Reply:
    """A live read of everything, two hours ago: too old for ``maxAge=HOUR``, however slow a test is."""
    clock = replace(CLOCK, now=lambda: datetime.now(UTC) - timedelta(seconds=2 * HOUR))
    [client] = callers(local, 1, clock=clock)
    return client.get("/v1/jobs?maxAge=0")


def counted(local: Local, seconds: float, **where: str) -> str:
    """A rule that makes HealthOmics slow, and counts its calls."""
    return local.aws.faults.add(Fault(kind="latency", seconds=seconds), service="omics", **where)


def calls(local: Local, rule: str) -> int:
    [seen] = [int(each["seen"]) for each in local.aws.faults.to_json() if each["id"] == rule]
    return seen


def at_once(clients: list[Client], target: str) -> list[Reply]:
    begin = threading.Barrier(len(clients), timeout=60)

    def call(client: Client) -> Reply:
        begin.wait()
        return client.get(target)

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(call, clients))


def wait_until(begun: Callable[[], bool]) -> None:
    """Wait for what another thread does, half a minute at the most."""
    end = time.monotonic() + 30
    while not begun():
        assert time.monotonic() < end, "the other thread does not come to it"
        time.sleep(0.02)
