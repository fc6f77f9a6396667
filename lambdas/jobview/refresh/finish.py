"""Step 4 of reading a source: open jobs that AWS no longer knows are ended, and the coverage says what was read."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from jobview.aws.errors import coverage_status
from jobview.aws.unreadable import Unreadable
from jobview.catalogue.family import Family
from jobview.merge import needs_detail
from jobview.model import UNSETTLED, Coverage, CoverageStatus, ReadError, Source, UnreadableValue
from jobview.ports import JobStore
from jobview.refresh.cadence import Cadence, Outcome, next_schedule
from jobview.refresh.item_results import items_open
from jobview.refresh.listing import Listing, cursor_after, gone, narrows, tells_all
from jobview.refresh.pages import marked
from jobview.refresh.reconcile import ReconciledPage
from jobview.refresh.recording import Recording


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadResult:
    """What one read of a source came to, before its coverage is written."""

    family: Family
    source: Source
    known: Coverage | None
    """What was known of the source before."""
    started_at: datetime
    listing: Listing
    pages: Sequence[ReconciledPage]
    list_error: ReadError | None
    """Why the source was not listed to its end."""
    errors: Sequence[ReadError]
    """Why some of its jobs could not be got, or their items not be read."""
    unsettled: frozenset[str]
    """Ids of jobs about which list and store disagree, and which no get has settled."""
    unsure: bool
    """An open job was not to be found, and only a list of everything can tell whether it is gone."""
    unreadable: Unreadable

    @property
    def listed(self) -> int:
        """How many jobs were listed."""
        return sum(len(page.listed.ids) for page in self.pages)


def end_missing(
    store: JobStore, missing: Mapping[str, ReadError], recording: Recording, *, now: Callable[[], datetime]
) -> None:
    """End the open ones of the jobs that AWS does not know."""
    if not missing:
        return
    stored = store.get_many(missing, consistent=True)
    at = now()
    recording.record(
        [
            gone(job, f"{missing[job_id].code} {missing[job_id].message}".strip(), at)
            for job_id, job in stored.items()
            if job.open
        ]
    )


def coverage_of(result: ReadResult, recording: Recording, *, cadence: Cadence, jitter: float) -> Coverage:
    """What is known of the source after the read, and when it is read next."""
    family, known, listing = result.family, result.known, result.listing
    error, listed = result.list_error, result.list_error is None
    if error is None and result.errors:
        error = result.errors[0]
        # An id without its status is no job read: then the listing itself is not whole.
        listed = not family.lists_ids_only
    begun, seen, read = result.started_at, result.listed, len(result.pages)
    if listing.cursor is not None:
        begun, seen, read = listing.cursor.started_at, seen + listing.cursor.seen, read + listing.cursor.pages
    everything = result.list_error is None and listing.since is None
    if known is not None and listing.since is not None:
        seen = (known.jobs or 0) + recording.new
    complete = listed and (listing.since is None or tells_all(family))
    before = None if known is None else known.schedule
    still_open = recording.still_open()
    length = read if everything else 0 if before is None else before.pages
    outcome = Outcome(
        started_at=result.started_at,
        error=error,
        listed=listed,
        full_sync=everything and listing.full_sync,
        unsure=result.unsure,
        tells_all=tells_all(family) or not narrows(family, length, len(still_open)),
        open=len(still_open),
        changed=recording.changed > 0,
        read=len(result.pages),
        pages=read if everything else None,
        fingerprints=_fingerprints(result, recording, still_open),
        cursor=None
        if result.list_error is None
        else cursor_after(
            listing,
            result.pages[-1].listed.following if result.pages else None,
            result.list_error,
            started_at=begun,
            seen=seen,
            pages=read,
        ),
    )
    return Coverage(
        source=result.source,
        status=CoverageStatus.COMPLETE if listed or error is None else coverage_status(error),
        attempted_at=result.started_at,
        as_of=begun if complete else None,
        jobs=seen if complete else None,
        error=error,
        warnings=_warnings(result),
        schedule=next_schedule(before, outcome, cadence, jitter=jitter),
    )


def _warnings(result: ReadResult) -> tuple[UnreadableValue, ...]:
    """What could not be read; of what this read did not ask for, as the one before says."""
    whole = result.listing.since is None and result.listing.cursor is None and result.list_error is None
    if whole or result.known is None:
        return result.unreadable.values
    return Unreadable.joined(result.known.warnings, result.unreadable.values)


def _fingerprints(result: ReadResult, recording: Recording, still_open: Collection[str]) -> tuple[str, ...] | None:
    """What the next read may know the pages by; ``None``: what this one did."""
    if result.list_error is not None:
        return None
    if result.listing.cursor is not None:
        return ()
    found = tuple(_fingerprint(result, page, recording, still_open) for page in result.pages)
    if result.listing.since is None:
        return found
    if not result.family.list.newest_first:
        return None
    before = None if result.known is None else result.known.schedule
    return (*found, *(() if before is None else before.fingerprints[len(result.pages) :]))


def _fingerprint(result: ReadResult, page: ReconciledPage, recording: Recording, still_open: Collection[str]) -> str:
    """A page's fingerprint, or that one of its jobs is still to be read."""
    if page.compared and any(_is_unsettled(result, job_id, recording) for job_id in page.listed.ids):
        return UNSETTLED
    return marked(page.listed.fingerprint, page.listed.ids, still_open)


def _is_unsettled(result: ReadResult, job_id: str, recording: Recording) -> bool:
    """True for a job that is still to be read in part."""
    family, job = result.family, recording.jobs.get(job_id)
    if job is None:  # it is past its retention, if AWS has answered for it at all
        return job_id not in recording.observed
    if job_id in result.unsettled:
        return True
    return needs_detail(job, has_get=family.get is not None) or (family.items_reader is not None and items_open(job))
