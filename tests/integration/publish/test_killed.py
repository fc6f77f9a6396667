"""Publish killed at each request, at work twice at once, throttled: each transition arrives, in its order."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest

from jobview.aws.clock import SYSTEM
from jobview.bootstrap import Application
from jobview.events.publishing import Publisher
from jobview.model import State
from jobview.store import StoreBusyError
from tests.cut_line import Line, killed
from tests.monitoring import monitoring

from .conftest import Bench

JOBS = 4
LIFE = (State.PENDING, State.RUNNING, State.FAILED)


def publisher(line: Line, bench: Bench) -> Publisher:
    """A publisher all of whose requests go over the line."""
    settings = {
        "JOBVIEW_TABLE": bench.table,
        **monitoring(["omics/reference-import"]),
    }
    parts: Application = line.build_application(settings, SYSTEM)
    session = line.session()
    return Publisher(
        events=session.client("events"),
        bus=bench.bus,
        sqs=session.client("sqs"),
        dead_letters=bench.dead,
        store=parts.store,
        sleep=lambda _: None,
    )


@pytest.fixture
def records(bench: Bench) -> list[dict[str, Any]]:
    for state in LIFE:
        for number in range(JOBS):
            bench.record(number, state)
    return bench.stream()


def numbers(events: Sequence[dict[str, Any]]) -> dict[str, list[int]]:
    """The numbers of each job's transitions, in the order of arrival."""
    found: dict[str, list[int]] = {}
    for event in events:
        found.setdefault(event["detail"]["subject"], []).append(event["detail"]["data"]["number"])
    return found


def check_arrived(bench: Bench, *, most: int) -> None:
    """Each job's transitions arrived, each not before an earlier one did, and none more often than it was sent."""
    arrived = numbers(bench.arrived())
    assert len(arrived) == JOBS
    for told in arrived.values():
        assert list(dict.fromkeys(told)) == list(range(1, len(LIFE) + 1)), told
        assert max(told.count(number) for number in told) <= most


def test_killed_anywhere_every_transition_arrives_in_its_order(bench: Bench, records: list[dict[str, Any]]) -> None:
    line = Line()
    publishes = publisher(line, bench)
    for number in count():
        line.cut(max(1, number), behind=number > 0)
        dead = killed(lambda: publishes.publish(records))
        line.whole()
        if not dead:
            assert number > len(LIFE), "a request for each transition of a job, and one to read"
            break
        assert publishes.publish(records).resume is None  # Lambda hands over the whole batch again
        check_arrived(bench, most=2)
    check_arrived(bench, most=1)


def test_two_at_once_on_the_same_records_publish_nothing_that_is_not_so(
    bench: Bench, records: list[dict[str, Any]]
) -> None:
    """Lambda gives a shard to one at a time; where that should ever fail, duplicates are all that comes of it."""
    publishers = [publisher(Line(), bench) for _ in range(2)]
    with ThreadPoolExecutor(max_workers=2) as pool:
        for done in [pool.submit(each.publish, records) for each in publishers]:
            assert done.result().resume is None
    check_arrived(bench, most=2)


def test_throttled_anywhere_every_transition_arrives_in_its_order(
    bench: Bench, records: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda _: None))
    line = Line()
    publishes = publisher(line, bench)
    line.throttle(range(1, 2))
    assert publishes.publish(records).resume is None, "what passes is waited out"
    check_arrived(bench, most=1)
    line.throttle(range(1, 10_000))
    with pytest.raises(StoreBusyError):
        publishes.publish(records)
    assert bench.arrived() == []
    line.whole()
    assert publishes.publish(records).resume is None
    check_arrived(bench, most=1)
