"""The recording of one read: it merges the read's observations into the store and keeps their results."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from jobview.model import Observation, StoredJob
from jobview.refresh.pending_details import PendingDetails
from jobview.refresh.recorder import Recorder


class Recording:
    """Records the observations of one read of a source, or of one job.

    A list record of a job that will be got can wait until ``record_got`` stores both at once. ``record_overdue`` stores
    records that have waited too long.

    Parameters
    ----------
    recorder
        Merges and saves.
    now
        The clock: an aware UTC time.
    open_before
        The source's open jobs before the read, by id; true: the job's end is in doubt.
    """

    def __init__(self, recorder: Recorder, *, now: Callable[[], datetime], open_before: Mapping[str, bool]) -> None:
        self._recorder = recorder
        self._now = now
        self._open_before = open_before
        self._pending = PendingDetails()
        self._revisions: dict[str, int] = {}
        self._jobs: dict[str, StoredJob] = {}
        self._observed: set[str] = set()
        self.changed = 0
        """The number of jobs that were written."""
        self.new = 0
        """The number of these that were not stored before."""
        self.unknown = 0
        """The number of observations with a status word that the catalogue does not have."""

    @property
    def jobs(self) -> Mapping[str, StoredJob]:
        """Every job of the read, by id, as it is stored, or will be stored after its get."""
        return self._jobs

    @property
    def observed(self) -> AbstractSet[str]:
        """The ids of the observed jobs, including those past their retention, which are not in ``jobs``."""
        return self._observed

    def still_open(self) -> frozenset[str]:
        """The ids of the source's jobs that have not ended, as far as the read knows."""
        unseen = {job_id for job_id in self._open_before if job_id not in self._jobs}
        return frozenset(unseen | {job_id for job_id, job in self._jobs.items() if job.open})

    def revision(self, job_id: str) -> int | None:
        """The stored revision of a job before its get; 0 for a new job.

        ``None`` where the job's end is in doubt: then the get may contradict every revision.
        """
        return self._revisions.get(job_id, None if self._open_before.get(job_id) else 0)

    def found(self, stored: Mapping[str, StoredJob]) -> None:
        """Add stored jobs, by id, from a list of ids alone."""
        self._jobs.update(stored)
        self._revisions |= {job_id: job.revision for job_id, job in stored.items()}

    def record(self, observations: Sequence[Observation], *, await_details: bool = False) -> None:
        """Record observations. With ``await_details`` the record of a job that will be got waits."""
        if not observations:
            return
        recorded = self._recorder.record(observations, await_details=await_details)
        self._pending.add(recorded.pending, self._now())
        waiting = {observation.view.id for observation in recorded.pending}
        # A job that waits has the revision that it will have once it is written.
        self._revisions |= {job_id: job.revision - (job_id in waiting) for job_id, job in recorded.jobs.items()}
        self._jobs.update(recorded.jobs)
        self._observed.update(observation.view.id for observation in observations)
        self.changed += recorded.changed
        self.new += recorded.new
        self.unknown += recorded.unknown

    def record_got(self, observations: Iterable[Observation]) -> None:
        """Record got observations, each together with its job's waiting list record."""
        self.record(self._pending.with_got(observations))

    def record_overdue(self) -> None:
        """Record the list records that have waited too long."""
        self.record(self._pending.overdue(self._now()))

    def record_pending(self) -> None:
        """Record all waiting list records, because their jobs could not be got."""
        self.record(self._pending.rest())
