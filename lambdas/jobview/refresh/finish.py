"""Step 4 of reading a source: open jobs that AWS no longer has are ended, and the coverage is written."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from jobview.aws.errors import coverage_status
from jobview.aws.unreadable import Unreadable
from jobview.catalogue.family import Family
from jobview.merge import needs_detail
from jobview.model import UNSETTLED, Coverage, CoverageStatus, Cursor, ReadError, Source, StoredJob, UnreadableValue
from jobview.model.jobid import JobKey
from jobview.ports import JobStore
from jobview.refresh.cadence import Cadence, Outcome, next_schedule
from jobview.refresh.details import NOT_LISTED
from jobview.refresh.item_results import items_open
from jobview.refresh.listing import Listing, cursor_after, cursor_among, gone, narrowed_is_complete, narrows
from jobview.refresh.pages import marked
from jobview.refresh.reconcile import ReconciledPage
from jobview.refresh.recording import Recording


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadResult:
    """The result of one read of a source, before its coverage is written."""

    family: Family
    source: Source
    known: Coverage | None
    """The source's coverage before the read."""
    started_at: datetime
    listing: Listing
    pages: Sequence[ReconciledPage]
    asked: Sequence[JobKey]
    """The jobs that were to be got, in their order."""
    answered: int
    """How many of them the read came to."""
    list_error: ReadError | None
    """The reason why the source was not listed completely."""
    errors: Sequence[ReadError]
    """The reasons why some of its jobs could not be got, or their items could not be read."""
    unsettled: frozenset[str]
    """The ids of jobs for which list and store disagree, and no get has decided."""
    unsure: bool
    """An open job was not found, and only a list of everything can show whether it is gone."""
    unreadable: Unreadable

    @property
    def begun(self) -> datetime:
        """When the first page was asked for, by this read or by the one that it goes on from."""
        return self.started_at if self.listing.cursor is None else self.listing.cursor.started_at

    @property
    def seen(self) -> int:
        """How many jobs were listed since then; of a family without a list, for how many AWS was asked."""
        now = self.answered if self.family.list is None else sum(len(page.listed.ids) for page in self.pages)
        return now + (0 if self.listing.cursor is None else self.listing.cursor.seen)

    @property
    def read(self) -> int:
        """How many pages were read since then."""
        return len(self.pages) + (0 if self.listing.cursor is None else self.listing.cursor.pages)

    @property
    def cursor(self) -> Cursor | None:
        """Where the next read goes on; ``None``: at the beginning."""
        if self.family.list is None:
            last = self.asked[self.answered - 1] if self.answered else None
            whole = self.answered == len(self.asked)
            return (
                None if whole else cursor_among(self.listing, last, self.errors, started_at=self.begun, seen=self.seen)
            )
        if self.list_error is None:
            return None
        following = self.pages[-1].listed.following if self.pages else None
        return cursor_after(
            self.listing, following, self.list_error, started_at=self.begun, seen=self.seen, pages=self.read
        )


def end_missing(
    store: JobStore,
    missing: Mapping[str, ReadError],
    recording: Recording,
    *,
    now: Callable[[], datetime],
    listed_since: datetime | None = None,
) -> None:
    """End the open jobs that AWS does not have any more.

    A list of jobs ``listed_since`` a time says nothing about older ones, nor about one whose time is not known.
    """
    if not missing:
        return
    stored = store.get_many(missing, consistent=True)
    at = now()
    recording.record(
        [
            gone(job, f"{missing[job_id].code} {missing[job_id].message}".strip(), at)
            for job_id, job in stored.items()
            if job.open and (missing[job_id] != NOT_LISTED or _would_be_listed(job, listed_since))
        ]
    )


def _would_be_listed(job: StoredJob, since: datetime | None) -> bool:
    created = job.view.created_at or job.view.started_at
    return since is None or (created is not None and created > since)


def coverage_of(result: ReadResult, recording: Recording, *, cadence: Cadence, jitter: float) -> Coverage:
    """The source's coverage after the read, with the time of the next one."""
    family, known, listing = result.family, result.known, result.listing
    error, listed = result.list_error, result.list_error is None
    if error is None and result.errors:
        error = result.errors[0]
        # An id without its status is not a job that was read: then the listing is not complete.
        listed = family.lists_states
    seen = result.seen
    everything = result.list_error is None and listing.since is None
    if known is not None and listing.since is not None:
        seen = (known.jobs or 0) + recording.new
    complete = listed and (listing.since is None or narrowed_is_complete(family))
    before = None if known is None else known.schedule
    still_open = recording.still_open()
    length = result.read if everything else 0 if before is None else before.pages
    outcome = Outcome(
        started_at=result.started_at,
        error=error,
        listed=listed,
        full_sync=everything and listing.full_sync and family.list is not None,
        unsure=result.unsure,
        next_reads_complete=narrowed_is_complete(family) or not narrows(family, length, len(still_open)),
        open=len(still_open),
        changed=recording.changed > 0,
        found=result.seen > 0,
        rests=family.keeps_listing,
        read=len(result.pages) or result.answered,
        pages=result.read if everything else None,
        fingerprints=_fingerprints(result, recording, still_open),
        cursor=result.cursor,
    )
    return Coverage(
        source=result.source,
        status=CoverageStatus.COMPLETE if listed or error is None else coverage_status(error),
        attempted_at=result.started_at,
        as_of=result.begun if complete else None,
        jobs=seen if complete else None,
        error=error,
        warnings=_warnings(result),
        schedule=next_schedule(before, outcome, cadence, jitter=jitter),
    )


def _warnings(result: ReadResult) -> tuple[UnreadableValue, ...]:
    """The values that could not be read. For pages that this read skipped they come from the read before."""
    whole = result.listing.since is None and result.listing.cursor is None and result.list_error is None
    if whole or result.known is None:
        return result.unreadable.values
    return Unreadable.joined(result.known.warnings, result.unreadable.values)


def _fingerprints(result: ReadResult, recording: Recording, still_open: Collection[str]) -> tuple[str, ...] | None:
    """The fingerprints of pages for the next read; ``None``: unchanged."""
    if result.list_error is not None:
        return None
    if result.listing.cursor is not None:
        return ()
    found = tuple(_fingerprint(result, page, recording, still_open) for page in result.pages)
    if result.listing.since is None:
        return found
    if not result.family.newest_first:
        return None
    before = None if result.known is None else result.known.schedule
    return (*found, *(() if before is None else before.fingerprints[len(result.pages) :]))


def _fingerprint(result: ReadResult, page: ReconciledPage, recording: Recording, still_open: Collection[str]) -> str:
    """A page's fingerprint, or ``UNSETTLED`` if one of its jobs is not completely read."""
    if page.compared and any(_is_unsettled(result, job_id, recording) for job_id in page.listed.ids):
        return UNSETTLED
    return marked(page.listed.fingerprint, page.listed.ids, still_open)


def _is_unsettled(result: ReadResult, job_id: str, recording: Recording) -> bool:
    """True for a job that is not completely read."""
    family, job = result.family, recording.jobs.get(job_id)
    if job is None:  # it is past its retention, or AWS has not returned it
        return job_id not in recording.observed
    if job_id in result.unsettled:
        return True
    return needs_detail(job, has_get=family.get is not None) or (family.items_reader is not None and items_open(job))
