"""Reading the item-level results of jobs that lie outside their service, where they may still change the end."""

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
"""Item-level results that could not be read are tried this often, at doubling intervals, then left unverified."""
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
    """Read the results of those of the jobs that wait for it and record them; why some could not be read."""
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
