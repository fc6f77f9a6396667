"""Sharing reads: what a live read of another execution reads just now is waited for, and counts where it is enough."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from jobview.collect.fanout import Add, Task
from jobview.model import Coverage, CoverageStatus, Source
from jobview.ports import SourceClaims
from jobview.refresh.cadence import Cadence, is_due
from jobview.store import CLAIM_SECONDS, Claim, is_held

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 1.0
"""Seconds from one look at what others read to the next: it grows from the first to this."""
FRESH = timedelta(seconds=5)
"""A refresh looks again who reads a source, where what it knows is older."""


@dataclass(frozen=True, slots=True)
class Own:
    """A source that is the caller's to read now."""

    row: Coverage | None
    """What is known of it."""


class Sharing(ABC):
    """What one reading of many sources reads itself, and what it waits for because others read it.

    Parameters
    ----------
    claims
        Who reads sources now, by source id.
    now
        The clock: an aware UTC time.
    enough
        True where what is known of a source leaves nothing to read.
    """

    def __init__(
        self,
        claims: Callable[[Iterable[str]], Mapping[str, Claim]],
        *,
        now: Callable[[], datetime],
        enough: Callable[[Coverage], bool],
    ) -> None:
        self._claims = claims
        self._now = now
        self._enough = enough
        self._waiting: dict[str, _Waiting] = {}
        self._pause = FIRST_PAUSE
        self._next = 0.0
        self.rows: dict[str, Coverage] = {}
        """What others have read, by source id."""

    @abstractmethod
    def begin(self, source: Source, row: Coverage | None, task: Task, add: Add, *, then: Task | None) -> Own | None:
        """``None`` where the source, of which ``row`` was known before, is not the caller's to read now.

        Then another has just read it, and ``then`` follows, or is reading it: ``task`` tries again if it has to.
        """

    def look(self, add: Add) -> float | None:
        """See what the others have read; seconds until the next look, ``None`` where nothing is waited for."""
        if not self._waiting:
            return None
        if (left := self._next - time.monotonic()) > 0:
            return left
        now = self._now()
        claims = self._claims(list(self._waiting))
        for source_id, waiting in list(self._waiting.items()):
            claim = claims.get(source_id)
            if claim is not None and self._enough(claim.row):
                self._shared(claim.row, waiting.then, add)
            elif time.monotonic() < waiting.stop and (claim is None or waiting.refresh or claim.held(now)):
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

    def _await(self, source: Source, task: Task, then: Task | None, *, refresh: bool = False) -> None:
        if not self._waiting:
            self._pause = FIRST_PAUSE
            self._next = time.monotonic() + self._pause
        self._waiting[source.id] = _Waiting(task, then, time.monotonic() + CLAIM_SECONDS, refresh)


class LiveSharing(Sharing):
    """The sharing of a live read, which claims what it reads.

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

    def __init__(self, store: SourceClaims, *, now: Callable[[], datetime], oldest: datetime, cadence: Cadence) -> None:
        super().__init__(store.claims, now=now, enough=lambda row: counts(row, oldest))
        self._store = store
        self._oldest = oldest
        self._cadence = cadence

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
        self._await(source, task, then, refresh=True)

    def begin(self, source: Source, row: Coverage | None, task: Task, add: Add, *, then: Task | None) -> Own | None:  # noqa: ARG002
        """As ``Sharing`` says; the source is claimed for the caller where it is its own."""
        claim = self._store.claim(source, oldest=self._oldest)
        if claim.taken:
            return Own(claim.row)
        if self._enough(claim.row):
            self._shared(claim.row, then, add)
        else:
            self._await(source, task, then)
        return None


class GivingWay(Sharing):
    """The sharing of a refresh, which claims nothing: it comes back to what a live read is reading.

    Parameters
    ----------
    claims, now
        As of ``Sharing``.
    cadence
        What is due.
    left
        Seconds that the refresh has left.
    """

    def __init__(
        self,
        claims: Callable[[Iterable[str]], Mapping[str, Claim]],
        *,
        now: Callable[[], datetime],
        cadence: Cadence,
        left: Callable[[], float],
    ) -> None:
        super().__init__(claims, now=now, enough=lambda row: not is_due(row, now(), cadence))
        self._left = left
        self._known_at = now()
        self._gave_way: set[str] = set()

    def begin(self, source: Source, row: Coverage | None, task: Task, add: Add, *, then: Task | None) -> Own | None:
        """As ``Sharing`` says; a source is waited for once, and where there is time to read it behind that."""
        now, again = self._now(), source.id in self._gave_way
        if again or now - self._known_at >= FRESH:
            claim = self._claims([source.id]).get(source.id)
            row = row if claim is None else claim.row
        if row is not None and self._enough(row):
            self._shared(row, then, add)
            return None
        until = None if row is None or again else row.claimed_until
        if until is None or not is_held(until, now) or (until - now).total_seconds() >= self._left():
            return Own(row)
        self._gave_way.add(source.id)
        self._await(source, task, then)
        return None


@dataclass(frozen=True, slots=True)
class _Waiting:
    task: Task
    then: Task | None
    stop: float
    """The monotonic second at which waiting ends."""
    refresh: bool
    """A refresh is waited for, which claims nothing."""


def counts(row: Coverage, oldest: datetime) -> bool:
    """True for a source that was read after ``oldest``: whole, or with an error, but not one whose time was over."""
    if row.as_of is not None and row.as_of > oldest:
        return True
    return row.attempted_at is not None and row.attempted_at > oldest and row.status is not CoverageStatus.STALE
