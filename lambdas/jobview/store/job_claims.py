"""Who is reading one job for a caller just now, and what came of the last such read: a row beside the job.

The job's view does not tell: a read that finds nothing new writes nothing there. So the row says when the last read
began and what it came to. Its claim is that of ``claims``. Nothing but work rests on it, and it expires.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from jobview.model import CoverageStatus, JobView, ReadError, parse_time, rfc3339
from jobview.store import claims, coverage
from jobview.store.retry import naming_busy
from jobview.store.table import Item, Row, Table, maybe_integer, maybe_text, partition, string

KEPT = timedelta(hours=1)
"""The row expires so long after the last read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JobResult:
    """What a read of one job came to; with neither member it is what is stored."""

    error: ReadError | None = None
    """Why there is no job to answer with."""
    view: JobView | None = None
    """The answer, where the store does not believe it yet."""
    revision: int | None = None
    """The stored revision that ``view`` belongs to; a later revision says more than ``view``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JobClaim:
    """Who reads a job, and what the last read that has ended came to."""

    taken: bool = False
    """This claim is the caller's: the read is its own."""
    since: datetime | None = None
    """When the read that is under way began; ``None``: nobody reads."""
    until: datetime | None = None
    """Until when others wait for it."""
    read_at: datetime | None = None
    """When the last read began that has ended; ``None``: none that is known."""
    result: JobResult = JobResult()

    def active(self, now: datetime) -> bool:
        """True while somebody else reads."""
        return not self.taken and claims.is_active_claim(self.until, now)


def take(table: Table, job_id: str, *, oldest: datetime) -> JobClaim:
    """Claim a job, from now on, unless a read after ``oldest`` came to a job, or somebody else has claimed it."""
    expires = int((table.now() + KEPT).timestamp())
    row, taken = claims.take_row(table, _key(job_id), {"expiresAt": expires}, oldest=oldest)
    return _claim(row, taken=taken)


def read(table: Table, job_id: str) -> JobClaim:
    """The claim of a job, as of a moment ago."""
    with naming_busy("GetItem of a claim"):
        return _claim(table.client.get_item(TableName=table.name, Key=_key(job_id)).get("Item", {}), taken=False)


def end(table: Table, job_id: str, *, since: datetime, result: JobResult) -> None:
    """Give the job back, with what the read since ``since`` came to, unless a later read has said so already.

    A failure is of no use to who comes later: to them such a row is ``stale``.
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
