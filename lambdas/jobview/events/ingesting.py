"""Taking hints: AWS is asked for the job that an event names, and what it says goes through the one merge."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from jobview.collect.getting import WRONG_PARENT
from jobview.events.incoming import Hint
from jobview.model import Depth, ErrorKind, ReadError, StoredJob
from jobview.ports import WakeStore
from jobview.refresh.cadence import Cadence
from jobview.refresh.refresher import Refresher

SKEW = timedelta(minutes=10)
"""How far the clocks of AWS and of the function may be apart."""


class Outcome(StrEnum):
    """What became of a hint."""

    READ = "read"
    KNOWN = "known"
    """The job had ended, and AWS was asked after that: the event is late or comes again."""
    WITNESSED = "witnessed"
    """The service does not know the job any more; what its own event said is stored, unverified."""
    GONE = "gone"
    """The service does not know the job, and the event proves nothing: it says too little, or lies in the future."""
    UNREADABLE = "unreadable"
    """AWS refused, in a way that no repetition mends; the coverage of the source will say the same."""


class NotReadNowError(RuntimeError):
    """AWS could not be asked now: take the hint again later."""

    def __init__(self, error: ReadError) -> None:
        super().__init__(f"{error.kind}: {error.code}")
        self.error = error


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """What became of a hint, and why where it was not read."""

    outcome: Outcome
    error: ReadError | None = None


class Ingester:
    """Takes hints into the store.

    Parameters
    ----------
    refresher, store
        Reads a job and records it; where jobs are.
    cadence
        How often sources are read.
    now
        The clock: an aware UTC time.
    """

    def __init__(
        self, *, refresher: Refresher, store: WakeStore, cadence: Cadence, now: Callable[[], datetime]
    ) -> None:
        self._refresher = refresher
        self._store = store
        self._cadence = cadence
        self._now = now

    def take(self, hint: Hint, *, deadline: float) -> Taken:
        """Ask AWS for the job of the hint and record the answer; ``deadline`` on the reader's monotonic clock.

        Raises
        ------
        NotReadNowError
            Throttled, timed out and the like.
        """
        stored = self._store.get(str(hint.key))
        if _is_known(stored, hint):
            return Taken(outcome=Outcome.KNOWN)
        read = self._refresher.read_job(hint.family, hint.target, hint.key, deadline=deadline, known=stored)
        if read.stored is not None or read.error is None:
            self._wake(hint)
            return Taken(outcome=Outcome.READ, error=read.error)
        if read.error.retryable:
            raise NotReadNowError(read.error)
        if read.error.kind != ErrorKind.NOT_FOUND:
            return Taken(outcome=Outcome.UNREADABLE, error=read.error)
        ahead = hint.happened_at > self._now() + SKEW
        if hint.evidence is None or ahead or read.error.code == WRONG_PARENT:
            return Taken(outcome=Outcome.GONE, error=read.error)
        self._refresher.record(hint.evidence)
        self._wake(hint)
        return Taken(outcome=Outcome.WITNESSED, error=read.error)

    def _wake(self, hint: Hint) -> None:
        """Have the job's source read at once; a source that is not known yet is there, since AWS has a job in it."""
        at, family = self._now(), hint.family
        whole = source = family.whole(hint.target)
        for parent in family.path(hint.key.parents):
            source = family.under(source, parent)
        seconds = int(self._cadence.active.total_seconds())
        if not self._store.wake(source.id, at=at, seconds=seconds) and self._store.expect([source], at=at):
            self._store.wake(whole.id, at=at, seconds=seconds)


def _is_known(stored: StoredJob | None, hint: Hint) -> bool:
    """True for a job that had ended when AWS was asked, later than the event: there is nothing new in it."""
    if stored is None or stored.open or not stored.view.verified:
        return False
    return stored.depth >= Depth.DETAIL and stored.view.observed_at >= hint.happened_at + SKEW
