"""What has come in while a source is read, and what the pages of its list may be known by at the next read."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from jobview.aws.unreadable import Unreadable
from jobview.catalogue.family import Family
from jobview.merge import needs_detail
from jobview.model import UNSETTLED, Coverage, Depth, ReadError, State, StoredJob
from jobview.model.jobid import JobKey
from jobview.reader import Position
from jobview.refresh.listing import Listing
from jobview.refresh.pending_details import PendingDetails

ITEMS_ATTEMPTS = 8
"""Item-level results that could not be read are tried this often, at doubling intervals, then left unverified."""


@dataclass(kw_only=True, slots=True)
class ReadProgress:
    """What has come in so far while something is read."""

    changed: int = 0
    new: int = 0
    unknown: int = 0
    jobs: dict[str, StoredJob] = field(default_factory=dict)
    wanted: list[JobKey] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    """Ids of jobs that AWS told of when it was asked for them."""
    refused: set[str] = field(default_factory=set)
    """Ids of open jobs whose listed record did not count, for what is stored was seen later: a clock was ahead, say."""
    known: dict[str, int | None] = field(default_factory=dict)
    """The stored revision of each job before it was asked for; ``None`` where its end was known to be in doubt."""
    contradicted: set[str] = field(default_factory=set)
    """Ids of ended jobs whose list record says another thing, until a get has settled it."""
    missing: dict[str, ReadError] = field(default_factory=dict)
    """Ids of jobs that AWS was asked for and does not know."""
    troubles: list[ReadError] = field(default_factory=list)
    pending: PendingDetails = field(default_factory=PendingDetails)
    """What was listed of jobs that are about to be got."""
    unreadable: Unreadable = field(default_factory=Unreadable)
    """Values of AWS's answers that could not be read."""


@dataclass(kw_only=True, slots=True)
class Pages:
    """What has come in of one listing."""

    seen: int = 0
    read: int = 0
    ids: list[list[str]] = field(default_factory=list)
    fingerprints: list[str] = field(default_factory=list)
    compared: list[bool] = field(default_factory=list)
    """Whether the page was compared with the store, because it was not as before."""
    following: Position | None = None
    """Where the first page is that was not read."""
    error: ReadError | None = None

    def listed(self) -> set[str]:
        """The ids on all pages."""
        return {job_id for page in self.ids for job_id in page}


def marked(fingerprint: str, ids: Iterable[str], open_jobs: Collection[str]) -> str:
    """A page's fingerprint together with which of its jobs are stored as open.

    The page may be as it was and what is stored another: a get has ended a job that the list still calls running.
    """
    found = sorted(job_id for job_id in ids if job_id in open_jobs)
    if not found:
        return fingerprint
    digest = hashlib.blake2b("\n".join((fingerprint, *found)).encode("utf-8", "surrogatepass"), digest_size=9)
    return urlsafe_b64encode(digest.digest()).decode()


def as_before(family: Family, known: Coverage | None, listing: Listing) -> tuple[str, ...]:
    """The fingerprints that pages may be known by, where the same pages are asked for as before; none at a sweep."""
    if known is None or known.schedule is None or listing.sweep or listing.cursor is not None:
        return ()
    return known.schedule.fingerprints if listing.since is None or family.list.newest_first else ()


def fingerprints(
    family: Family,
    known: Coverage | None,
    listing: Listing,
    pages: Pages,
    progress: ReadProgress,
    open_jobs: Collection[str],
) -> tuple[str, ...] | None:
    """What the next read may know the pages by; ``None``: what it may already."""
    if pages.error is not None:
        return None
    if listing.cursor is not None:
        return ()
    if listing.since is None:
        return _settled(family, pages, progress, open_jobs)
    if not family.list.newest_first:
        return None
    behind = () if known is None or known.schedule is None else known.schedule.fingerprints[pages.read :]
    return (*_settled(family, pages, progress, open_jobs), *behind)


def _settled(family: Family, pages: Pages, progress: ReadProgress, open_jobs: Collection[str]) -> tuple[str, ...]:
    """The fingerprints of the pages, but of those with jobs of which something is still to be read."""
    return tuple(
        UNSETTLED
        if compared and any(_unsettled(family, job_id, progress) for job_id in ids)
        else marked(fingerprint, ids, open_jobs)
        for ids, fingerprint, compared in zip(pages.ids, pages.fingerprints, pages.compared, strict=True)
    )


def _unsettled(family: Family, job_id: str, progress: ReadProgress) -> bool:
    """True for a job of which something is still to be read."""
    job = progress.jobs.get(job_id)
    if job is None:  # its retention is over, if AWS told of it at all
        return job_id not in progress.asked
    if job_id in progress.refused or job_id in progress.contradicted:
        return True
    return needs_detail(job, has_get=family.get is not None) or (family.items_reader is not None and items_open(job))


def items_open(job: StoredJob) -> bool:
    """True for a job whose item-level results are still to be read."""
    return job.view.state is State.SUCCEEDED and job.depth == Depth.DETAIL and job.items_attempts < ITEMS_ATTEMPTS
