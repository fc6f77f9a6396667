"""``Store``: every operation on the table that the rest of Jobview uses."""

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from jobview.model import Coverage, JobFilter, JobView, Source, StoredJob, Target, Transition
from jobview.store import (
    claims,
    coverage,
    job_claims,
    leases,
    listing,
    paging,
    pending_work,
    schedule_mark,
    summary,
    transitions,
    views,
    writing,
)
from jobview.store.change import Change, Saved
from jobview.store.claims import Claim
from jobview.store.job_claims import JobClaim, JobResult
from jobview.store.paging import Bounds, Page
from jobview.store.reservations import SharedReservations
from jobview.store.retention import Retention
from jobview.store.retry import StoreBusyError
from jobview.store.summary import Summary
from jobview.store.table import Table

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Store:
    """The jobs, their histories, their counts and the coverage of sources, in one DynamoDB table.

    Safe to use from several threads. Every method may raise ``StoreBusyError`` (throttling or contention in spite of
    retries) and botocore's own exceptions for other errors (no such table, access denied, no connection).

    Parameters
    ----------
    client
        boto3's DynamoDB client. Up to eight requests run at once.
    table
        Name of the table.
    retention
        How long jobs and transitions are kept.
    clock, sleep
        The time, and the wait between retries; tests replace them.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        retention: Retention,
        *,
        clock: Callable[[], datetime] = _utc_now,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._table = Table(client=client, name=table, now=clock, sleep=sleep)
        self._retention = retention

    def get(self, job_id: str, *, consistent: bool = False) -> StoredJob | None:
        """One job; ``None`` where it is not stored or has expired.

        A ``consistent`` read includes every earlier write, for twice the price.
        """
        return views.get(self._table, job_id, consistent=consistent)

    def get_many(self, job_ids: Iterable[str], *, consistent: bool = False) -> dict[str, StoredJob]:
        """Return the jobs that are stored and have not expired, by id."""
        return views.get_many(self._table, job_ids, consistent=consistent)

    def save(self, changes: Sequence[Change]) -> Saved:
        """Write changes: each view, its transition and the counts together or not at all.

        Returns
        -------
        Saved
            The written changes, and the changes that lost a race. Of the latter, read the jobs again
            (``consistent=True``), merge again and save again.

        Raises
        ------
        ValueError
            A job occurs twice.
        OversizedJobError
            The named views are too large for DynamoDB; all others were saved.
        StoreBusyError
            Some changes are not saved and may be saved again.
        """
        return writing.save(self._table, self._retention, changes)

    def touch_items(self, job_id: str, revision: int, attempts: int, after: datetime | None) -> bool:
        """Store the number of failed attempts to read a job's item-level results, and the time of the next attempt.

        ``False`` where the job has another revision by now; nothing is stored then.
        """
        return views.touch_items(self._table, job_id, revision=revision, attempts=attempts, after=after)

    def expired(self, view: JobView, now: datetime) -> bool:
        """True for an ended job that is past its retention: it must not be stored (again)."""
        return self._retention.expired(view, now)

    def page(self, wanted: JobFilter, *, limit: int, after: str | None = None, bounds: Bounds | None = None) -> Page:
        """Up to ``limit`` views, newest first.

        Parameters
        ----------
        wanted
            The filters.
        limit
            The most views, at least 1.
        after
            ``next`` of the previous page with the same filters; ``None``: the first page.
        bounds
            Limits of the page: queries, bytes, time.

        Returns
        -------
        Page
            The work is limited: with filters that match few jobs, or a slow table, a page may be short or even empty
            and still have a ``next``. New jobs between two pages neither shift nor repeat the others.
        """
        plan = listing.plan(wanted, after, self._table.now())
        if plan.lower >= plan.upper:
            return Page(views=[], next=None)
        try:
            return paging.merge_pages(
                listing.fetcher(self._table, plan),
                plan.partitions,
                below=plan.upper,
                limit=limit,
                selective=plan.selective,
                bounds=bounds,
            )
        except paging.PageTimeError as error:
            raise StoreBusyError("Slow", "Query of the list") from error

    def transitions(self, job_id: str, *, limit: int, after: int | None = None) -> tuple[list[Transition], int | None]:
        """Up to ``limit`` transitions of a job after number ``after``, oldest first, and the next page's ``after``.

        They may outlive the job: they have their own retention.
        """
        return transitions.read(self._table, job_id, limit=limit, after=after)

    def put_coverage(self, rows: Iterable[Coverage]) -> None:
        """Write coverage rows.

        A row without ``as_of`` keeps the stored ``as_of`` and ``jobs``. A row of an earlier attempt than the stored one
        can only make ``as_of`` later.
        """
        coverage.put(self._table, rows)

    def coverage(
        self, services: Collection[str] | None = None, targets: Collection[Target] | None = None
    ) -> list[Coverage]:
        """The coverage rows of some services and targets (``None``: of all), by source id.

        ``stale`` is not set here, because it depends on the clock: see ``with_staleness``.
        """
        return coverage.read(self._table, services, targets)

    def forget_sources(self, source_ids: Iterable[str]) -> None:
        """Remove the coverage rows of sources that do not exist any more."""
        coverage.forget(self._table, source_ids)

    def wake(self, source_id: str, *, at: datetime, seconds: int) -> bool:
        """Make a source due at ``at``, with a cadence of ``seconds``, unless it is due before.

        ``False`` where the source is not known, or never read again.
        """
        return coverage.wake(self._table, source_id, at=at, seconds=seconds)

    def expect(self, sources: Iterable[Source], *, at: datetime) -> int:
        """Make sources due at ``at`` that are not on the schedule yet; return their number."""
        return coverage.expect(self._table, sources, at=at)

    def dismiss(self, sources: Iterable[Source]) -> None:
        """Take sources off the schedule. Their coverage stays."""
        coverage.dismiss(self._table, sources)

    def due(self, until: datetime, *, limit: int) -> list[tuple[str, str]]:
        """Ids of up to ``limit`` sources that are due by ``until``, each with its time, longest due first."""
        return pending_work.due(self._table, until, limit=limit)

    def open_jobs(self, source_id: str) -> Mapping[str, bool]:
        """Ids of a source's jobs that have not ended, or (true) whose end is in doubt.

        They come from an index, which may lack the last writes.
        """
        return pending_work.jobs(self._table, source_id)

    def schedule_mark(self) -> tuple[str | None, str | None]:
        """The mark of the families and targets that the schedule was last made for, and the time (RFC 3339)."""
        return schedule_mark.read(self._table)

    def mark_schedule(self, mark: str, *, at: datetime) -> None:
        """Store the mark of the families and targets that the schedule was made for."""
        schedule_mark.write(self._table, mark, at)

    @property
    def reservations(self) -> SharedReservations:
        """The reservations of AWS's quotas that all executions share."""
        return SharedReservations(self._table)

    def claim(self, source: Source, *, oldest: datetime) -> Claim:
        """Claim the read of a source for ``CLAIM_SECONDS``; ``put_coverage`` ends the claim.

        It is not ``taken`` where somebody else has claimed the source, or has read it in an attempt after ``oldest``.
        """
        return claims.take(self._table, source, oldest=oldest)

    def claims(self, source_ids: Iterable[str]) -> dict[str, Claim]:
        """The claims and coverage of sources, by source id; it may lack the last writes."""
        return claims.read(self._table, source_ids)

    def lanes_read(self, lanes: Iterable[tuple[str, Target]]) -> dict[tuple[str, Target], datetime]:
        """The leased lanes (service, target), each with the start of its lease."""
        return claims.lanes(self._table, lanes)

    def claim_job(self, job_id: str, *, oldest: datetime) -> JobClaim:
        """Claim the read of a job for ``CLAIM_SECONDS``; ``end_job_claim`` ends the claim.

        It is not ``taken`` where somebody else has claimed the job, or where a read after ``oldest`` found a job.
        """
        return job_claims.take(self._table, job_id, oldest=oldest)

    def job_claim(self, job_id: str) -> JobClaim:
        """The claim of a job, with the last read's result; it may lack the last writes."""
        return job_claims.read(self._table, job_id)

    def end_job_claim(self, job_id: str, *, since: datetime, result: JobResult) -> None:
        """End the claim of a job with the result of the read that began at ``since``."""
        job_claims.end(self._table, job_id, since=since, result=result)

    def lease_lane(self, service: str, target: Target, *, holder: str, until: datetime) -> bool:
        """Take a lane until ``until``; ``False`` where another holder has it."""
        return leases.take(self._table, service, target, holder=holder, until=until)

    def release_lane(self, service: str, target: Target, *, holder: str) -> bool:
        """Give a lane back; ``False`` where the holder does not have it any more."""
        return leases.release(self._table, service, target, holder=holder)

    def summary(self, now: datetime) -> Summary:
        """Counts by family and state, the oldest running job, and the failures of the last 24 hours."""
        return summary.summarise(self._table, now)
