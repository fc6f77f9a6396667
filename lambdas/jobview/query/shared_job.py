"""One job that many callers ask AWS for at once: one of them reads, and the others answer with what it came to."""

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
    """Reads single jobs live, each once for all who ask for it at the same time.

    Parameters
    ----------
    refresher
        Reads a job and records it.
    store
        Where executions see each other.
    now
        The clock: an aware UTC time.
    left
        Seconds until a deadline.
    observe
        Learns what each read met that was made here.
    sleep
        Waits for some seconds.
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
        """What a read that began after ``oldest`` says of the job.

        A read of somebody else that is under way is waited for until its claim is over, and never beyond ``deadline``.
        What it came to is the answer, an error too, unless its own time was over. The answer has no native record then.
        ``known`` is the job as the caller found it stored.
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
                    # The job may have been written while this caller waited.
                    known = self._store.get(job_id, consistent=True)
        return self._read(family, target, key, claim, deadline=deadline, known=known)

    def read_alone(
        self, family: Family, target: Target, key: JobKey, *, deadline: float, known: StoredJob | None
    ) -> JobRead:
        """The same, read here whoever else reads it, so that the answer has the native record. Others may share it."""
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


def _result(read: JobRead) -> JobResult:
    """What a read leaves for others who wait for it."""
    if read.view is None:
        return JobResult(error=read.error)
    if read.stored is None or read.view == read.stored.view:
        return JobResult()
    return JobResult(view=read.view, revision=read.stored.revision)


def _is_answer(claim: JobClaim, *, oldest: datetime, since: datetime | None) -> bool:
    """True where the last read answers a caller who has been waiting for the one that began at ``since``.

    A failure counts for those who have waited for it alone: who comes later asks again.
    """
    if claim.read_at is None or claim.read_at <= oldest:
        return False
    error = claim.result.error
    return error is None or (error.kind != ErrorKind.DEADLINE and since is not None and claim.read_at >= since)
