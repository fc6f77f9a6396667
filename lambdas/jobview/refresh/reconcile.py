"""Step 2 of reading a source: a page of its list is compared with the store, and what it says is recorded."""

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
    """A page of the list, and what comparing it with the store came to."""

    listed: ListedPage
    compared: bool = True
    """False for a page that is as it was at the last read: everything on it is stored."""
    jobs: tuple[StoredJob, ...] = ()
    """The jobs on it, as they are stored now or will be once their details are here."""
    to_get: tuple[JobKey, ...] = ()
    """The jobs that a get says more about."""
    contradicted: frozenset[str] = NONE
    """Ids of ended jobs that the list contradicts: a get settles which is right."""
    outdated: frozenset[str] = NONE
    """Ids of open jobs whose listed record does not count: what is stored was seen later (a clock may be ahead)."""


def reconcile(family: Family, page: ListedPage, recording: Recording, store: JobStore) -> ReconciledPage:
    """Record what the list says, and find the jobs that are to be got.

    What is new or changed and is got next waits in the recording for its details; all else is written now.
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
    """A page that tells ids alone: what is not stored, or has not ended, is got."""
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
