"""The job view and the words around it: JSON there and back, and times as text."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobview.model import (
    TERMINAL_STATES,
    Coverage,
    CoverageStatus,
    Depth,
    Failures,
    Items,
    JobView,
    Parent,
    ReadError,
    Source,
    State,
    Target,
    Transition,
    UnreadableValue,
    Via,
    parse_time,
    require_time,
    rfc3339,
)
from jobview.model.jobid import JobKey

KEY = JobKey(service="batch", region="eu-west-1", account="111122223333", type="job", parents=("spot",), native_id="1")
NOW = datetime(2026, 11, 22, 10, 0, 0, 123_000, tzinfo=UTC)

texts = st.text(max_size=40)
maybe_text = st.none() | texts
counts = st.none() | st.integers(min_value=0, max_value=10**12)
moments = st.datetimes(timezones=st.timezones() | st.just(UTC)).filter(lambda moment: 2 <= moment.year <= 9998)


def to_the_millisecond(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=moment.microsecond // 1000 * 1000)


times = moments.map(to_the_millisecond)
keys = st.builds(
    JobKey,
    service=st.sampled_from(["omics", "batch"]),
    region=st.just("us-east-1"),
    account=st.just("111122223333"),
    type=st.just("job"),
    parents=st.lists(st.text(min_size=1, max_size=500), max_size=2).map(tuple),
    native_id=st.text(min_size=1, max_size=500),
)
job_views = st.builds(
    JobView,
    key=keys,
    state=st.sampled_from(State),
    native_status=texts,
    observed_at=times,
    via=st.sampled_from(Via),
    name=maybe_text,
    parents=st.lists(st.builds(Parent, type=texts, id=texts), max_size=3).map(tuple),
    reason=maybe_text,
    verified=st.booleans(),
    items=st.none() | st.builds(Items, unit=texts, total=counts, succeeded=counts, failed=counts, skipped=counts),
    progress=st.none() | st.integers(0, 100),
    created_at=st.none() | times,
    started_at=st.none() | times,
    updated_at=st.none() | times,
    ended_at=st.none() | times,
    inputs=st.lists(texts, max_size=3).map(tuple),
    outputs=st.lists(texts, max_size=3).map(tuple),
    failures=st.none() | st.builds(Failures, how=texts, count=counts, uri=maybe_text),
    tags=st.dictionaries(texts, texts, max_size=3),
    role=maybe_text,
    console=maybe_text,
    logs=maybe_text,
)


@given(view=job_views)
def test_a_view_is_the_same_after_json(view: JobView) -> None:
    text = view.to_json()
    assert JobView.from_json(text) == view
    assert JobView.from_json(text).to_json() == text
    assert json.loads(text) == view.to_dict()


def test_a_view_as_the_api_shows_it() -> None:
    view = JobView(
        key=KEY,
        state=State.FAILED,
        native_status="FAILED",
        observed_at=NOW,
        via=Via.LIST,
        name="align",
        parents=(Parent(type="job-queue", id="spot"),),
        reason="exit 1",
        verified=True,
        items=Items(unit="children", total=3, failed=1),
        created_at=NOW - timedelta(seconds=90),
        started_at=NOW - timedelta(seconds=60),
        ended_at=NOW - timedelta(milliseconds=500),
        failures=Failures(how="Look.", count=1),
        tags={"team": "x"},
    )
    me = "batch:eu-west-1:111122223333:job:spot:1"
    assert view.to_dict() == {
        "id": me,
        "service": "batch",
        "type": "job",
        "name": "align",
        "parent": {"type": "job-queue", "id": "spot"},
        "parents": [{"type": "job-queue", "id": "spot"}],
        "account": "111122223333",
        "region": "eu-west-1",
        "generation": 1,
        "state": "FAILED",
        "terminal": True,
        "nativeStatus": "FAILED",
        "reason": "exit 1",
        "verified": True,
        "items": {"total": 3, "succeeded": None, "failed": 1, "skipped": None, "unit": "children"},
        "progress": None,
        "createdAt": "2026-11-22T09:58:30.123Z",
        "startedAt": "2026-11-22T09:59:00.123Z",
        "updatedAt": None,
        "endedAt": "2026-11-22T09:59:59.623Z",
        "durationSeconds": 59.5,
        "inputs": [],
        "outputs": [],
        "failures": {"count": 1, "uri": None, "how": "Look."},
        "tags": {"team": "x"},
        "role": None,
        "links": {
            "self": f"/v1/jobs/{me}",
            "console": None,
            "logs": None,
            "transitions": f"/v1/jobs/{me}/transitions",
            "items": None,
            "data": None,
        },
        "changedAt": None,
        "observedAt": "2026-11-22T10:00:00.123Z",
        "via": "list",
    }


@pytest.mark.parametrize(
    ("times_told", "seconds"),
    [
        ({}, None),
        ({"ended_at": NOW}, None),
        ({"created_at": NOW}, None),
        ({"created_at": NOW, "ended_at": NOW}, 0.0),
        ({"created_at": NOW, "started_at": NOW + timedelta(seconds=1), "ended_at": NOW + timedelta(seconds=3)}, 2.0),
        ({"created_at": NOW + timedelta(seconds=1), "ended_at": NOW}, None),
    ],
)
def test_a_duration_needs_a_beginning_and_a_later_end(times_told: dict[str, datetime], seconds: float | None) -> None:
    view = JobView(key=KEY, state=State.SUCCEEDED, native_status="X", observed_at=NOW, via=Via.GET, **times_told)  # type: ignore[arg-type]
    assert view.duration_seconds == seconds


def test_links_stand_only_where_they_lead_to_something() -> None:
    view = JobView(key=KEY, state=State.SUCCEEDED, native_status="X", observed_at=NOW, via=Via.GET)
    assert view.to_dict()["links"]["items"] is view.to_dict()["links"]["data"] is None
    leading = replace(view, lists_items=True, gives_links=True)
    assert leading.to_dict()["links"]["items"] == f"/v1/jobs/{KEY}/items"
    assert leading.to_dict()["links"]["data"] == f"/v1/links/{KEY}"
    assert JobView.from_json(leading.to_json()) == leading
    gone = replace(leading, state=State.DELETED).to_dict()["links"]
    assert gone["items"] is gone["data"] is None
    assert gone["transitions"]


def test_a_view_of_an_earlier_release_does_not_know_where_its_links_lead() -> None:
    told = replace(
        JobView(key=KEY, state=State.SUCCEEDED, native_status="X", observed_at=NOW, via=Via.GET), lists_items=True
    ).to_dict()
    del told["links"]["data"]
    view = JobView.from_json(json.dumps(told))
    assert (view.lists_items, view.gives_links) == (None, None)


@pytest.mark.parametrize("text", ["{}", "[]", "null", "no json", '{"id": "x"}'])
def test_what_is_no_view_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        JobView.from_json(text)


def test_only_listed_states_are_ends() -> None:
    assert {state for state in State if state.terminal} == TERMINAL_STATES
    assert {state.value for state in TERMINAL_STATES} == {
        "SUCCEEDED",
        "PARTIALLY_SUCCEEDED",
        "FAILED",
        "CANCELLED",
        "DELETED",
    }
    assert Depth.SUMMARY < Depth.DETAIL < Depth.ITEMS


# --- times


@given(moment=moments)
def test_a_time_is_the_same_after_text_to_the_millisecond(moment: datetime) -> None:
    text = rfc3339(moment)
    assert text is not None
    assert len(text) == len("2026-11-22T10:00:00.000Z")
    assert parse_time(text) == to_the_millisecond(moment)


@given(one=moments, other=moments)
def test_the_order_of_texts_is_the_order_of_times(one: datetime, other: datetime) -> None:
    texts_of = sorted(rfc3339(moment) or "" for moment in (one, other))
    assert texts_of == [rfc3339(moment) for moment in sorted((one, other), key=to_the_millisecond)]


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 22, 10, 0, 0, 999_999, tzinfo=UTC), "2026-11-22T10:00:00.999Z"),
        (datetime(2026, 11, 22, 10, tzinfo=timezone(timedelta(hours=-5))), "2026-11-22T15:00:00.000Z"),
        (datetime(33, 4, 3, tzinfo=UTC), "0033-04-03T00:00:00.000Z"),
        (None, None),
    ],
)
def test_a_time_as_text(moment: datetime | None, text: str | None) -> None:
    assert rfc3339(moment) == text


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-22T10:00:00Z", datetime(2026, 11, 22, 10, tzinfo=UTC)),
        ("2026-11-22T10:00:00.5+02:00", datetime(2026, 11, 22, 8, 0, 0, 500_000, tzinfo=UTC)),
        (None, None),
    ],
)
def test_a_text_as_time(text: str | None, moment: datetime | None) -> None:
    assert parse_time(text) == moment


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2026-11-22", "2026-11-22T10:00:00", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00+14:00"],
)
def test_what_is_no_time_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_time(text)


def test_a_time_that_must_be_there() -> None:
    assert require_time("2026-11-22T10:00:00Z") == datetime(2026, 11, 22, 10, tzinfo=UTC)
    with pytest.raises(ValueError, match="missing"):
        require_time(None)  # type: ignore[arg-type]


# --- transitions, sources, coverage


def test_a_transition_as_the_api_shows_it() -> None:
    transition = Transition(
        job_id="x",
        number=2,
        previous_state=State.RUNNING,
        state=State.FAILED,
        native_status="ERROR",
        reason=None,
        changed_at=NOW,
        observed_at=NOW,
        via=Via.EVENT,
    )
    assert transition.to_dict() == {
        "jobId": "x",
        "number": 2,
        "generation": 1,
        "previousState": "RUNNING",
        "state": "FAILED",
        "nativeStatus": "ERROR",
        "reason": None,
        "changedAt": "2026-11-22T10:00:00.123Z",
        "observedAt": "2026-11-22T10:00:00.123Z",
        "via": "event",
    }


@given(error=st.builds(ReadError, kind=texts, code=texts, message=texts, operation=maybe_text, retryable=st.booleans()))
def test_an_error_is_the_same_after_json(error: ReadError) -> None:
    raw: dict[str, Any] = json.loads(json.dumps(error.to_dict()))
    assert ReadError.from_dict(raw) == error


def test_a_source_is_named_in_the_grammar_of_ids() -> None:
    target = Target(account="111122223333", region="us-east-1")
    discovery = Source(service="glue", type="job-run", target=target)
    source = Source(service="glue", type="job-run", target=target, parents=(Parent(type="job", id="nightly etl"),))
    assert discovery.id == "glue:us-east-1:111122223333:job-run"
    assert source.id == "glue:us-east-1:111122223333:job-run:nightly~20etl"


@pytest.mark.parametrize("parent", [None, Parent(type="job", id="a/b")])
def test_coverage_as_the_api_shows_it(parent: Parent | None) -> None:
    path = () if parent is None else (Parent(type="folder", id="f"), parent)
    source = Source(
        service="glue", type="job-run", target=Target(account="111122223333", region="us-east-1"), parents=path
    )
    error = ReadError(kind="denied", code="AccessDenied", message="No.", operation="GetJobs", retryable=False)
    warning = UnreadableValue(operation="GetJobRuns", path="JobRuns[1].StartedOn", count=2)
    shown = Coverage(
        source=source, status=CoverageStatus.DENIED, attempted_at=NOW, jobs=3, error=error, warnings=(warning,)
    ).to_dict()
    assert UnreadableValue.from_dict(warning.to_dict()) == warning
    assert shown == {
        "source": source.id,
        "kind": "jobs",
        "service": "glue",
        "type": "job-run",
        "account": "111122223333",
        "region": "us-east-1",
        "parent": None if parent is None else {"type": "job", "id": "a/b"},
        "parents": [] if parent is None else [{"type": "folder", "id": "f"}, {"type": "job", "id": "a/b"}],
        "status": "denied",
        "asOf": None,
        "attemptedAt": "2026-11-22T10:00:00.123Z",
        "jobs": 3,
        "error": error.to_dict(),
        "warnings": [{"operation": "GetJobRuns", "path": "JobRuns[1].StartedOn", "count": 2}],
    }
