"""Sharing live reads: what another execution reads just now is waited for, and counts where it began late enough."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from jobview.cadence import Cadence, is_due
from jobview.collect.fanout import Add, Task
from jobview.keeping import Claims
from jobview.model import Coverage, CoverageStatus, Source
from jobview.store import CLAIM_SECONDS

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 1.0
"""Seconds from one look at what others read to the next: it grows from the first to this."""


class Sharing:
    """What one live read reads itself, and what it waits for.

    Parameters
    ----------
    store
        Where executions see each other.
    now
        The clock: an aware UTC time.
    oldest
        A read that began before, or at this very moment, does not count.
    cadence
        What a refresh takes to be due.
    """

    def __init__(self, store: Claims, *, now: Callable[[], datetime], oldest: datetime, cadence: Cadence) -> None:
        self._store = store
        self._now = now
        self._oldest = oldest
        self._cadence = cadence
        self._waiting: dict[str, _Waiting] = {}
        self._pause = FIRST_PAUSE
        self._next = 0.0
        self.rows: dict[str, Coverage] = {}
        """What others have read, by source id."""

    def refreshed(self, sources: Iterable[Source], rows: Mapping[str, Coverage]) -> set[str]:
        """Ids of the sources that a refresh of their lane, begun late enough, is about to read."""
        wanted = list(sources)
        lanes = self._store.lanes_read({(source.service, source.target) for source in wanted}) if wanted else {}
        found: set[str] = set()
        for source in wanted:
            since, row = lanes.get((source.service, source.target)), rows.get(source.id)
            if since is None or since <= self._oldest or not is_due(row, since, self._cadence):
                continue
            if row is None or row.attempted_at is None or row.attempted_at < since:
                found.add(source.id)
        return found

    def wait_for(self, source: Source, task: Task, *, then: Task | None) -> None:
        """Wait for a refresh; ``task`` reads the source if that does not come to it, ``then`` follows if it does."""
        self._await(source.id, _Waiting(task, then, self._now() + timedelta(seconds=CLAIM_SECONDS)))

    def begin(self, source: Source, task: Task, add: Add, *, then: Task | None) -> Coverage | None:
        """What is known of a source that is the caller's to read now; ``None`` where it is not.

        Then another has just read it, and ``then`` follows, or is reading it: ``task`` tries again if it has to.
        """
        claim = self._store.claim(source, oldest=self._oldest)
        if claim.taken:
            return claim.row
        if counts(claim.row, self._oldest):
            self._shared(claim.row, then, add)
        else:
            self._await(source.id, _Waiting(task, then, None))
        return None

    def look(self, add: Add) -> float | None:
        """See what the others have read; seconds until the next look, ``None`` where nothing is waited for."""
        if not self._waiting:
            return None
        if (left := self._next - time.monotonic()) > 0:
            return left
        now = self._now()
        for source_id, claim in self._store.claims(list(self._waiting)).items():
            waiting = self._waiting[source_id]
            if counts(claim.row, self._oldest):
                self._shared(claim.row, waiting.then, add)
            elif claim.held(now) or (waiting.until is not None and waiting.until > now):
                continue
            else:
                add([waiting.task])
            del self._waiting[source_id]
        self._pause = min(LONGEST_PAUSE, self._pause * 1.5)
        self._next = time.monotonic() + self._pause
        return self._pause

    def _shared(self, row: Coverage, then: Task | None, add: Add) -> None:
        self.rows[row.source.id] = row
        if then is not None:
            add([then])

    def _await(self, source_id: str, waiting: "_Waiting") -> None:
        if not self._waiting:
            self._pause = FIRST_PAUSE
            self._next = time.monotonic() + self._pause
        self._waiting[source_id] = waiting


@dataclass(frozen=True, slots=True)
class _Waiting:
    task: Task
    then: Task | None
    until: datetime | None
    """How long a refresh is waited for."""


def counts(row: Coverage, oldest: datetime) -> bool:
    """True for a source that was read after ``oldest``: whole, or with an error, but not one whose time was over."""
    if row.as_of is not None and row.as_of > oldest:
        return True
    return row.attempted_at is not None and row.attempted_at > oldest and row.status is not CoverageStatus.STALE
