"""What recording and refreshing need of a store. ``store.Store`` keeps it in DynamoDB."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from jobview.model import Coverage, JobView, StoredJob, Target
from jobview.store import Change


class Keeper(Protocol):
    """Keeps jobs and coverage; each method as ``store.Store`` says."""

    def get_many(self, job_ids: Iterable[str], *, consistent: bool = False) -> dict[str, StoredJob]:
        """Those of the jobs that are kept, by id."""
        ...

    def save(self, changes: Sequence[Change]) -> list[Change]:
        """Write changes; returns those that lost a race."""
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

    def put_coverage(self, rows: Iterable[Coverage]) -> None:
        """Write coverage rows."""
        ...

    def forget_sources(self, source_ids: Iterable[str]) -> None:
        """Remove the coverage rows of sources that are no more."""
        ...
