"""Recording: merges every observation, from any path, into the store."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from jobview.merge import joined, merge, needs_detail
from jobview.model import Observation, State, StoredJob
from jobview.ports import JobStore
from jobview.store import Change

ATTEMPTS = 8
"""How often a job is read and merged again after another writer was first."""


class RecordConflictError(RuntimeError):
    """Other writers kept winning. The named jobs are unchanged, and the next read tries them again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """The result of recording some observations."""

    jobs: Mapping[str, StoredJob]
    """Every observed job as it is stored now, by id, without jobs past their retention."""
    changed: int
    new: int
    """The number of jobs that were not stored before."""
    unknown: int
    """The number of observations with a status word that the catalogue does not have."""
    pending: Sequence[Observation] = ()
    """Observations that were not stored because they wait for a get; ``jobs`` has the jobs as they would be."""


class Recorder:
    """Merges observations into the store.

    Parameters
    ----------
    store
        The store of jobs.
    now
        The clock: an aware UTC time.
    """

    def __init__(self, store: JobStore, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def record(self, observations: Iterable[Observation], *, await_details: bool = False) -> Recorded:
        """Merge and save. After a lost race the job is read and merged again.

        Observations of the same status of a job become one write.

        Parameters
        ----------
        observations
            The observations, in order.
        await_details
            Do not store a job yet that a get would say more about. The caller gets it and records both together.

        Raises
        ------
        RecordConflictError
            Other writers won ``ATTEMPTS`` times in a row.
        """
        jobs: dict[str, StoredJob] = {}
        pending: list[Observation] = []
        changed = new = unknown = 0
        for batch in _distinct(observations):
            saved, waiting = self._record_distinct(batch, jobs, await_details=await_details)
            pending += waiting
            changed += len(saved)
            new += sum(change.before is None for change in saved)
            unknown += _unknown(batch) - _unknown(waiting)
        return Recorded(jobs=jobs, changed=changed, new=new, unknown=unknown, pending=pending)

    def _record_distinct(
        self, batch: Sequence[Observation], jobs: dict[str, StoredJob], *, await_details: bool
    ) -> tuple[list[Change], list[Observation]]:
        """Record observations of different jobs; return the saved changes, and the observations that wait for a get."""
        left = {observation.view.id: observation for observation in batch}
        saved: list[Change] = []
        pending: dict[str, Observation] = {}
        for attempt in range(ATTEMPTS):
            stored = self._store.get_many(left, consistent=attempt > 0)
            changes: list[Change] = []
            for job_id, observation in left.items():
                before = stored.get(job_id)
                if before is None and self._store.expired(observation.view, self._now()):
                    continue
                merged = merge(before, observation, at=self._now())
                if merged.job is not None:
                    jobs[job_id] = merged.job
                    if await_details and needs_detail(merged.job, has_get=True):
                        pending[job_id] = observation
                    else:
                        changes.append(Change(before=before, after=merged.job, transition=merged.transition))
                elif before is not None:
                    jobs[job_id] = before
            if changes:
                came = self._store.save(changes)
                saved += came.written
                jobs |= {change.after.view.id: change.after for change in came.written}
                left = {change.after.view.id: left[change.after.view.id] for change in came.lost}
            if not changes or not left:
                return saved, list(pending.values())
        raise RecordConflictError(f"other writers were first {ATTEMPTS} times: {', '.join(sorted(left)[:5])}")


def _unknown(observations: Iterable[Observation]) -> int:
    return sum(observation.view.state is State.UNKNOWN for observation in observations)


def _distinct(observations: Iterable[Observation]) -> list[list[Observation]]:
    """Split into batches with each job once, in order. Observations of the same status of a job are joined."""
    batches: list[dict[str, Observation]] = []
    for observation in observations:
        job_id = observation.view.id
        place = next((place for place, batch in enumerate(batches) if job_id not in batch), len(batches))
        both = joined(batches[place - 1][job_id], observation) if place else None
        if both is not None:
            batches[place - 1][job_id] = both
        elif place < len(batches):
            batches[place][job_id] = observation
        else:
            batches.append({job_id: observation})
    return [list(batch.values()) for batch in batches]
