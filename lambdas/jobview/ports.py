"""What each part needs of a store. ``store.Store`` keeps it all in DynamoDB."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from jobview.model import Coverage, JobView, Source, StoredJob, Target
from jobview.store import Change, Claim, JobClaim, JobResult, Saved


class JobStore(Protocol):
    """What recording and refreshing need; each method as ``store.Store`` says."""

    def get_many(self, job_ids: Iterable[str], *, consistent: bool = False) -> dict[str, StoredJob]:
        """Those of the jobs that are kept, by id."""
        ...

    def save(self, changes: Sequence[Change]) -> Saved:
        """Write changes; the answer says which of them lost a race."""
        ...

    def expired(self, view: JobView, now: datetime) -> bool:
        """True for an ended job that is past its retention."""
        ...

    def touch_items(self, job_id: str, revision: int, attempts: int, after: datetime | None) -> bool:
        """Note a vain attempt at a job's item-level results."""
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
        """Ids of the source's jobs that have not ended, and (true) that have ended with the end in doubt."""
        ...

    def claims(self, source_ids: Iterable[str]) -> dict[str, Claim]:
        """Who reads sources now for a caller, by source id."""
        ...

    def forget_sources(self, source_ids: Iterable[str]) -> None:
        """Remove the coverage rows of sources that are no more."""
        ...


class SourceClaims(Protocol):
    """What live reads need to share their work; each method as ``store.Store`` says."""

    def claim(self, source: Source, *, oldest: datetime) -> Claim:
        """Claim the read of a source that was not read since."""
        ...

    def claims(self, source_ids: Iterable[str]) -> dict[str, Claim]:
        """Who reads sources now, by source id."""
        ...

    def lanes_read(self, lanes: Iterable[tuple[str, Target]]) -> dict[tuple[str, Target], datetime]:
        """Of lanes that a refresh is reading, since when."""
        ...


class JobClaims(Protocol):
    """What live reads of one job need to share their work; each method as ``store.Store`` says."""

    def get(self, job_id: str, *, consistent: bool = False) -> StoredJob | None:
        """One job."""
        ...

    def claim_job(self, job_id: str, *, oldest: datetime) -> JobClaim:
        """Claim the read of a job that was not read since."""
        ...

    def job_claim(self, job_id: str) -> JobClaim:
        """Who reads a job now, and what the last read came to."""
        ...

    def end_job_claim(self, job_id: str, *, since: datetime, result: JobResult) -> None:
        """End a claim with what the read came to."""
        ...


class ScheduleStore(Protocol):
    """What planning needs; each method as ``store.Store`` says."""

    def due(self, until: datetime, *, limit: int) -> list[tuple[str, str]]:
        """Ids of sources that are due by then, each with its time, longest due first."""
        ...

    def schedule_mark(self) -> tuple[str | None, str | None]:
        """The mark of what the schedule was last made for, and when that was."""
        ...

    def mark_schedule(self, mark: str, *, at: datetime) -> None:
        """Remember what the schedule was made for."""
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


class WakeStore(Protocol):
    """What taking hints needs; each method as ``store.Store`` says."""

    def get(self, job_id: str, *, consistent: bool = False) -> StoredJob | None:
        """One job."""
        ...

    def wake(self, source_id: str, *, at: datetime, seconds: int) -> bool:
        """Make a source due."""
        ...

    def expect(self, sources: Iterable[Source], *, at: datetime) -> int:
        """Put sources on the schedule that are on none yet."""
        ...
