"""How one read lists a source: everything, less if that saves pages, or the rest of a read that ran out of time.

Pure.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jobview.catalogue.family import Family
from jobview.model import Coverage, Cursor, Depth, ErrorKind, Observation, ReadError, Schedule, State, StoredJob, Via
from jobview.model.jobid import JobKey
from jobview.reader import Position

OVERLAP = timedelta(minutes=15)
"""A shorter list begins this long before the last complete read, because clocks differ and lists are updated late."""
CURSOR_KEPT = timedelta(hours=1)
"""An older page token is not used any more. Services keep theirs for a day or less."""
TOKEN_LIMIT = 4_000
"""The longest page token that is stored, in characters."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """The part of a source that one read lists."""

    full_sync: bool
    """Everything is listed and compared with everything stored."""
    since: datetime | None = None
    """Only newer jobs (or open ones, as the family declares) are listed; ``None``: everything."""
    cursor: Cursor | None = None
    """The position at which the listing continues."""

    def begun(self, now: datetime) -> datetime:
        """When its first page was asked for: ``now``, where it does not go on."""
        return now if self.cursor is None else self.cursor.started_at

    @property
    def start(self) -> Position | None:
        """The cursor as a position for the reader."""
        return None if self.cursor is None else Position(listing=self.cursor.listing, token=self.cursor.token)


def listing_of(family: Family, row: Coverage | None, *, open_jobs: int, now: datetime) -> Listing:
    """Decide which part of a source to list.

    Parameters
    ----------
    family, row
        The source's family and coverage.
    open_jobs
        The number of its jobs that have not ended. Those that a shorter list leaves out are got by their ids.
    now
        The start of the read.
    """
    schedule = None if row is None else row.schedule
    if row is None or schedule is None or row.as_of is None:
        return Listing(full_sync=True, cursor=_good(schedule, now))
    cursor = _good(schedule, now)
    if cursor is not None:
        return Listing(full_sync=_is_full_sync_due(schedule, cursor.started_at), since=cursor.since, cursor=cursor)
    if _is_full_sync_due(schedule, now):
        return Listing(full_sync=True)
    if narrows(family, schedule.pages, open_jobs):
        return Listing(full_sync=False, since=row.as_of - OVERLAP)
    return Listing(full_sync=False)


def narrows(family: Family, pages: int, open_jobs: int) -> bool:
    """True where a shorter list saves calls: with the gets of open jobs it takes fewer calls than all pages."""
    narrowing = family.narrowing
    if narrowing is None and not family.newest_first:
        return False
    listings = 1 if narrowing is None else len(narrowing.inputs)
    batch = 1 if family.get is None else family.get.batch or 1
    return listings + math.ceil(open_jobs / batch) < pages


def narrowed_is_complete(family: Family) -> bool:
    """True where a narrowed read is complete."""
    return family.narrowing is None or family.narrowing.whole


def reaches_back(family: Family, listing: Listing, jobs: Iterable[StoredJob]) -> bool:
    """True where a page of a list that begins with the newest has reached jobs that were listed before."""
    if listing.since is None or not family.newest_first:
        return False
    return any((job.view.ended_at or job.listed_at) < listing.since for job in jobs)


def cursor_after(
    listing: Listing, following: Position | None, error: ReadError, *, started_at: datetime, seen: int, pages: int
) -> Cursor | None:
    """The position at which the next read continues after this one failed; ``None``: at the beginning.

    ``following`` is the position of the first page that was not read; ``None``: no page was read.
    """
    if not error.retryable or error.kind == ErrorKind.MALFORMED:
        return None
    if following is None:
        return listing.cursor
    if following.token is not None and len(following.token) > TOKEN_LIMIT:
        return None
    return Cursor(
        listing=following.listing,
        token=following.token,
        started_at=started_at,
        seen=seen,
        pages=pages,
        since=listing.since,
    )


def cursor_among(
    listing: Listing, last: JobKey | None, errors: Iterable[ReadError], *, started_at: datetime, seen: int
) -> Cursor | None:
    """Where the next read of a family without a list goes on after this one did not come to all its open jobs.

    ``last`` is the last job for which AWS had an answer, ``None`` where there is none. ``None``: at the beginning, as
    where one of the ``errors`` is a job's own: that job is then asked for again.
    """
    if not all(error.retryable for error in errors):
        return None
    if last is None:
        return listing.cursor
    return Cursor(listing=0, token=str(last), started_at=started_at, seen=seen, pages=0)


def gone(job: StoredJob, why: str, at: datetime) -> Observation:
    """An observation that an open job was deleted, because its service does not have it any more.

    It is as shallow as a list, so that any later data from the service about the job's end outranks it.
    """
    view = replace(
        job.view,
        state=State.DELETED,
        reason=f"AWS does not have the job any more: {why}",
        observed_at=at,
        via=Via.LIST,
        verified=False,
        progress=None,
        ended_at=None,
    )
    return Observation(view=view, depth=Depth.SUMMARY, counter=job.counter, inferred=True)


def _is_full_sync_due(schedule: Schedule, begun: datetime) -> bool:
    return schedule.full_sync_due is None or schedule.full_sync_due <= begun


def _good(schedule: Schedule | None, now: datetime) -> Cursor | None:
    if schedule is None or schedule.cursor is None or schedule.cursor.started_at < now - CURSOR_KEPT:
        return None
    return schedule.cursor
