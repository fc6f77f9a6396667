"""Shares the read of one job between callers at the same time: one of them reads, the others use its result."""

import time
from collections.abc import Callable
from datetime import datetime

from jobview.catalogue.family import Family
from jobview.model import ErrorKind, State, StoredJob, Target
from jobview.model.jobid import JobKey
from jobview.ports import JobClaims
from jobview.query.observing import Observer, ReadCounts
from jobview.refresh.refresher import JobRead, Refresher
from jobview.refresh.sharing import FIRST_PAUSE, LONGEST_PAUSE
from jobview.store import JobClaim, JobResult


class SharedJob:
    """Reads single jobs live, each once for all callers at the same time.

    Parameters
    ----------
    refresher
        Reads a job and stores it.
    store
        Has the claims, by which executions know about each other.
    now
        The clock: an aware UTC time.
    left
        Returns the seconds until a deadline.
    observe
        Gets the counts of each read that this execution made.
    sleep
        Waits for a number of seconds.
    """

    def __init__(
        self,
        *,
        refresher: Refresher,
        store: JobClaims,
        now: Callable[[], datetime],
        left: Callable[[float], float],
        observe: Observer,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._refresher = refresher
        self._store = store
        self._now = now
        self._left = left
        self._observe = observe
        self._sleep = sleep

    def read(
        self, family: Family, target: Target, key: JobKey, *, oldest: datetime, deadline: float, known: StoredJob | None
    ) -> JobRead:
        """Return the result of a read of the job that began after ``oldest``.

        If another caller is reading the job, this one waits until that claim ends, and never beyond ``deadline``. It
        then returns the other's result, also an error, unless the other ran out of time. Such a result has no native
        record. ``known`` is the stored job.
        """
        job_id = str(key)
        claim = self._store.claim_job(job_id, oldest=oldest)
        pause = FIRST_PAUSE
        since = claim.since
        while not claim.taken:
            if _is_answer(claim, oldest=oldest, since=since):
                return self._shared(job_id, claim.result)
            if self._left(deadline) <= 0:
                break
            if claim.active(self._now()):
                self._sleep(min(pause, max(0.0, self._left(deadline))))
                pause = min(LONGEST_PAUSE, pause * 1.5)
                claim = self._store.job_claim(job_id)
            else:
                claim = self._store.claim_job(job_id, oldest=oldest)
                since = since or claim.since
                if claim.taken:
                    # The job may have changed in the store while this caller waited.
                    known = self._store.get(job_id, consistent=True)
        return self._read(family, target, key, claim, deadline=deadline, known=known)

    def read_alone(
        self, family: Family, target: Target, key: JobKey, *, deadline: float, known: StoredJob | None
    ) -> JobRead:
        """Read the job even if others are reading it, so that the result has the native record. Others may share it."""
        claim = self._store.claim_job(str(key), oldest=self._now())
        return self._read(family, target, key, claim, deadline=deadline, known=known)

    def _read(
        self,
        family: Family,
        target: Target,
        key: JobKey,
        claim: JobClaim,
        *,
        deadline: float,
        known: StoredJob | None,
    ) -> JobRead:
        read = self._refresher.read_job(family, target, key, deadline=deadline, known=known)
        unknown = read.view is not None and read.view.state is State.UNKNOWN
        self._observe(ReadCounts(unknown=int(unknown), unreadable=read.unreadable))
        if family.list is None and _is_news(read.stored, known):
            # No list brings the job up again: its source is to read it until it ends.
            self._refresher.wake(family, target, key)
        if claim.taken and claim.since is not None:
            self._store.end_job_claim(str(key), since=claim.since, result=_result(read))
        return read

    def _shared(self, job_id: str, result: JobResult) -> JobRead:
        if result.error is not None:
            return JobRead(stored=None, error=result.error)
        stored = self._store.get(job_id, consistent=True)
        if stored is None:
            return JobRead(stored=None)
        own = result.view if result.revision == stored.revision else None
        return JobRead(stored=stored, view=own or stored.view)


def _is_news(stored: StoredJob | None, known: StoredJob | None) -> bool:
    """True for an open job that nobody knew as open."""
    return stored is not None and stored.open and (known is None or not known.open)


def _result(read: JobRead) -> JobResult:
    """The result that other callers get."""
    if read.view is None:
        return JobResult(error=read.error)
    if read.stored is None or read.view == read.stored.view:
        return JobResult()
    return JobResult(view=read.view, revision=read.stored.revision)


def _is_answer(claim: JobClaim, *, oldest: datetime, since: datetime | None) -> bool:
    """True where the last read is an answer for a caller that has waited for the read that began at ``since``.

    A failure is an answer only for callers that have waited for it. A later caller reads again.
    """
    if claim.read_at is None or claim.read_at <= oldest:
        return False
    error = claim.result.error
    return error is None or (error.kind != ErrorKind.DEADLINE and since is not None and claim.read_at >= since)
