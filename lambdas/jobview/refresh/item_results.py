"""Reads item-level results that lie outside the jobs' service, where they may still change a job's end."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from jobview.aws.errors import ReadFailure
from jobview.aws.unreadable import Unreadable
from jobview.catalogue.family import Family
from jobview.items.readers import READERS
from jobview.model import Depth, ErrorKind, ReadError, State, StoredJob, Target
from jobview.ports import JobStore
from jobview.reader import Reader
from jobview.refresh.recording import Recording

ITEMS_ATTEMPTS = 8
"""The number of attempts to read item-level results, at doubling intervals. After them the job stays unverified."""
ITEMS_FIRST_DELAY = timedelta(minutes=1)


def items_open(job: StoredJob) -> bool:
    """True for a job that still lacks its item-level results."""
    return job.view.state is State.SUCCEEDED and job.depth == Depth.DETAIL and job.items_attempts < ITEMS_ATTEMPTS


def read_items(
    reader: Reader,
    store: JobStore,
    family: Family,
    target: Target,
    jobs: Iterable[StoredJob],
    recording: Recording,
    *,
    now: Callable[[], datetime],
    deadline: float,
    unreadable: Unreadable,
) -> list[ReadError]:
    """Read and store the item-level results of the jobs that lack them; return the reasons for failures."""
    if family.items_reader is None:
        return []
    items_reader = READERS[family.items_reader]
    errors: list[ReadError] = []
    for job in list(jobs):
        if not items_open(job) or (job.items_after is not None and job.items_after > now()):
            continue
        try:
            observation = reader.refine(items_reader, job.view, target, deadline, unreadable=unreadable)
        except ReadFailure as failure:
            errors.append(failure.error)
            if failure.error.kind == ErrorKind.DEADLINE:
                break
            store.touch_items(
                job.view.id,
                revision=job.revision,
                attempts=job.items_attempts + 1,
                after=now() + ITEMS_FIRST_DELAY * 2**job.items_attempts,
            )
        else:
            recording.record([observation])
    return errors
