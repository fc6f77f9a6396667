"""A source and its coverage: whether it was read, why not, as of when, and when it is read next. Frozen data."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from jobview.model.job import Parent, Target
from jobview.model.jobid import JobKey
from jobview.model.moments import parse_time, require_time, rfc3339


class CoverageStatus(StrEnum):
    """The result of a source's last read."""

    COMPLETE = "complete"
    STALE = "stale"
    DENIED = "denied"
    THROTTLED = "throttled"
    UNSUPPORTED = "unsupported"
    RETIRED = "retired"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadError:
    """The reason why a source, a job or its items could not be read."""

    kind: str
    """``model.ErrorKind`` value: throttled, denied, unsupported, expired, timeout, …"""
    code: str
    """AWS's own error code, or the exception's name where AWS never answered."""
    message: str
    operation: str | None
    retryable: bool

    def to_dict(self) -> dict[str, Any]:
        """The error as the API shows it."""
        return {
            "kind": self.kind,
            "code": self.code,
            "message": self.message,
            "operation": self.operation,
            "retryable": self.retryable,
        }

    @staticmethod
    def from_dict(raw: Mapping[str, Any]) -> "ReadError":
        """The reverse of ``to_dict``."""
        return ReadError(**raw)


@dataclass(frozen=True, kw_only=True, slots=True)
class UnreadableValue:
    """A member of AWS's answers that could not be read and is treated as null, in one or more records."""

    operation: str
    path: str
    """The path of the first such value in its answer, such as ``JobRuns[1].StartedOn``."""
    count: int
    """The number of records with such a value there."""

    def again(self) -> "UnreadableValue":
        """Return the same place with one more value."""
        return replace(self, count=self.count + 1)

    def to_dict(self) -> dict[str, Any]:
        """The warning as the API shows it."""
        return {"operation": self.operation, "path": self.path, "count": self.count}

    @staticmethod
    def from_dict(raw: Mapping[str, Any]) -> "UnreadableValue":
        """The reverse of ``to_dict``."""
        return UnreadableValue(**raw)


class SourceKind(StrEnum):
    """The kind of things that a source lists."""

    JOBS = "jobs"
    DISCOVERY = "discovery"
    """The next parents on the way to jobs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """One thing that can be listed: a family in a target, under one path of parents where the family has parents."""

    service: str
    type: str
    target: Target
    parents: tuple[Parent, ...] = ()
    """The parents of the listed jobs or parents, the farthest first."""
    kind: SourceKind = SourceKind.JOBS

    @property
    def parent(self) -> Parent | None:
        """The nearest of the parents."""
        return self.parents[-1] if self.parents else None

    @property
    def id(self) -> str:
        """``service:region:account:type[:parent…]``, in the grammar of job ids."""
        path = (parent.id for parent in self.parents)
        return JobKey.join(self.service, self.target.region, self.target.account, self.type, *path)


class CadenceKind(StrEnum):
    """The reason for a source's cadence."""

    NEW = "new"
    """It was never read."""
    ACTIVE = "active"
    """It has a job that has not ended, or was woken by an event."""
    IDLE = "idle"
    """All its jobs have ended. The longer nothing changes, the less often it is read."""
    DORMANT = "dormant"
    """It never had a job; a discovery: it never found a parent. It is read every few hours."""
    DISCOVERY = "discovery"
    """It lists parents."""
    THROTTLED = "throttled"
    DENIED = "denied"
    FAILING = "failing"
    UNSUPPORTED = "unsupported"
    RETIRED = "retired"
    """AWS has shut the service down: the source is never read again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cursor:
    """The position at which a listing continues after its deadline stopped it."""

    listing: int
    """The number of the listing within the read. A call with several sets of inputs has one listing for each."""
    token: str | None
    """The service's page token; ``None``: the beginning of the listing."""
    started_at: datetime
    """The time of the first page's request. The whole list will be complete as of then."""
    seen: int
    """The number of records so far."""
    pages: int
    """The number of pages so far."""
    since: datetime | None = None
    """Set where only jobs since this time are listed."""

    def to_dict(self) -> dict[str, Any]:
        """JSON values."""
        return {
            "listing": self.listing,
            "token": self.token,
            "startedAt": rfc3339(self.started_at),
            "seen": self.seen,
            "pages": self.pages,
            "since": rfc3339(self.since),
        }

    @staticmethod
    def from_dict(raw: Mapping[str, Any]) -> "Cursor":
        """The reverse of ``to_dict``."""
        return Cursor(
            listing=raw["listing"],
            token=raw["token"],
            started_at=require_time(raw["startedAt"]),
            seen=raw["seen"],
            pages=raw["pages"],
            since=parse_time(raw["since"]),
        )


UNSETTLED = "-"
"""Replaces a page's fingerprint while its jobs are not completely read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """The time of a source's next read, and the data that this read needs from earlier ones."""

    kind: CadenceKind
    seconds: int | None
    """The cadence: seconds from one read to the next; ``None``: it is never read again."""
    due: datetime | None
    """The time of the next read."""
    complete_by: datetime | None = None
    """The time of the next complete read. It is later than ``due`` where the reads between list open jobs only."""
    full_sync_due: datetime | None = None
    """From this time on the next read is a full sync."""
    pages: int = 0
    """The number of pages of the last full listing."""
    fingerprints: tuple[str, ...] = ()
    """Fingerprints of the first pages of the last full listing; ``UNSETTLED`` for a page that was not fully read."""
    cursor: Cursor | None = None
    """The position at which the last listing ran out of time."""
    used: bool = False
    """A read found a job at some time (a discovery: a parent)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """The coverage of one source: read or not, why not, as of when, and when it is read next."""

    source: Source
    status: CoverageStatus
    attempted_at: datetime | None = None
    as_of: datetime | None = None
    """The start of the last complete read."""
    jobs: int | None = None
    """The number of jobs (for a discovery: of parents) in the last complete read."""
    error: ReadError | None = None
    warnings: tuple[UnreadableValue, ...] = ()
    """The values in the records that could not be read. The rest of each record was read."""
    schedule: Schedule | None = None
    """``None``: the source is not on the schedule."""
    claimed_until: datetime | None = None
    """The time until which others wait for a running live read; ``None``: there is none. Only the claim writes it."""

    def to_dict(self) -> dict[str, Any]:
        """The coverage row as every answer shows it; ``query.coverage`` adds the schedule for ``/v1/sources``."""
        parent = self.source.parent
        return {
            "source": self.source.id,
            "kind": self.source.kind.value,
            "service": self.source.service,
            "type": self.source.type,
            "account": self.source.target.account,
            "region": self.source.target.region,
            "parent": None if parent is None else parent.to_dict(),
            "parents": [each.to_dict() for each in self.source.parents],
            "status": self.status.value,
            "asOf": rfc3339(self.as_of),
            "attemptedAt": rfc3339(self.attempted_at),
            "jobs": self.jobs,
            "error": None if self.error is None else self.error.to_dict(),
            "warnings": [warning.to_dict() for warning in self.warnings],
        }
