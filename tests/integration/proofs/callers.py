"""Callers of the API at the same time, each an execution of its own, and how often they make AWS be asked."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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
