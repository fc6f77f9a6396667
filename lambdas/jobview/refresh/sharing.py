"""Sharing reads: what another execution is reading is waited for, and its read counts where it began late enough."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from jobview.model import Coverage, CoverageStatus, Source
from jobview.ports import SourceClaims
from jobview.refresh.cadence import Cadence, is_due
from jobview.store import CLAIM_SECONDS, Claim, is_active_claim

FIRST_PAUSE = 0.1
LONGEST_PAUSE = 1.0
"""Seconds from one check of what others read to the next: it grows from the first to this."""
FRESH = timedelta(seconds=5)
"""A refresh checks again who reads a source where what it knows is older."""


@dataclass(frozen=True, slots=True)
class ReadNow:
    """The source is the caller's to read."""

    row: Coverage | None
    """What is known of it."""


@dataclass(frozen=True, slots=True)
class AlreadyRead:
    """Another execution has read the source, and that is enough."""

    row: Coverage


@dataclass(frozen=True, slots=True)
class BeingRead:
    """Another execution is reading the source: wait for it."""


Decision: TypeAlias = ReadNow | AlreadyRead | BeingRead


class Sharing(ABC):
    """Decides for one reading of many sources what it reads itself, and what it leaves to others.

    Parameters
    ----------
    claims
        Who reads sources now, by source id.
    now
        The clock: an aware UTC time.
    """

    def __init__(self, claims: Callable[[Iterable[str]], Mapping[str, Claim]], *, now: Callable[[], datetime]) -> None:
        self.claims = claims
        self.now = now

    @abstractmethod
    def decide(self, source: Source, row: Coverage | None) -> Decision:
        """Who reads the source; ``row`` is what was known of it before."""

    @abstractmethod
    def is_enough(self, row: Coverage) -> bool:
        """True where what is known of a source leaves nothing to read."""


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
        super().__init__(store.claims, now=now)
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

    def decide(self, source: Source, row: Coverage | None) -> Decision:  # noqa: ARG002
        """As ``Sharing`` says; the source is claimed for the caller where it is the caller's to read."""
        claim = self._store.claim(source, oldest=self._oldest)
        if claim.taken:
            return ReadNow(claim.row)
        return AlreadyRead(claim.row) if self.is_enough(claim.row) else BeingRead()

    def is_enough(self, row: Coverage) -> bool:
        """True for a source that was read late enough."""
        return counts(row, self._oldest)


class RefreshSharing(Sharing):
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
        super().__init__(claims, now=now)
        self._cadence = cadence
        self._left = left
        self._known_at = now()
        self._waited_for: set[str] = set()

    def decide(self, source: Source, row: Coverage | None) -> Decision:
        """As ``Sharing`` says; a source is waited for once, and only where there is time to read it after that."""
        now, again = self.now(), source.id in self._waited_for
        if again or now - self._known_at >= FRESH:
            claim = self.claims([source.id]).get(source.id)
            row = row if claim is None else claim.row
        if row is not None and self.is_enough(row):
            return AlreadyRead(row)
        until = None if row is None or again else row.claimed_until
        if until is None or not is_active_claim(until, now) or (until - now).total_seconds() >= self._left():
            return ReadNow(row)
        self._waited_for.add(source.id)
        return BeingRead()

    def is_enough(self, row: Coverage) -> bool:
        """True for a source that is not due any more."""
        return not is_due(row, self.now(), self._cadence)


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What a check of the sources that others read came to."""

    read: list[Coverage]
    """Sources that have been read."""
    free: list[str]
    """Ids of sources that nobody reads any more, or not soon enough: they are the caller's to try again."""
    pause: float | None
    """Seconds until the next check; ``None``: nothing is waited for."""


class ReadsOfOthers:
    """The sources that one reading waits for, because other executions are reading them. Safe for many threads.

    Parameters
    ----------
    sharing
        Whose claims are checked.
    """

    def __init__(self, sharing: Sharing) -> None:
        self._sharing = sharing
        self._waiting: dict[str, _Waiting] = {}
        self._pause = FIRST_PAUSE
        self._next = 0.0

    def wait_for(self, source_id: str, *, refresh: bool = False) -> None:
        """Wait for a source until it is read or its claim is over; a ``refresh`` that reads it claims nothing."""
        if not self._waiting:
            self._pause = FIRST_PAUSE
            self._next = time.monotonic() + self._pause
        self._waiting[source_id] = _Waiting(stop=time.monotonic() + CLAIM_SECONDS, refresh=refresh)

    def check(self) -> Checked:
        """Ask the store, where the pause is over, what has become of the sources."""
        read: list[Coverage] = []
        free: list[str] = []
        if not self._waiting:
            return Checked(read=read, free=free, pause=None)
        if (left := self._next - time.monotonic()) > 0:
            return Checked(read=read, free=free, pause=left)
        now = self._sharing.now()
        claims = self._sharing.claims(list(self._waiting))
        for source_id, waiting in list(self._waiting.items()):
            claim = claims.get(source_id)
            if claim is not None and self._sharing.is_enough(claim.row):
                read.append(claim.row)
            elif time.monotonic() < waiting.stop and (claim is None or waiting.refresh or claim.active(now)):
                continue
            else:
                free.append(source_id)
            del self._waiting[source_id]
        self._pause = min(LONGEST_PAUSE, self._pause * 1.5)
        self._next = time.monotonic() + self._pause
        return Checked(read=read, free=free, pause=self._pause)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Waiting:
    stop: float
    """The monotonic second at which waiting ends."""
    refresh: bool
    """A refresh is waited for, which claims nothing."""


def counts(row: Coverage, oldest: datetime) -> bool:
    """True for a source that was read after ``oldest``, whole or with an error, and not cut short by its deadline."""
    if row.as_of is not None and row.as_of > oldest:
        return True
    return row.attempted_at is not None and row.attempted_at > oldest and row.status is not CoverageStatus.STALE
