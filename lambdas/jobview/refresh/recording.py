"""What one read records: its observations, through the one merge into the store, and what became of them so far."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from jobview.model import Observation, StoredJob
from jobview.refresh.pending_details import PendingDetails
from jobview.refresh.recorder import Recorder


class Recording:
    """Records the observations of one read of a source, or of one job.

    What was listed of a job that is got next can be kept back until ``record_got`` writes both at once;
    ``record_overdue`` writes what has waited too long for its get.

    Parameters
    ----------
    recorder
        Merges and saves.
    now
        The clock: an aware UTC time.
    open_before
        The source's open jobs before the read, by id; true: the job has ended, and the end is in doubt.
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
        """Jobs that were written."""
        self.new = 0
        """Of them those that were not stored before."""
        self.unknown = 0
        """Observations with a status word that the catalogue does not know."""

    @property
    def jobs(self) -> Mapping[str, StoredJob]:
        """Every job that the read has met, by id, as it is stored now or will be once its details are here."""
        return self._jobs

    @property
    def observed(self) -> AbstractSet[str]:
        """Ids of the jobs that were observed; a job that is past its retention is not among ``jobs``."""
        return self._observed

    def still_open(self) -> frozenset[str]:
        """Ids of the source's jobs that have not ended, as far as the read knows."""
        unseen = {job_id for job_id in self._open_before if job_id not in self._jobs}
        return frozenset(unseen | {job_id for job_id, job in self._jobs.items() if job.open})

    def revision(self, job_id: str) -> int | None:
        """The stored revision of a job that a get of it knows of: 0 for one that is new.

        ``None`` where the end of the job is in doubt: every revision counts as known.
        """
        return self._revisions.get(job_id, None if self._open_before.get(job_id) else 0)

    def found(self, stored: Mapping[str, StoredJob]) -> None:
        """Take note of jobs, by id, that were listed by their ids alone and are stored."""
        self._jobs.update(stored)
        self._revisions |= {job_id: job.revision for job_id, job in stored.items()}

    def record(self, observations: Sequence[Observation], *, await_details: bool = False) -> None:
        """Record observations; ``await_details`` keeps back what was listed of a job that is got next."""
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
        """Record what was got, each together with what was listed of its job."""
        self.record(self._pending.with_got(observations))

    def record_overdue(self) -> None:
        """Record what has waited for its details as long as it may."""
        self.record(self._pending.overdue(self._now()))

    def record_pending(self) -> None:
        """Record all that waits for its details: a job that could not be got is shown as it was listed."""
        self.record(self._pending.rest())
