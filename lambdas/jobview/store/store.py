"""``Store``: all that the rest of Jobview does with the table."""

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

    Safe to use from several threads. Every method may raise ``StoreBusyError`` (throttled or contended beyond the
    retries) and botocore's own exceptions for what no repetition mends (no such table, access denied, no connection).

    Parameters
    ----------
    client
        boto3's DynamoDB client. Up to eight requests run at once.
    table
        Name of the table.
    retention
        How long jobs and transitions are kept.
    clock, sleep
        The time and the waiting between repetitions, for tests.
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

        ``consistent`` reads what was written a moment ago for sure, at twice the price.
        """
        return views.get(self._table, job_id, consistent=consistent)

    def get_many(self, job_ids: Iterable[str], *, consistent: bool = False) -> dict[str, StoredJob]:
        """Those of the jobs that are stored and have not expired, by id."""
        return views.get_many(self._table, job_ids, consistent=consistent)

    def save(self, changes: Sequence[Change]) -> Saved:
        """Write changes: each view, its transition and the counts together or not at all.

        Returns
        -------
        Saved
            What was written, and what lost a race: read those jobs again (``consistent=True``), merge again and save
            again.

        Raises
        ------
        ValueError
            A job occurs twice.
        OversizedJobError
            Views too large for DynamoDB, named; all others were saved.
        StoreBusyError
            Some changes are not saved and may be saved again.
        """
        return writing.save(self._table, self._retention, changes)

    def touch_items(self, job_id: str, revision: int, attempts: int, after: datetime | None) -> bool:
        """Note that a job's item-level results were tried ``attempts`` times and are not tried again before ``after``.

        ``False`` where the job has another revision by now; nothing is noted then.
        """
        return views.touch_items(self._table, job_id, revision=revision, attempts=attempts, after=after)

    def expired(self, view: JobView, now: datetime) -> bool:
        """True for an ended job that is past its retention: it is not to be stored (again)."""
        return self._retention.expired(view, now)

    def page(self, wanted: JobFilter, *, limit: int, after: str | None = None, bounds: Bounds | None = None) -> Page:
        """Up to ``limit`` views, newest first.

        Parameters
        ----------
        wanted
            The filters.
        limit
            Views at the most, at least 1.
        after
            ``next`` of the page before; ``None`` begins. Give it with the filters it came from.
        bounds
            How much the page may take: queries, bytes, time.

        Returns
        -------
        Page
            The work is bounded: with filters that match little, or a slow table, a page may be short, even empty, and
            yet have a ``next``. Jobs that arrive while one goes through the pages neither shift nor repeat the others.
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
        """Up to ``limit`` transitions of a job after number ``after``, oldest first, and the number to go on after.

        They are also there for a job that has expired, as long as the retention of transitions says.
        """
        return transitions.read(self._table, job_id, limit=limit, after=after)

    def put_coverage(self, rows: Iterable[Coverage]) -> None:
        """Write coverage rows.

        A row without ``as_of`` keeps the ``as_of`` and ``jobs`` that are stored; a row that was attempted before the
        stored one changes nothing but a later ``as_of``.
        """
        coverage.put(self._table, rows)

    def coverage(
        self, services: Collection[str] | None = None, targets: Collection[Target] | None = None
    ) -> list[Coverage]:
        """The coverage rows of some services and targets (``None``: of all), by source id.

        None is ``stale`` here: that depends on the clock, see ``with_staleness``.
        """
        return coverage.read(self._table, services, targets)

    def forget_sources(self, source_ids: Iterable[str]) -> None:
        """Remove the coverage rows of sources that are no more."""
        coverage.forget(self._table, source_ids)

    def wake(self, source_id: str, *, at: datetime, seconds: int) -> bool:
        """Make a source due at ``at``, with a cadence of ``seconds``, unless it is due before.

        ``False`` where the source is not known, or never read again.
        """
        return coverage.wake(self._table, source_id, at=at, seconds=seconds)

    def expect(self, sources: Iterable[Source], *, at: datetime) -> int:
        """Make sources due at ``at`` that are on no schedule yet; how many these are."""
        return coverage.expect(self._table, sources, at=at)

    def dismiss(self, sources: Iterable[Source]) -> None:
        """Take sources off the schedule; what is known of them stays."""
        coverage.dismiss(self._table, sources)

    def due(self, until: datetime, *, limit: int) -> list[tuple[str, str]]:
        """Ids of up to ``limit`` sources that are due by ``until``, each with its time, longest due first."""
        return pending_work.due(self._table, until, limit=limit)

    def open_jobs(self, source_id: str) -> Mapping[str, bool]:
        """Ids of a source's jobs that have not ended, and (true) that have ended with the end in doubt.

        From an index: what was written a moment ago may be missing.
        """
        return pending_work.jobs(self._table, source_id)

    def schedule_mark(self) -> tuple[str | None, str | None]:
        """The mark of what the schedule was last made for, and when that was (RFC 3339)."""
        return schedule_mark.read(self._table)

    def mark_schedule(self, mark: str, *, at: datetime) -> None:
        """Remember what the schedule was made for."""
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
        """Who reads sources now, and what is known of them, by source id; as of a moment ago."""
        return claims.read(self._table, source_ids)

    def lanes_read(self, lanes: Iterable[tuple[str, Target]]) -> dict[tuple[str, Target], datetime]:
        """Of lanes (service, target) that are leased, since when."""
        return claims.lanes(self._table, lanes)

    def claim_job(self, job_id: str, *, oldest: datetime) -> JobClaim:
        """Claim the read of a job for ``CLAIM_SECONDS``; ``end_job_claim`` ends the claim.

        It is not ``taken`` where somebody else has claimed the job, or where a read after ``oldest`` came to a job.
        """
        return job_claims.take(self._table, job_id, oldest=oldest)

    def job_claim(self, job_id: str) -> JobClaim:
        """Who reads a job now, and what the last read came to; as of a moment ago."""
        return job_claims.read(self._table, job_id)

    def end_job_claim(self, job_id: str, *, since: datetime, result: JobResult) -> None:
        """End the claim of a job with what the read that began at ``since`` came to."""
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
