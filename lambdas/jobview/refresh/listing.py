"""How a source is listed in one read: all of it, less where that saves pages, or on from where the last one stopped.

Pure.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jobview.catalogue.family import Family
from jobview.model import Coverage, Cursor, Depth, ErrorKind, Observation, ReadError, Schedule, State, StoredJob, Via
from jobview.reader import Position

OVERLAP = timedelta(minutes=15)
"""A shorter list begins so long before the last complete read: clocks differ, and lists follow late."""
CURSOR_KEPT = timedelta(hours=1)
"""A page token that is older is not used any more; services keep theirs for a day or less."""
TOKEN_LIMIT = 4_000
"""Longest page token that is kept, in characters."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """What one read asks for."""

    full_sync: bool
    """Everything, and all of it is compared with what is stored."""
    since: datetime | None = None
    """Only what is newer (or, as the family declares it, open); ``None``: everything."""
    cursor: Cursor | None = None
    """Where it goes on."""

    @property
    def start(self) -> Position | None:
        """The same as collecting takes it."""
        return None if self.cursor is None else Position(listing=self.cursor.listing, token=self.cursor.token)


def listing_of(family: Family, row: Coverage | None, *, open_jobs: int, now: datetime) -> Listing:
    """What to ask for.

    Parameters
    ----------
    family, row
        The source's family, and what is known of the source.
    open_jobs
        How many of its jobs have not ended: those that a shorter list leaves out are asked for by their ids.
    now
        When the read begins.
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
    """True where asking for less saves calls: what is asked for and the gets of open jobs are less than all pages."""
    narrowing = family.list.narrowing
    if narrowing is None and not family.list.newest_first:
        return False
    listings = 1 if narrowing is None else len(narrowing.inputs)
    batch = 1 if family.get is None else family.get.batch or 1
    return listings + math.ceil(open_jobs / batch) < pages


def tells_all(family: Family) -> bool:
    """True where a narrowed read is a complete one."""
    return family.list.narrowing is None or family.list.narrowing.whole


def reaches_back(family: Family, listing: Listing, jobs: Iterable[StoredJob]) -> bool:
    """True where a page of a list that begins with the newest came to what was listed before."""
    if listing.since is None or not family.list.newest_first:
        return False
    return any((job.view.ended_at or job.listed_at) < listing.since for job in jobs)


def cursor_after(
    listing: Listing, following: Position | None, error: ReadError, *, started_at: datetime, seen: int, pages: int
) -> Cursor | None:
    """Where the next read goes on after this one failed; ``None``: at the beginning.

    ``following`` is where the first page is that was not read, ``None`` where not one page was.
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


def gone(job: StoredJob, why: str, at: datetime) -> Observation:
    """A job that had not ended and that its service does not know any more: deleted, as far as anyone can tell.

    As shallow as a list, so that whatever the service should still tell of the job's end outranks it.
    """
    view = replace(
        job.view,
        state=State.DELETED,
        reason=f"AWS does not know the job any more: {why}",
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
