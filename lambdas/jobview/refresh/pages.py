"""Step 1 of reading a source: the pages of its list, with fingerprints by which the next read recognises them."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from jobview.aws.unreadable import Unreadable
from jobview.catalogue.family import Family
from jobview.model import Coverage, Observation, Source
from jobview.model.jobid import JobKey
from jobview.reader import Position, Reader
from jobview.refresh.listing import Listing


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedPage:
    """One page of a source's list."""

    ids: tuple[str, ...]
    """The ids of the jobs on the page."""
    fingerprint: str
    """A digest that is equal for equal records."""
    following: Position | None
    """The position of the next page; ``None``: this is the last one."""
    observations: tuple[Observation, ...] = ()
    """The observations of the jobs; empty where the list returns ids alone."""
    keys: tuple[JobKey, ...] = ()
    """The keys of the jobs, where the list returns ids alone."""


def list_pages(
    reader: Reader,
    family: Family,
    source: Source,
    listing: Listing,
    *,
    begun: datetime,
    deadline: float,
    unreadable: Unreadable,
) -> Iterator[ListedPage]:
    """Yield the pages of the source. Each is requested after the previous one is processed.

    The first of them was asked for when the read had ``begun``. Values that cannot be read are added to
    ``unreadable``. A family without a list has no pages.

    Raises
    ------
    ReadFailure
        The source could not be listed completely; the pages before were yielded.
    """
    if family.list is None:
        reader.require_support(family, source.target)
        return
    if family.lists_ids_only:
        for listed in reader.list_ids(
            family, source, deadline, until=begun, start=listing.start, unreadable=unreadable
        ):
            yield ListedPage(
                ids=tuple(str(key) for key in listed.records),
                fingerprint=listed.fingerprint,
                following=listed.following,
                keys=tuple(listed.records),
            )
        return
    for page in reader.list_jobs(
        family,
        source,
        deadline,
        since=listing.since,
        until=begun,
        start=listing.start,
        unreadable=unreadable,
    ):
        yield ListedPage(
            ids=tuple(observation.view.id for observation in page.records),
            fingerprint=page.fingerprint,
            following=page.following,
            observations=tuple(page.records),
        )


def marked(fingerprint: str, ids: Iterable[str], open_jobs: Collection[str]) -> str:
    """Combine a page's fingerprint with the ids of its jobs that are stored as open.

    The stored jobs may change while the page stays the same: a get has ended a job that the list still calls running.
    """
    found = sorted(job_id for job_id in ids if job_id in open_jobs)
    if not found:
        return fingerprint
    digest = hashlib.blake2b("\n".join((fingerprint, *found)).encode("utf-8", "surrogatepass"), digest_size=9)
    return urlsafe_b64encode(digest.digest()).decode()


def known_fingerprints(family: Family, known: Coverage | None, listing: Listing) -> tuple[str, ...]:
    """The fingerprints of the pages at the last read, if this read lists the same pages; none at a full sync."""
    if known is None or known.schedule is None or listing.full_sync or listing.cursor is not None:
        return ()
    return known.schedule.fingerprints if listing.since is None or family.newest_first else ()
