"""Processing hints: the job that an event names is read from AWS and merged into the store."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from jobview.collect.getting import WRONG_PARENT
from jobview.events.incoming import Hint
from jobview.events.starting import Start
from jobview.model import Depth, ErrorKind, ReadError, StoredJob
from jobview.ports import JobStore
from jobview.refresh.refresher import Refresher

SKEW = timedelta(minutes=10)
"""The largest accepted difference between AWS's clock and the function's."""


class Outcome(StrEnum):
    """The outcome of a hint."""

    READ = "read"
    KNOWN = "known"
    """The job had ended, and was read after the event: the event is late or a duplicate."""
    WITNESSED = "witnessed"
    """The service does not have the job any more. The status in its own event is stored, unverified."""
    GONE = "gone"
    """The service does not have the job, and the event is no evidence: it lacks members, or is from the future."""
    WOKEN = "woken"
    """The event of a start call named no job: its source is read soon."""
    UNREADABLE = "unreadable"
    """AWS refused, and a retry does not help. The source's coverage will show the same."""


class NotReadNowError(RuntimeError):
    """AWS could not be read now: the hint has to be processed again later."""

    def __init__(self, error: ReadError) -> None:
        super().__init__(f"{error.kind}: {error.code}")
        self.error = error


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """The outcome of a hint, with the reason if the job was not read."""

    outcome: Outcome
    error: ReadError | None = None


class Ingester:
    """Reads the jobs that hints name into the store.

    Parameters
    ----------
    refresher, store
        The refresher reads a job and stores it; the store has the jobs.
    now
        The clock: an aware UTC time.
    """

    def __init__(self, *, refresher: Refresher, store: JobStore, now: Callable[[], datetime]) -> None:
        self._refresher = refresher
        self._store = store
        self._now = now

    def wake(self, start: Start) -> Taken:
        """Have the source of a start call read at once, or, where it is not known, the search for its parents."""
        self._refresher.wake_source(start.family, start.target, start.parents)
        return Taken(outcome=Outcome.WOKEN)

    def take(self, hint: Hint, *, deadline: float) -> Taken:
        """Read the hint's job from AWS and store it. ``deadline`` is a time of the reader's monotonic clock.

        Raises
        ------
        NotReadNowError
            AWS throttled, timed out or failed in another temporary way.
        """
        stored = self._store.get_many([str(hint.key)]).get(str(hint.key))
        if _is_known(stored, hint):
            return Taken(outcome=Outcome.KNOWN)
        read = self._refresher.read_job(hint.family, hint.target, hint.key, deadline=deadline, known=stored)
        if read.stored is not None or read.error is None:
            self._refresher.wake(hint.family, hint.target, hint.key)
            return Taken(outcome=Outcome.READ, error=read.error)
        if read.error.retryable:
            raise NotReadNowError(read.error)
        if read.error.kind != ErrorKind.NOT_FOUND:
            return Taken(outcome=Outcome.UNREADABLE, error=read.error)
        ahead = hint.happened_at > self._now() + SKEW
        if hint.evidence is None or ahead or read.error.code == WRONG_PARENT:
            return Taken(outcome=Outcome.GONE, error=read.error)
        self._refresher.record(hint.evidence)
        self._refresher.wake(hint.family, hint.target, hint.key)
        return Taken(outcome=Outcome.WITNESSED, error=read.error)


def _is_known(stored: StoredJob | None, hint: Hint) -> bool:
    """True for a job that had ended and was read later than the event: the event has nothing new."""
    if stored is None or stored.open or not stored.view.verified:
        return False
    return stored.depth >= Depth.DETAIL and stored.view.observed_at >= hint.happened_at + SKEW
