"""What refreshing needs of a reader. ``collect.reading.Reader`` asks AWS."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from jobview.aws.unreadable import Unreadable
from jobview.catalogue.family import Family
from jobview.items.readers import ItemsReader
from jobview.model import JobView, Observation, Parent, Source, Target
from jobview.model.jobid import JobKey
from jobview.reader import Got, Listed, Position


class Reads(Protocol):
    """Each method as ``collect.reading.Reader`` says."""

    def parents(
        self, family: Family, discovery: Source, deadline: float, *, unreadable: Unreadable | None = None
    ) -> Iterator[list[Parent]]:
        """Pages of what the family's jobs hang under."""
        ...

    def list_jobs(
        self,
        family: Family,
        source: Source,
        deadline: float,
        *,
        since: datetime | None = None,
        start: Position | None = None,
        unreadable: Unreadable | None = None,
    ) -> Iterator[Listed[Observation]]:
        """Pages of a source's jobs."""
        ...

    def list_ids(
        self,
        family: Family,
        source: Source,
        deadline: float,
        *,
        start: Position | None = None,
        unreadable: Unreadable | None = None,
    ) -> Iterator[Listed[JobKey]]:
        """Pages of the keys of a source's jobs."""
        ...

    def get_jobs(
        self,
        family: Family,
        target: Target,
        keys: Sequence[JobKey],
        deadline: float,
        *,
        unreadable: Unreadable | None = None,
    ) -> Iterator[Got]:
        """Single jobs, one answer for each key."""
        ...

    def refine(
        self,
        reader: ItemsReader,
        view: JobView,
        target: Target,
        deadline: float,
        *,
        unreadable: Unreadable | None = None,
    ) -> Observation:
        """A job with its item-level results."""
        ...

    def left(self, deadline: float) -> float:
        """Seconds until the deadline."""
        ...

    def is_over(self, deadline: float) -> bool:
        """True from the deadline on."""
        ...
