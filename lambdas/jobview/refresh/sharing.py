"""Sharing reads: an execution waits for another's read of a source, and uses it if it began late enough."""

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
"""The longest pause, in seconds, between two checks of other executions' reads. The pauses grow up to this."""
FRESH = timedelta(seconds=5)
"""A refresh checks again who is reading a source if its own data is older than this."""


@dataclass(frozen=True, slots=True)
class ReadNow:
    """The caller must read the source."""

    row: Coverage | None
    """The source's coverage."""


@dataclass(frozen=True, slots=True)
class AlreadyRead:
    """Another execution has read the source late enough."""

    row: Coverage


@dataclass(frozen=True, slots=True)
class BeingRead:
    """Another execution is reading the source: wait for it."""


Decision: TypeAlias = ReadNow | AlreadyRead | BeingRead


class Sharing(ABC):
    """Decides for one read of many sources which it reads itself, and which it leaves to other executions.

    Parameters
    ----------
    claims
        Returns the claims of sources, by source id.
    now
        The clock: an aware UTC time.
    """

    def __init__(self, claims: Callable[[Iterable[str]], Mapping[str, Claim]], *, now: Callable[[], datetime]) -> None:
        self.claims = claims
        self.now = now

    @abstractmethod
    def decide(self, source: Source, row: Coverage | None) -> Decision:
        """Decide who reads the source; ``row`` is its coverage before the read."""

    @abstractmethod
    def is_enough(self, row: Coverage) -> bool:
        """True where a source's coverage is new enough, so that nothing has to be read."""


class LiveSharing(Sharing):
    """The sharing of a live read, which claims the sources that it reads.

    Parameters
    ----------
    store
        The store of claims.
    now
        The clock: an aware UTC time.
    oldest
        A read that began at this moment or before is too old.
    cadence
        Decides which sources a refresh considers due.
    """

    def __init__(self, store: SourceClaims, *, now: Callable[[], datetime], oldest: datetime, cadence: Cadence) -> None:
        super().__init__(store.claims, now=now)
        self._store = store
        self._oldest = oldest
        self._cadence = cadence

    def refreshed(self, sources: Iterable[Source], rows: Mapping[str, Coverage]) -> set[str]:
        """The ids of the sources that a running refresh of their lane, begun late enough, is about to read."""
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
        """See ``Sharing``. If the caller must read the source, it gets the claim."""
        claim = self._store.claim(source, oldest=self._oldest)
        if claim.taken:
            return ReadNow(claim.row)
        return AlreadyRead(claim.row) if self.is_enough(claim.row) else BeingRead()

    def is_enough(self, row: Coverage) -> bool:
        """True for a source whose last read began late enough."""
        return counts(row, self._oldest)


class RefreshSharing(Sharing):
    """The sharing of a refresh. It claims nothing, and returns later to sources that a live read is reading.

    Parameters
    ----------
    claims, now
        See ``Sharing``.
    cadence
        Decides which sources are due.
    left
        Returns the seconds that the refresh has left.
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
        """See ``Sharing``. A refresh waits for a source once, and only if there is time to read it afterwards."""
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
    """The result of a check of the sources that others are reading."""

    read: list[Coverage]
    """The sources that others have read."""
    free: list[str]
    """The ids of sources that nobody is reading any more, or not soon enough: the caller may try them again."""
    pause: float | None
    """Seconds until the next check; ``None``: there is nothing to wait for."""


class ReadsOfOthers:
    """The sources for which one read waits, because other executions are reading them. Safe for many threads.

    Parameters
    ----------
    sharing
        Checks the claims.
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
        """Check the sources in the store, if the pause is over."""
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
    """The monotonic time at which waiting ends."""
    refresh: bool
    """True where the other execution is a refresh, which has no claim."""


def counts(row: Coverage, oldest: datetime) -> bool:
    """True for a source that was read after ``oldest``, completely or with an error, but not stopped by a deadline."""
    if row.as_of is not None and row.as_of > oldest:
        return True
    return row.attempted_at is not None and row.attempted_at > oldest and row.status is not CoverageStatus.STALE
