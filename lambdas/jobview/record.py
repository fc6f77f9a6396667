"""Recording: every observation, on whichever path it was made, goes through the one merge into the store."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from jobview.keeping import Keeper
from jobview.merge import merge
from jobview.model import Observation, State, StoredJob
from jobview.store import Change

ATTEMPTS = 8
"""How often a job is read and merged again because another writer was first."""


class RecordConflictError(RuntimeError):
    """Other writers kept winning; nothing of the named jobs was half-written, and the next read brings them back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """What came of a batch of observations."""

    jobs: Mapping[str, StoredJob]
    """Every observed job as it is stored now, by id; without those whose retention is over."""
    changed: int
    new: int
    """How many of them were not stored before."""
    unknown: int
    """Observations with a status word that the catalogue does not know."""


class Recorder:
    """Merges observations into the store.

    Parameters
    ----------
    store
        Where jobs live.
    now
        The clock: an aware UTC time.
    """

    def __init__(self, store: Keeper, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def record(self, observations: Iterable[Observation]) -> Recorded:
        """Merge and save; a lost race is read and merged again.

        Raises
        ------
        RecordConflictError
            Other writers won ``ATTEMPTS`` times in a row.
        """
        jobs: dict[str, StoredJob] = {}
        changed = new = unknown = 0
        for batch in _distinct(observations):
            unknown += sum(observation.view.state is State.UNKNOWN for observation in batch)
            saved = self._record_distinct(batch, jobs)
            changed += len(saved)
            new += sum(change.before is None for change in saved)
        return Recorded(jobs=jobs, changed=changed, new=new, unknown=unknown)

    def _record_distinct(self, batch: Sequence[Observation], jobs: dict[str, StoredJob]) -> list[Change]:
        """Record observations of jobs that are all different; returns what was saved."""
        left = {observation.view.id: observation for observation in batch}
        saved: list[Change] = []
        for attempt in range(ATTEMPTS):
            stored = self._store.get_many(left, consistent=attempt > 0)
            changes: list[Change] = []
            for job_id, observation in left.items():
                before = stored.get(job_id)
                if before is None and self._store.expired(observation.view, self._now()):
                    continue
                merged = merge(before, observation)
                if merged.job is not None:
                    changes.append(Change(before=before, after=merged.job, transition=merged.transition))
                    jobs[job_id] = merged.job
                elif before is not None:
                    jobs[job_id] = before
            lost = {change.after.view.id for change in self._store.save(changes)} if changes else set()
            saved += [change for change in changes if change.after.view.id not in lost]
            if not lost:
                return saved
            left = {job_id: left[job_id] for job_id in lost}
        raise RecordConflictError(f"other writers were first {ATTEMPTS} times: {', '.join(sorted(left)[:5])}")


def _distinct(observations: Iterable[Observation]) -> list[list[Observation]]:
    """Batches in which no job stands twice, in order: a page may repeat a job that moved while it was listed."""
    batches: list[dict[str, Observation]] = []
    for observation in observations:
        job_id = observation.view.id
        for batch in batches:
            if job_id not in batch:
                batch[job_id] = observation
                break
        else:
            batches.append({job_id: observation})
    return [list(batch.values()) for batch in batches]
