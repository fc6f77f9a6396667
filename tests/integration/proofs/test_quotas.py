"""Quotas across executions: the turns that many take from one table, and a lane that is read from two sides at once."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import boto3
import pytest

from jobview.aws.clock import SYSTEM
from jobview.catalogue.family import Family
from jobview.model import State, Target
from jobview.store import Retention, Store
from local.standin import Plan
from local.standin.faults import Faults, Trouble
from tests.cut_line import Line
from tests.integration.proofs.world import World
from tests.local_aws import ACCOUNT, REGION

HERE = Target(account=ACCOUNT, region=REGION)


def stores(world: World, *ahead: timedelta) -> list[Store]:
    """One for each clock, with a client of its own; the clocks run."""

    def store(by: timedelta) -> Store:
        client = boto3.Session().client("dynamodb")
        return Store(client, world.table, Retention(days=30), clock=lambda: datetime.now(UTC) + by)

    return [store(by) for by in ahead]


def reserve(store: Store, quota: str, spacing: timedelta, calls: int, wait: timedelta) -> list[datetime]:
    """The moments that were reserved."""
    latest = store._table.now() + wait
    first = store.reservations.reserve("sesv2", HERE, quota, spacing=spacing, calls=calls, latest=latest)
    return [] if first is None else [first + number * spacing for number in range(calls)]


@pytest.mark.parametrize("milliseconds", [7.0, 1000 / 30])
def test_moments_that_many_reserve_at_once_are_exactly_apart(world: World, milliseconds: float) -> None:
    spacing = timedelta(milliseconds=milliseconds)

    def work(store: Store) -> list[datetime]:
        return [
            moment
            for number in range(15)
            for moment in reserve(store, "Get", spacing, 1 + number % 3, timedelta(minutes=1))
        ]

    with ThreadPoolExecutor(max_workers=6) as pool:
        granted = sorted(moment for moments in pool.map(work, stores(world, *[timedelta()] * 6)) for moment in moments)
    assert len(granted) == 6 * 30
    assert min(later - sooner for sooner, later in pairwise(granted)) >= spacing


def test_moments_after_an_idle_time_are_exactly_apart(world: World) -> None:
    """Where each finds the quota free, nobody begins a part of a millisecond too early."""
    [store] = stores(world, timedelta())
    spacing = timedelta(milliseconds=4)
    granted: list[datetime] = []
    for _ in range(60):
        begun = datetime.now(UTC)
        [moment] = reserve(store, "Get", spacing, 1, timedelta(minutes=1))
        assert moment >= begun
        granted.append(moment)
        while datetime.now(UTC) < moment + spacing:
            time.sleep(0.0002)
    assert min(later - sooner for sooner, later in pairwise(granted)) >= spacing


def test_a_turn_that_would_come_too_late_is_not_taken(world: World) -> None:
    [store] = stores(world, timedelta())
    minute = timedelta(minutes=1)
    assert len(reserve(store, "Get", minute, 3, minute)) == 3
    assert reserve(store, "Get", minute, 1, minute) == []
    assert reserve(store, "List", minute, 1, minute), "of another quota"
    [fourth] = reserve(store, "Get", minute, 1, 4 * minute)
    assert fourth > datetime.now(UTC) + 2.9 * minute


@pytest.mark.parametrize("minutes", [3, 10, 20])
def test_clocks_that_differ_never_have_the_same_turn(world: World, minutes: int) -> None:
    """An execution whose clock is behind waits for the other's moments, or gets none that is early enough."""
    ahead, behind = stores(world, timedelta(minutes=minutes), timedelta())
    spacing = timedelta(milliseconds=20)
    granted: list[datetime] = []
    told_late = 0
    for _ in range(15):
        granted += reserve(ahead, "Get", spacing, 2, timedelta(seconds=20))
        moments = reserve(behind, "Get", spacing, 2, timedelta(seconds=20))
        told_late += not moments
        granted += moments
    assert told_late == 15
    granted.sort()
    assert min(later - sooner for sooner, later in pairwise(granted)) >= spacing


def test_a_clock_out_of_all_reason_stops_nobody(world: World) -> None:
    mad, sane = stores(world, timedelta(hours=5), timedelta())
    assert reserve(mad, "Get", timedelta(seconds=1), 1, timedelta(minutes=1))
    [moment] = reserve(sane, "Get", timedelta(seconds=1), 1, timedelta(minutes=1))
    assert moment < datetime.now(UTC) + timedelta(seconds=1)


class Log(Faults):
    """When each operation of the stand-in was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: dict[str, list[float]] = {}
        self._logging = threading.Lock()

    def for_request(self, service: str, operation: str | None, region: str | None) -> Trouble:
        with self._logging:
            self.asked.setdefault(operation or service, []).append(time.monotonic())
        return super().for_request(service, operation, region)


def at_rate(family: Family, rate: float) -> Family:
    assert family.get is not None
    return replace(family, list=replace(family.listed[0], rate=rate), get=replace(family.get, rate=rate))


def most_ahead(moments: Sequence[float], spacing: float) -> float:
    """By how many seconds calls came sooner than at their rate, counted from any call on."""
    begun, worst = 0.0, 0.0
    for place, moment in enumerate(moments):
        begun = max(begun, moment - place * spacing) if place else moment
        worst = max(worst, begun - (moment - place * spacing))
    return worst


def test_a_refresh_and_live_reads_at_once_keep_the_rate_together(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    rate, jobs = 20.0, 12
    log = Log()
    monkeypatch.setattr(world.aws._server, "faults", log)
    started = [world.start("sesv2/import", Plan(submitted=0, running=36_000)) for _ in range(jobs)]
    lines = [Line() for _ in range(3)]
    parts = [line.build_application(world.settings, SYSTEM) for line in lines]
    [family] = [at_rate(each, rate) for each in world.monitored.families if each.name == "sesv2/import"]

    def lane() -> None:
        parts[0].refresher.read_lane([family], HERE, deadline=time.monotonic() + 60)

    def live(number: int) -> None:
        parts[number].refresher.read_families([family], [HERE], deadline=time.monotonic() + 60)

    with ThreadPoolExecutor(max_workers=3) as pool:
        for done in [pool.submit(lane), pool.submit(live, 1), pool.submit(live, 2)]:
            done.result()
    assert len(log.asked["ListImportJobs"]) == 3 * (jobs // 2)
    # What one has got before another lists it, that one does not get again.
    assert jobs < len(log.asked["GetImportJob"]) <= 3 * jobs
    for operation in ("ListImportJobs", "GetImportJob"):
        # Half a turn late at the most, and what the machine takes to send a request.
        assert most_ahead(sorted(log.asked[operation]), 1 / rate) < 0.5 / rate + 0.25, operation
    stored = parts[0].store.get_many(started, consistent=True)
    assert {job.view.state for job in stored.values()} == {State.PENDING}, "a container none of whose parts is at work"
    assert len(stored) == jobs
