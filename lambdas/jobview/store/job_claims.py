"""The claim of a live read of one job, and the result of the last one: a row beside the job.

The job's view does not show a read that found nothing new. So this row has the start and the result of the last read.
Its claim works as in ``claims``. It only saves work, and it expires.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from jobview.model import CoverageStatus, JobView, ReadError, parse_time, rfc3339
from jobview.store import claims, coverage
from jobview.store.retry import naming_busy
from jobview.store.table import Item, Row, Table, maybe_integer, maybe_text, partition, string

KEPT = timedelta(hours=1)
"""The row expires this long after the last read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JobResult:
    """The result of a read of one job. Without ``error`` and ``view`` it is the stored job."""

    error: ReadError | None = None
    """The reason why there is no job."""
    view: JobView | None = None
    """The answer, where the merge has not accepted it yet."""
    revision: int | None = None
    """The stored revision that ``view`` belongs to. A later revision replaces ``view``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JobClaim:
    """The claim of a job, and the result of the last finished read."""

    taken: bool = False
    """True where the caller has the claim and must read the job."""
    since: datetime | None = None
    """The start of the running read; ``None``: nobody is reading."""
    until: datetime | None = None
    """The time until which others wait for it."""
    read_at: datetime | None = None
    """The start of the last finished read; ``None``: there is none."""
    result: JobResult = JobResult()

    def active(self, now: datetime) -> bool:
        """True while somebody else is reading."""
        return not self.taken and claims.is_active_claim(self.until, now)


def take(table: Table, job_id: str, *, oldest: datetime) -> JobClaim:
    """Claim a job, unless a read after ``oldest`` found a job, or somebody else has claimed it."""
    expires = int((table.now() + KEPT).timestamp())
    row, taken = claims.take_row(table, _key(job_id), {"expiresAt": expires}, oldest=oldest)
    return _claim(row, taken=taken)


def read(table: Table, job_id: str) -> JobClaim:
    """The claim of a job; the result may lack the last writes."""
    with naming_busy("GetItem of a claim"):
        return _claim(table.client.get_item(TableName=table.name, Key=_key(job_id)).get("Item", {}), taken=False)


def end(table: Table, job_id: str, *, since: datetime, result: JobResult) -> None:
    """End the claim with the result of the read that began at ``since``, unless a later read has stored its own.

    A failure does not serve later callers: the row is ``stale`` for them.
    """
    began, error = rfc3339(since) or "", result.error
    fields: coverage.Fields = {
        "attemptedAt": began,
        "status": (CoverageStatus.COMPLETE if error is None else CoverageStatus.STALE).value,
        "error": None if error is None else json.dumps(error.to_dict(), ensure_ascii=False),
        "view": None if result.view is None else result.view.to_json(),
        "revision": result.revision,
        "expiresAt": int((table.now() + KEPT).timestamp()),
        "readSince": None,
        "readUntil": None,
    }
    newest = "attribute_not_exists(#attemptedAt) OR #attemptedAt <= :bound"
    coverage.update(table, _key(job_id), fields, newest, began, what="a claim")


def _key(job_id: str) -> Item:
    return {"pk": string(partition(job_id)), "sk": string("READ")}


def _claim(row: Row, *, taken: bool) -> JobClaim:
    error, view = maybe_text(row, "error"), maybe_text(row, "view")
    return JobClaim(
        taken=taken,
        since=parse_time(maybe_text(row, "readSince")),
        until=parse_time(maybe_text(row, "readUntil")),
        read_at=parse_time(maybe_text(row, "attemptedAt")),
        result=JobResult(
            error=None if error is None else ReadError.from_dict(json.loads(error)),
            view=None if view is None else JobView.from_json(view),
            revision=maybe_integer(row, "revision"),
        ),
    )
