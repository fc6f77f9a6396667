"""Protocols: the part of the store that each other part needs. ``store.Store`` implements all of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from jobview.model import Coverage, JobView, Source, StoredJob, Target
from jobview.store import Change, Claim, JobClaim, JobResult, Saved


class JobStore(Protocol):
    """The methods for recording and refreshing; ``store.Store`` describes them."""

    def get_many(self, job_ids: Iterable[str], *, consistent: bool = False) -> dict[str, StoredJob]:
        """Return the jobs that are stored, by id."""
        ...

    def save(self, changes: Sequence[Change]) -> Saved:
        """Write changes. The result says which of them lost a race."""
        ...

    def expired(self, view: JobView, now: datetime) -> bool:
        """True for an ended job that is past its retention."""
        ...

    def touch_items(self, job_id: str, revision: int, attempts: int, after: datetime | None) -> bool:
        """Store a failed attempt to read a job's item-level results."""
        ...

    def coverage(
        self, services: Collection[str] | None = None, targets: Collection[Target] | None = None
    ) -> list[Coverage]:
        """The coverage rows of some services and targets."""
        ...

    def expect(self, sources: Iterable[Source], *, at: datetime) -> int:
        """Put sources on the schedule that are on none yet."""
        ...

    def put_coverage(self, rows: Iterable[Coverage]) -> None:
        """Write coverage rows."""
        ...

    def open_jobs(self, source_id: str) -> Mapping[str, bool]:
        """Ids of the source's jobs that have not ended, or (true) whose end is in doubt."""
        ...

    def claims(self, source_ids: Iterable[str]) -> dict[str, Claim]:
        """The claims of sources, by source id."""
        ...

    def forget_sources(self, source_ids: Iterable[str]) -> None:
        """Remove the coverage rows of sources that do not exist any more."""
        ...

    def wake(self, source_id: str, *, at: datetime, seconds: int) -> bool:
        """Make a source due."""
        ...


class SourceClaims(Protocol):
    """The methods by which live reads of sources share their work; ``store.Store`` describes them."""

    def claim(self, source: Source, *, oldest: datetime) -> Claim:
        """Claim the read of a source that was not read after ``oldest``."""
        ...

    def claims(self, source_ids: Iterable[str]) -> dict[str, Claim]:
        """The claims of sources, by source id."""
        ...

    def lanes_read(self, lanes: Iterable[tuple[str, Target]]) -> dict[tuple[str, Target], datetime]:
        """The lanes that a refresh is reading, each with the start of the refresh."""
        ...


class JobClaims(Protocol):
    """The methods by which live reads of one job share their work; ``store.Store`` describes them."""

    def get(self, job_id: str, *, consistent: bool = False) -> StoredJob | None:
        """One job."""
        ...

    def claim_job(self, job_id: str, *, oldest: datetime) -> JobClaim:
        """Claim the read of a job that was not read after ``oldest``."""
        ...

    def job_claim(self, job_id: str) -> JobClaim:
        """The claim of a job, with the last read's result."""
        ...

    def end_job_claim(self, job_id: str, *, since: datetime, result: JobResult) -> None:
        """End a claim with the read's result."""
        ...


class ScheduleStore(Protocol):
    """The methods for planning; ``store.Store`` describes them."""

    def due(self, until: datetime, *, limit: int) -> list[tuple[str, str]]:
        """Ids of sources that are due by then, each with its time, longest due first."""
        ...

    def schedule_mark(self) -> tuple[str | None, str | None]:
        """The mark of the families and targets that the schedule was last made for, and the time."""
        ...

    def mark_schedule(self, mark: str, *, at: datetime) -> None:
        """Store the mark of the families and targets that the schedule was made for."""
        ...

    def coverage(
        self, services: Collection[str] | None = None, targets: Collection[Target] | None = None
    ) -> list[Coverage]:
        """The coverage rows of some services and targets."""
        ...

    def expect(self, sources: Iterable[Source], *, at: datetime) -> int:
        """Put sources on the schedule that are on none yet."""
        ...

    def dismiss(self, sources: Iterable[Source]) -> None:
        """Take sources off the schedule."""
        ...
