"""How a source is listed: everything, less, or on from where the last read stopped."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from jobview.catalogue import FAMILIES
from jobview.merge import merge
from jobview.model import (
    CadenceKind,
    Coverage,
    CoverageStatus,
    Cursor,
    Depth,
    JobView,
    Observation,
    ReadError,
    Schedule,
    Source,
    State,
    StoredJob,
    Target,
    Via,
)
from jobview.model.jobid import JobKey
from jobview.reader import Position
from jobview.refresh.listing import (
    CURSOR_KEPT,
    OVERLAP,
    TOKEN_LIMIT,
    Listing,
    cursor_after,
    gone,
    listing_of,
    narrowed_is_complete,
    narrows,
    reaches_back,
)

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
READ = NOW - timedelta(minutes=1)
OMICS = FAMILIES["omics/reference-import"]
IMAGING = FAMILIES["medical-imaging/dicom-import"]
SES = FAMILIES["sesv2/import"]
GLUE = FAMILIES["glue/job-run"]
BATCH = FAMILIES["batch/job"]
SOURCE = Source(service="omics", type="reference-import", target=Target(account="1", region="us-east-1"))


def row(*, pages: int = 9, as_of: datetime | None = READ, **schedule: Any) -> Coverage:
    planned: dict[str, Any] = {"full_sync_due": NOW + timedelta(hours=1), **schedule}
    return Coverage(
        source=SOURCE,
        status=CoverageStatus.COMPLETE,
        as_of=as_of,
        schedule=Schedule(kind=CadenceKind.ACTIVE, seconds=60, due=NOW, pages=pages, **planned),
    )


def test_a_source_of_which_nothing_is_known_is_listed_whole() -> None:
    for unknown in (None, row(as_of=None), replace(row(), schedule=None), row(full_sync_due=None)):
        assert listing_of(OMICS, unknown, open_jobs=0, now=NOW) == Listing(full_sync=True)


def test_a_full_sync_that_is_due_lists_everything() -> None:
    assert listing_of(OMICS, row(full_sync_due=NOW), open_jobs=0, now=NOW) == Listing(full_sync=True)


def test_between_full_syncs_a_long_list_is_asked_for_less() -> None:
    assert listing_of(OMICS, row(), open_jobs=2, now=NOW) == Listing(full_sync=False, since=READ - OVERLAP)


def test_a_short_list_is_not() -> None:
    assert listing_of(OMICS, row(pages=1), open_jobs=0, now=NOW) == Listing(full_sync=False)


@pytest.mark.parametrize(
    ("name", "pages", "open_jobs", "less"),
    [
        ("omics/reference-import", 2, 0, True),
        ("omics/reference-import", 2, 1, False),  # a page and a get are as much as two pages
        ("omics/reference-import", 9, 7, True),
        ("omics/reference-import", 9, 8, False),
        ("medical-imaging/dicom-import", 3, 0, True),  # two listings, of what is submitted and of what is in progress
        ("medical-imaging/dicom-import", 3, 1, False),
        ("batch/job", 7, 500, True),  # a listing for each status; gets of a hundred at once
        ("batch/job", 7, 600, False),
        ("glue/job-run", 2, 0, True),
        ("sesv2/import", 99, 0, False),
    ],
)
def test_less_is_asked_for_where_it_saves_calls(name: str, pages: int, open_jobs: int, less: bool) -> None:
    assert narrows(FAMILIES[name], pages, open_jobs) is less


def test_which_shorter_lists_are_complete() -> None:
    names = ("medical-imaging/dicom-import", "transcribe/transcription-job", "omics/reference-import", "glue/job-run")
    assert [narrowed_is_complete(FAMILIES[name]) for name in names] == [False, False, True, True]


CURSOR = Cursor(listing=2, token="t", started_at=NOW - timedelta(minutes=2), seen=300, pages=3)


def test_a_listing_that_was_not_at_its_end_goes_on() -> None:
    found = listing_of(BATCH, row(cursor=CURSOR), open_jobs=0, now=NOW)
    assert found == Listing(full_sync=False, cursor=CURSOR)
    assert found.start == Position(listing=2, token="t")
    narrow = replace(CURSOR, since=READ)
    assert listing_of(BATCH, row(cursor=narrow), open_jobs=0, now=NOW).since == READ


def test_a_full_sync_goes_on_as_one_though_it_began_before() -> None:
    assert listing_of(SES, row(cursor=CURSOR, full_sync_due=CURSOR.started_at), open_jobs=0, now=NOW).full_sync
    assert listing_of(SES, row(as_of=None, cursor=CURSOR), open_jobs=0, now=NOW) == Listing(
        full_sync=True, cursor=CURSOR
    )


def test_a_token_that_is_too_old_is_not_used() -> None:
    old = replace(CURSOR, started_at=NOW - CURSOR_KEPT - timedelta(seconds=1))
    assert listing_of(SES, row(cursor=old), open_jobs=0, now=NOW).cursor is None


def error(kind: str, *, retryable: bool) -> ReadError:
    return ReadError(kind=kind, code="C", message="m", operation="List", retryable=retryable)


@pytest.mark.parametrize(
    ("failed", "kept"),
    [
        (error("deadline", retryable=True), True),
        (error("throttled", retryable=True), True),
        (error("connection", retryable=True), True),
        (error("malformed", retryable=True), False),
        (error("invalid", retryable=False), False),  # an expired token is one
        (error("denied", retryable=False), False),
    ],
)
def test_where_the_next_read_goes_on_depends_on_what_went_wrong(failed: ReadError, kept: bool) -> None:
    position = Position(listing=1, token="next")
    after = cursor_after(Listing(full_sync=True), position, failed, started_at=NOW, seen=200, pages=2)
    expected = Cursor(listing=1, token="next", started_at=NOW, seen=200, pages=2)
    assert after == (expected if kept else None)


def test_without_a_page_the_next_read_goes_on_where_this_one_was_to() -> None:
    late = error("deadline", retryable=True)
    going_on = Listing(full_sync=True, cursor=CURSOR)
    assert cursor_after(going_on, None, late, started_at=NOW, seen=0, pages=0) == CURSOR
    assert cursor_after(Listing(full_sync=True), None, late, started_at=NOW, seen=0, pages=0) is None
    endless = Position(listing=0, token="x" * (TOKEN_LIMIT + 1))
    assert cursor_after(going_on, endless, late, started_at=NOW, seen=1, pages=1) is None


def job(state: State, *, started: datetime, ended: datetime | None = None, depth: Depth = Depth.DETAIL) -> StoredJob:
    key = JobKey(service="glue", region="us-east-1", account="1", type="job-run", parents=("j",), native_id="1")
    view = JobView(
        key=key,
        state=state,
        native_status=state.value,
        observed_at=NOW,
        via=Via.LIST,
        started_at=started,
        ended_at=ended,
    )
    merged = merge(None, Observation(view=view, depth=depth))
    assert merged.job is not None
    return merged.job


def test_a_list_that_begins_with_the_newest_ends_where_the_last_read_began() -> None:
    since = NOW - timedelta(hours=1)
    less = Listing(full_sync=False, since=since)
    old, new = since - timedelta(seconds=1), since + timedelta(seconds=1)
    assert reaches_back(GLUE, less, [job(State.RUNNING, started=new), job(State.RUNNING, started=old)])
    assert not reaches_back(GLUE, less, [job(State.RUNNING, started=new)])
    # Step Functions orders what has ended by its end: what ended since then may stand before what did not.
    assert not reaches_back(GLUE, less, [job(State.FAILED, started=old, ended=new)])
    assert reaches_back(GLUE, less, [job(State.FAILED, started=old, ended=old)])
    assert not reaches_back(GLUE, Listing(full_sync=False), [job(State.RUNNING, started=old)])
    assert not reaches_back(OMICS, less, [job(State.RUNNING, started=old)])


def test_a_job_that_is_gone_is_deleted_until_its_service_reports_its_end() -> None:
    running = job(State.RUNNING, started=NOW)
    left = merge(running, gone(running, "ResourceNotFoundException", NOW + timedelta(hours=1)))
    assert left.job is not None
    assert (left.job.view.state, left.job.view.native_status) == (State.DELETED, "RUNNING")
    assert left.transition is not None
    assert left.transition.previous_state is State.RUNNING
    assert "ResourceNotFoundException" in (left.transition.reason or "")
    still = replace(running.view, observed_at=NOW + timedelta(hours=2))
    back = merge(left.job, Observation(view=still, depth=Depth.DETAIL))
    assert back.job is not None, "that AWS did not know it was an inference"
    assert (back.job.view.state, back.job.view.generation, back.job.inferred) == (State.RUNNING, 1, False)
    early = replace(running.view, observed_at=NOW + timedelta(minutes=1))
    assert merge(left.job, Observation(view=early, depth=Depth.DETAIL)).job is None, "read before the inference"
    ended = replace(still, state=State.SUCCEEDED, native_status="SUCCEEDED", ended_at=NOW + timedelta(minutes=5))
    for depth in (Depth.SUMMARY, Depth.DETAIL):
        after = merge(left.job, Observation(view=ended, depth=depth))
        assert after.job is not None
        assert after.job.view.state is State.SUCCEEDED
        assert after.job.view.reason is None
