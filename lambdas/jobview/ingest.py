"""Taking hints: AWS is asked for the job that an event names, and what it says goes through the one merge."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from jobview.hints import Hint
from jobview.model import Depth, ReadError
from jobview.refresh import Refresher
from jobview.store import Store

SKEW = timedelta(minutes=10)
"""How far the clocks of AWS and of the function may be apart."""


class Outcome(StrEnum):
    """What became of a hint."""

    READ = "read"
    KNOWN = "known"
    """The job had ended, and AWS was asked after that: the event is late or comes again."""
    GONE = "gone"
    """The service does not know the job."""
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
    """

    def __init__(self, *, refresher: Refresher, store: Store) -> None:
        self._refresher = refresher
        self._store = store

    def take(self, hint: Hint, *, deadline: float) -> Taken:
        """Ask AWS for the job of the hint and record the answer; ``deadline`` on the reader's monotonic clock.

        Raises
        ------
        NotReadNowError
            Throttled, timed out and the like.
        """
        if self._known(hint):
            return Taken(outcome=Outcome.KNOWN)
        read = self._refresher.read_job(hint.family, hint.target, hint.key, deadline=deadline)
        if read.stored is not None or read.error is None:
            return Taken(outcome=Outcome.READ, error=read.error)
        if read.error.retryable:
            raise NotReadNowError(read.error)
        gone = read.error.kind == "not_found"
        return Taken(outcome=Outcome.GONE if gone else Outcome.UNREADABLE, error=read.error)

    def _known(self, hint: Hint) -> bool:
        stored = self._store.get(str(hint.key))
        if stored is None or not stored.view.state.terminal or not stored.view.verified:
            return False
        return stored.depth >= Depth.DETAIL and stored.view.observed_at >= hint.happened_at + SKEW
