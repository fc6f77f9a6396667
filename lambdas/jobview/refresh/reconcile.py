"""Step 2 of reading a source: a page of its list is compared with the store, and its changes are stored."""

from collections.abc import Collection
from dataclasses import dataclass

from jobview.catalogue.family import Family
from jobview.merge import contradicts, needs_detail
from jobview.model import Observation, StoredJob
from jobview.model.jobid import JobKey
from jobview.ports import JobStore
from jobview.refresh.pages import ListedPage
from jobview.refresh.recording import Recording

NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class ReconciledPage:
    """A page of the list, and the result of its comparison with the store."""

    listed: ListedPage
    compared: bool = True
    """False for a page that has not changed since the last read: everything on it is stored."""
    jobs: tuple[StoredJob, ...] = ()
    """The jobs on the page, as they are stored, or will be stored after their get."""
    to_get: tuple[JobKey, ...] = ()
    """The jobs that have to be got."""
    contradicted: frozenset[str] = NONE
    """The ids of ended jobs that the list contradicts. A get decides which is right."""
    outdated: frozenset[str] = NONE
    """The ids of open jobs whose stored data is newer than the list record (a clock may be ahead)."""


def reconcile(family: Family, page: ListedPage, recording: Recording, store: JobStore) -> ReconciledPage:
    """Store the list records, and find the jobs that have to be got.

    A record of a job that will be got waits in the recording for its details. All others are stored now.
    """
    if family.lists_ids_only:
        return _reconcile_ids(page, recording, store)
    has_get = family.get is not None
    recording.record(page.observations, await_details=has_get)
    pairs = [
        (observation, job)
        for observation in page.observations
        if (job := recording.jobs.get(observation.view.id)) is not None
    ]
    jobs = {job.view.id: job for _, job in pairs}
    keys = {observation.view.id: observation.view.key for observation, _ in pairs}
    contradicted = frozenset(job.view.id for observation, job in pairs if contradicts(job, observation))
    outdated = frozenset(job.view.id for observation, job in pairs if _is_outdated(observation, job))
    doubted: Collection[str] = contradicted | outdated if has_get else ()
    return ReconciledPage(
        listed=page,
        jobs=tuple(jobs.values()),
        to_get=tuple(
            keys[job_id] for job_id, job in jobs.items() if needs_detail(job, has_get=has_get) or job_id in doubted
        ),
        contradicted=contradicted,
        outdated=outdated,
    )


def _reconcile_ids(page: ListedPage, recording: Recording, store: JobStore) -> ReconciledPage:
    """Reconcile a page of ids alone: jobs that are not stored, or have not ended, are got."""
    stored = store.get_many(page.ids)
    recording.found(stored)
    return ReconciledPage(
        listed=page,
        jobs=tuple(stored.values()),
        to_get=tuple(
            key
            for job_id, key in zip(page.ids, page.keys, strict=True)
            if (job := stored.get(job_id)) is None or job.open
        ),
    )


def _is_outdated(observation: Observation, job: StoredJob) -> bool:
    """True for a record of an open job that is older than what is stored, or says another status."""
    return not job.view.state.terminal and (
        job.view.observed_at > observation.view.observed_at or job.view.native_status != observation.view.native_status
    )
