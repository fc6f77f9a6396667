"""What is known of a source: whether it was read, why not, as of when, and when it is read next. Frozen data."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from jobview.model.job import Parent, Target
from jobview.model.jobid import JobKey
from jobview.model.moments import parse_time, require_time, rfc3339


class CoverageStatus(StrEnum):
    """What can be said of one source's last read."""

    COMPLETE = "complete"
    STALE = "stale"
    DENIED = "denied"
    THROTTLED = "throttled"
    UNSUPPORTED = "unsupported"
    RETIRED = "retired"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadError:
    """Why a source, a job or its items could not be read."""

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
    """A member of AWS's answers that could not be read and counts as null: of one record, or of several."""

    operation: str
    path: str
    """Where the first such value stands in its answer, e.g. ``JobRuns[1].StartedOn``."""
    count: int
    """How many records of the read have such a value there."""

    def again(self) -> "UnreadableValue":
        """The same with one more value."""
        return replace(self, count=self.count + 1)

    def to_dict(self) -> dict[str, Any]:
        """The warning as the API shows it."""
        return {"operation": self.operation, "path": self.path, "count": self.count}

    @staticmethod
    def from_dict(raw: Mapping[str, Any]) -> "UnreadableValue":
        """The reverse of ``to_dict``."""
        return UnreadableValue(**raw)


class SourceKind(StrEnum):
    """What a source lists."""

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
    """What is listed hangs under them, the farthest first."""
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
    """Why a source is read as often as it is."""

    NEW = "new"
    """It was never read."""
    ACTIVE = "active"
    """It has a job that has not ended, or was woken by an event."""
    IDLE = "idle"
    """All its jobs have ended; the longer nothing changes, the seldomer it is read."""
    DISCOVERY = "discovery"
    """It is a search for parents."""
    THROTTLED = "throttled"
    DENIED = "denied"
    FAILING = "failing"
    UNSUPPORTED = "unsupported"
    RETIRED = "retired"
    """AWS has ended the service: it is never read again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cursor:
    """Where a listing goes on that was cut short by its deadline."""

    listing: int
    """Which of the listings that a read consists of; a call with several inputs has one for each."""
    token: str | None
    """The service's page token; ``None``: at the beginning of the listing."""
    started_at: datetime
    """When the first page was asked for: as of then the whole list will be complete."""
    seen: int
    """Records that were listed so far."""
    pages: int
    """Pages so far."""
    since: datetime | None = None
    """Where only jobs since then are asked for."""

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
"""Instead of a page's fingerprint: not all was read of its jobs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """When a source is read next, and what the next read has to know of those before."""

    kind: CadenceKind
    seconds: int | None
    """The cadence: seconds from one read to the next; ``None`` for what is never read again."""
    due: datetime | None
    """The next read."""
    complete_by: datetime | None = None
    """The next read that will tell all; later than ``due`` where the reads between tell open jobs alone."""
    full_sync_due: datetime | None = None
    """From then on everything is listed, and compared with what is stored."""
    pages: int = 0
    """Pages of the last full listing."""
    fingerprints: tuple[str, ...] = ()
    """One for each of the first pages of the last full listing, ``UNSETTLED`` where more is to be read of a page."""
    cursor: Cursor | None = None
    """Where the last listing stopped for lack of time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """What is known of one source: read or not, why not, as of when, and when it is read next."""

    source: Source
    status: CoverageStatus
    attempted_at: datetime | None = None
    as_of: datetime | None = None
    """Start of the last complete read."""
    jobs: int | None = None
    """Jobs (for a discovery: parents) in the last complete read."""
    error: ReadError | None = None
    warnings: tuple[UnreadableValue, ...] = ()
    """What of the records could not be read; they are whole but for that."""
    schedule: Schedule | None = None
    """``None``: nothing is known yet, or nothing is planned."""
    claimed_until: datetime | None = None
    """Until when others wait for a live read that is under way; ``None``: there is none. The claim alone writes it."""

    def to_dict(self) -> dict[str, Any]:
        """The coverage row as every answer shows it; ``query.coverage`` adds the schedule where it is asked for."""
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
