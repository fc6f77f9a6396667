"""How long jobs stay."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobview.merge import merge
from jobview.model import (
    CadenceKind,
    Coverage,
    CoverageStatus,
    Depth,
    JobView,
    Observation,
    Schedule,
    Source,
    State,
    Target,
    Via,
)
from jobview.model.jobid import JobKey
from jobview.store import Retention, with_staleness
from jobview.store.table import ceil_milliseconds, decode, encode, weight

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DAY = 86_400


def view(state: State = State.FAILED, **times: datetime) -> JobView:
    key = JobKey(service="omics", region="us-east-1", account="111122223333", type="t", native_id="1")
    facts = {"native_status": "X", "observed_at": NOW, "via": Via.LIST}
    return JobView(key=key, state=state, **(facts | times))  # type: ignore[arg-type]


@given(days=st.integers(1, 4000), seconds=st.integers(-(10**9), 10**9))
def test_a_job_stays_at_least_its_days_and_little_longer(days: int, seconds: int) -> None:
    end = NOW + timedelta(seconds=seconds)
    expires = Retention(days=days).expires_at(view(ended_at=end))
    assert expires is not None
    due = (end + timedelta(days=days)).timestamp()
    assert int(due) <= expires <= due + max(DAY, days * DAY / 50)
    assert expires % DAY == 0


def test_expiry_is_the_same_for_jobs_that_end_about_the_same_time() -> None:
    retention = Retention(days=400)
    ends = [NOW + timedelta(hours=hour) for hour in range(400 * 24)]
    assert len({retention.expires_at(view(ended_at=end)) for end in ends}) <= 51


def test_an_open_job_does_not_expire() -> None:
    for state in State:
        assert (Retention(days=1).expires_at(view(state)) is None) == (not state.terminal)
    assert not Retention(days=1).expired(view(State.UNKNOWN), NOW + timedelta(days=9999))


def test_the_end_is_guessed_from_times_that_do_not_rise_with_each_read() -> None:
    retention = Retention(days=10)
    old = NOW - timedelta(days=30)
    assert retention.expired(view(ended_at=old), NOW)
    assert retention.expired(view(created_at=old), NOW)
    assert retention.expired(view(created_at=old, updated_at=old), NOW)
    assert not retention.expired(view(created_at=old, started_at=NOW), NOW)
    assert not retention.expired(view(ended_at=NOW, created_at=old), NOW)
    assert not retention.expired(view(), NOW), "nothing but the time of the read is known"


@pytest.mark.parametrize("wrong", [{"days": 0}, {"days": -1}, {"days": 1, "transition_days": 0}])
def test_less_than_a_day_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="at least one day"):
        Retention(**wrong)


def test_an_item_comes_back_as_the_job_and_is_weighed_in_bytes() -> None:
    job = merge(None, Observation(view=view(reason="äöü"), depth=Depth.DETAIL)).job  # type: ignore[arg-type]
    assert job is not None
    job = replace(job, items_attempts=2, items_after=NOW)
    item = encode(job, 1_800_000_000)
    assert decode(item) == job
    exact = sum(len(name.encode()) + len(value.encode()) for name, one in item.items() for value in one.values())
    assert weight(item) == exact


def test_bounds_are_rounded_up_to_what_is_stored() -> None:
    assert ceil_milliseconds(NOW) == NOW
    assert ceil_milliseconds(NOW + timedelta(microseconds=1)) == NOW + timedelta(milliseconds=1)
    assert ceil_milliseconds(NOW + timedelta(microseconds=1999)) == NOW + timedelta(milliseconds=2)


def test_staleness_is_a_matter_of_the_clock() -> None:
    source = Source(service="omics", type="t", target=Target(account="1", region="us-east-1"))
    fresh = Coverage(source=source, status=CoverageStatus.COMPLETE, as_of=NOW, attempted_at=NOW, jobs=1)
    limit = timedelta(minutes=10)
    assert with_staleness(fresh, NOW + limit, limit) is fresh
    stale = with_staleness(fresh, NOW + limit + timedelta(milliseconds=1), limit)
    assert (stale.status, stale.as_of, stale.jobs) == (CoverageStatus.STALE, NOW, 1)
    later = Schedule(kind=CadenceKind.IDLE, seconds=900, due=NOW, complete_by=NOW + timedelta(minutes=15))
    planned = replace(fresh, schedule=later)
    assert with_staleness(planned, NOW + timedelta(minutes=25), limit) is planned, "it is not overdue by more than ten"
    overdue = with_staleness(planned, NOW + timedelta(minutes=25, milliseconds=1), limit)
    assert overdue.status is CoverageStatus.STALE
    expected = Coverage(source=source, status=CoverageStatus.COMPLETE, schedule=later)
    assert with_staleness(expected, NOW, limit).status is CoverageStatus.STALE, "it was never read"
    never = Coverage(source=source, status=CoverageStatus.COMPLETE)
    assert with_staleness(never, NOW, limit).status is CoverageStatus.STALE
    denied = Coverage(source=source, status=CoverageStatus.DENIED, as_of=NOW)
    assert with_staleness(denied, NOW + timedelta(days=1), limit) is denied
