"""The cadence, as a table: what was known, what the read came to, when the next one is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobview.model import CadenceKind, Coverage, CoverageStatus, Cursor, ErrorKind, ReadError, Schedule, Source, Target
from jobview.refresh.cadence import (
    DORMANT_SPREAD,
    MOST_FINGERPRINTS,
    SPREAD,
    THROTTLED_SPREAD,
    Cadence,
    Outcome,
    is_due,
    next_schedule,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
CADENCE = Cadence()
CURSOR = Cursor(listing=0, token="t", started_at=NOW, seen=100, pages=1)
SOURCE = Source(service="sesv2", type="import", target=Target(account="111122223333", region="us-east-1"))


def planned(kind: CadenceKind, seconds: int | None, **more: Any) -> Schedule:
    return Schedule(kind=kind, seconds=seconds, due=NOW, **more)


def failed(kind: ErrorKind, **more: Any) -> Outcome:
    error = ReadError(kind=kind.value, code="C", message="m", operation="List", retryable=True)
    return Outcome(started_at=NOW, error=error, **more)


def listed(**more: Any) -> Outcome:
    return Outcome(started_at=NOW, listed=True, read=1, **more)


NEW = planned(CadenceKind.NEW, None)
ACTIVE = planned(CadenceKind.ACTIVE, 60)


def idle(seconds: int) -> Schedule:
    return planned(CadenceKind.IDLE, seconds, used=True)


def unused(kind: str, seconds: int) -> Schedule:
    return planned(CadenceKind(kind), seconds)


@pytest.mark.parametrize(
    ("before", "outcome", "kind", "seconds"),
    [
        # An open job: every minute, whatever was before.
        (None, listed(open=1, changed=True), "active", 60),
        (ACTIVE, listed(open=1), "active", 60),
        (idle(900), listed(open=3), "active", 60),
        # Nothing open: back off from a minute, doubling to a quarter of an hour; any change brings it back.
        (None, listed(), "idle", 60),
        (NEW, listed(), "idle", 60),
        (ACTIVE, listed(changed=True), "idle", 60),
        (ACTIVE, listed(), "idle", 60),
        (idle(60), listed(), "idle", 120),
        (idle(120), listed(), "idle", 240),
        (idle(240), listed(), "idle", 480),
        (idle(480), listed(), "idle", 900),
        (idle(900), listed(), "idle", 900),
        (idle(900), listed(changed=True), "idle", 60),
        # It never had a job: the interval goes on doubling to four hours, until the first job.
        (unused("idle", 480), listed(), "dormant", 960),
        (unused("dormant", 960), listed(), "dormant", 1920),
        (unused("dormant", 7680), listed(), "dormant", 14_400),
        (unused("dormant", 14_400), listed(), "dormant", 14_400),
        (unused("dormant", 14_400), listed(found=True, changed=True), "idle", 60),
        (unused("dormant", 14_400), listed(open=1), "active", 60),
        (unused("active", 60), listed(), "idle", 60),  # an event woke it, and there was no job
        (unused("dormant", 14_400), failed(ErrorKind.SERVICE), "failing", 60),
        # Jobs that were found long ago, or that ended before they could be listed.
        (planned(CadenceKind.IDLE, 900, used=True), listed(), "idle", 900),
        (unused("idle", 480), listed(rests=False), "idle", 900),
        (unused("idle", 900), listed(rests=False), "idle", 900),
        # Searches for parents: every quarter of an hour, and more seldom while there never was one.
        (None, listed(discovery=True), "discovery", 900),
        (None, listed(discovery=True, found=True), "discovery", 900),
        (unused("discovery", 900), listed(discovery=True, found=True), "discovery", 900),
        (planned(CadenceKind.DISCOVERY, 900, used=True), listed(discovery=True), "discovery", 900),
        (unused("discovery", 900), listed(discovery=True), "dormant", 1800),
        (unused("dormant", 14_400), listed(discovery=True), "dormant", 14_400),
        (unused("dormant", 14_400), listed(discovery=True, found=True), "discovery", 900),
        (unused("active", 60), listed(discovery=True), "discovery", 900),
        # Errors, by their kind.
        (ACTIVE, failed(ErrorKind.THROTTLED), "throttled", 60),
        (planned(CadenceKind.THROTTLED, 60), failed(ErrorKind.THROTTLED), "throttled", 120),
        (planned(CadenceKind.THROTTLED, 900), failed(ErrorKind.THROTTLED), "throttled", 900),
        (idle(900), failed(ErrorKind.DENIED), "denied", 1800),
        (idle(900), failed(ErrorKind.EXPIRED), "denied", 1800),
        (planned(CadenceKind.DENIED, 1800), failed(ErrorKind.DENIED), "denied", 1800),
        (planned(CadenceKind.DENIED, 1800), listed(), "idle", 60),
        (ACTIVE, failed(ErrorKind.UNSUPPORTED), "unsupported", 86_400),
        (ACTIVE, failed(ErrorKind.RETIRED), "retired", None),
        (ACTIVE, failed(ErrorKind.SERVICE), "failing", 60),
        (planned(CadenceKind.FAILING, 60), failed(ErrorKind.TIMEOUT), "failing", 120),
        (planned(CadenceKind.FAILING, 480), failed(ErrorKind.CONNECTION), "failing", 900),
        (planned(CadenceKind.FAILING, 900), failed(ErrorKind.MALFORMED), "failing", 900),
        (planned(CadenceKind.FAILING, 900), listed(open=1), "active", 60),
        (planned(CadenceKind.DISCOVERY, 900), failed(ErrorKind.SERVICE, discovery=True), "failing", 60),
        # The list was read and something behind it was not: it is tried again soon, and ever more seldom.
        (ACTIVE, failed(ErrorKind.DENIED, listed=True, open=1), "failing", 60),
        # Out of time is no error: the cadence stays what the jobs make it.
        (idle(480), failed(ErrorKind.DEADLINE), "idle", 900),
        (ACTIVE, failed(ErrorKind.DEADLINE, open=2), "active", 60),
    ],
)
def test_the_table(before: Schedule | None, outcome: Outcome, kind: str, seconds: int | None) -> None:
    after = next_schedule(before, outcome, CADENCE, jitter=0.0)
    assert (after.kind.value, after.seconds) == (kind, seconds)
    out_of_time = outcome.error is not None and outcome.error.kind == ErrorKind.DEADLINE
    if seconds is None:
        assert after.due is None
    elif not out_of_time:
        assert after.due == NOW + timedelta(seconds=seconds)


def test_every_kind_of_error_has_its_place() -> None:
    for kind in ErrorKind:
        after = next_schedule(ACTIVE, failed(kind), CADENCE, jitter=0.5)
        assert (after.due is None) == (kind is ErrorKind.RETIRED)


def test_the_intervals_are_a_deployments_own() -> None:
    own = Cadence(active=timedelta(seconds=20), idle=timedelta(seconds=30), denied=timedelta(hours=2))
    assert next_schedule(None, listed(open=1), own, jitter=0).seconds == 20
    assert next_schedule(idle(20), listed(), own, jitter=0).seconds == 30
    assert next_schedule(None, failed(ErrorKind.DENIED), own, jitter=0).seconds == 7200
    assert own.ahead == timedelta(seconds=10)


def test_a_dormant_interval_is_never_shorter_than_the_usual_longest() -> None:
    own = Cadence(idle=timedelta(hours=6), dormant=timedelta(hours=1), discovery=timedelta(hours=8))
    assert next_schedule(unused("idle", 21_600), listed(), own, jitter=0).kind is CadenceKind.IDLE
    assert next_schedule(unused("idle", 21_600), listed(), own, jitter=0).seconds == 21_600
    assert next_schedule(unused("discovery", 28_800), listed(discovery=True), own, jitter=0).seconds == 28_800


def test_a_source_stays_used_through_errors_and_empty_lists() -> None:
    schedule = next_schedule(NEW, listed(found=True), CADENCE, jitter=0)
    for outcome in (failed(ErrorKind.THROTTLED), failed(ErrorKind.DEADLINE), listed(), listed(discovery=True)):
        schedule = next_schedule(schedule, outcome, CADENCE, jitter=0)
        assert schedule.used


def test_dormant_sources_spread_out() -> None:
    waits = [next_schedule(unused("dormant", 14_400), listed(), CADENCE, jitter=each).due for each in (0.0, 1.0)]
    assert waits == [NOW + timedelta(hours=4), NOW + timedelta(hours=3)]


def test_what_was_not_begun_keeps_its_place_and_what_was_goes_behind_it() -> None:
    waiting = replace(ACTIVE, due=NOW - timedelta(minutes=3))
    assert next_schedule(waiting, failed(ErrorKind.DEADLINE), CADENCE, jitter=0).due == waiting.due
    begun = next_schedule(waiting, failed(ErrorKind.DEADLINE, read=3, cursor=CURSOR), CADENCE, jitter=0)
    assert (begun.due, begun.cursor) == (NOW, CURSOR)


def test_a_listing_that_was_throttled_on_the_way_waits_and_then_goes_on() -> None:
    after = next_schedule(ACTIVE, failed(ErrorKind.THROTTLED, read=3, cursor=CURSOR), CADENCE, jitter=0)
    assert after.cursor == CURSOR
    assert after.due == NOW + timedelta(minutes=1)


def test_full_syncs() -> None:
    first = next_schedule(NEW, listed(full_sync=True, pages=9, fingerprints=("a",) * 9), CADENCE, jitter=0)
    assert (first.full_sync_due, first.pages, first.fingerprints) == (NOW + timedelta(hours=6), 9, ("a",) * 9)
    shorter = next_schedule(first, listed(), CADENCE, jitter=0)
    assert (shorter.full_sync_due, shorter.pages, shorter.fingerprints) == (first.full_sync_due, 9, ("a",) * 9)
    unsure = next_schedule(first, listed(unsure=True), CADENCE, jitter=0)
    assert unsure.full_sync_due == NOW
    long = next_schedule(NEW, listed(full_sync=True, pages=99, fingerprints=("a",) * 99), CADENCE, jitter=0)
    assert len(long.fingerprints) == MOST_FINGERPRINTS


def test_where_reads_tell_open_jobs_alone_a_complete_one_comes_with_the_full_sync() -> None:
    after = next_schedule(NEW, listed(full_sync=True, pages=9, next_reads_complete=False, open=1), CADENCE, jitter=0)
    assert after.due == NOW + timedelta(minutes=1)
    assert after.full_sync_due == after.complete_by == NOW + timedelta(hours=1)
    between = next_schedule(after, listed(next_reads_complete=False, open=1), CADENCE, jitter=0)
    assert between.complete_by == after.full_sync_due
    assert next_schedule(NEW, listed(open=1), CADENCE, jitter=0).complete_by == NOW + timedelta(minutes=1)


@given(
    before=st.one_of(
        st.none(),
        st.builds(
            planned, st.sampled_from(CadenceKind), st.sampled_from([60, 240, 900, 14_400, None]), used=st.booleans()
        ),
    ),
    kind=st.one_of(st.none(), st.sampled_from([kind for kind in ErrorKind if kind is not ErrorKind.RETIRED])),
    open_jobs=st.integers(0, 3),
    changed=st.booleans(),
    jitter=st.floats(0, 1),
)
def test_no_source_is_put_off_longer_than_the_table_says(
    before: Schedule | None, kind: ErrorKind | None, open_jobs: int, changed: bool, jitter: float
) -> None:
    outcome = listed(open=open_jobs, changed=changed) if kind is None else failed(kind, open=open_jobs)
    after = next_schedule(before, outcome, CADENCE, jitter=jitter)
    assert after.due is not None
    assert after.seconds is not None
    wait = (after.due - NOW).total_seconds()
    longest = after.seconds * (1 + THROTTLED_SPREAD) if after.kind is CadenceKind.THROTTLED else after.seconds
    assert 0 <= wait <= longest
    if kind is not ErrorKind.DEADLINE:
        spread = DORMANT_SPREAD if after.kind is CadenceKind.DORMANT else SPREAD
        assert wait >= min(after.seconds, max(60, after.seconds * (1 - spread)))
    if kind is None and open_jobs:
        assert wait == 60


def test_due_a_little_ahead_so_that_a_run_that_is_early_leaves_nothing_to_the_next() -> None:
    row = Coverage(source=SOURCE, status=CoverageStatus.COMPLETE, schedule=ACTIVE)
    assert is_due(row, NOW, CADENCE)
    assert is_due(row, NOW - timedelta(seconds=30), CADENCE)
    assert not is_due(row, NOW - timedelta(seconds=31), CADENCE)
    assert is_due(None, NOW, CADENCE)
    assert is_due(replace(row, schedule=None), NOW, CADENCE)
    assert not is_due(replace(row, schedule=replace(ACTIVE, due=None)), NOW, CADENCE)
