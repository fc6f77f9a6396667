"""Step 3 of reading a source: jobs are got, one by one or in batches, and recorded with what was listed of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from jobview.aws.unreadable import Unreadable
from jobview.catalogue.family import Family
from jobview.model import ErrorKind, Observation, ReadError, Target
from jobview.model.jobid import JobKey
from jobview.ports import JobStore
from jobview.reader import Reader
from jobview.refresh.recording import Recording

NOT_LISTED = ReadError(kind=ErrorKind.NOT_FOUND.value, code="NotListed", message="", operation=None, retryable=False)
"""Why a job is taken to be gone that AWS cannot be asked for, and that its list does not have."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Details:
    """What getting jobs came to."""

    got: frozenset[str] = frozenset()
    """Ids of the jobs that AWS answered with."""
    missing: Mapping[str, ReadError]
    """Ids of the jobs that AWS does not know, each with its answer."""
    errors: tuple[ReadError, ...] = ()
    """Why other jobs could not be got."""


def askable(job_ids: Iterable[str], store: JobStore) -> tuple[list[JobKey], list[str]]:
    """Keys of stored jobs by which AWS can be asked, and the ids of the jobs for which it cannot.

    Where an id has a digest, the stored view knows what that stands for. A view that does not was stored by an earlier
    version.
    """
    keys = {job_id: JobKey.parse(job_id) for job_id in job_ids}
    cut = [job_id for job_id, key in keys.items() if not key.exact]
    keys |= {job_id: job.view.key for job_id, job in store.get_many(cut).items()}
    exact = [key for key in keys.values() if key.exact]
    return exact, [job_id for job_id, key in keys.items() if not key.exact]


def get_details(
    reader: Reader,
    family: Family,
    target: Target,
    keys: Sequence[JobKey],
    recording: Recording,
    *,
    deadline: float,
    unreadable: Unreadable,
) -> Details:
    """Get jobs and record them. What could not be got is recorded as it was listed.

    A family without a get is not asked: its list has said everything.
    """
    if not keys or family.get is None:
        return Details(missing={})
    got: set[str] = set()
    missing: dict[str, ReadError] = {}
    errors: list[ReadError] = []
    batch: list[Observation] = []
    try:
        for answer in reader.get_jobs(family, target, list(dict.fromkeys(keys)), deadline, unreadable=unreadable):
            job_id = str(answer.key)
            if answer.observation is not None:
                got.add(job_id)
                batch.append(replace(answer.observation, after_revision=recording.revision(job_id)))
            elif answer.error is not None and answer.error.kind == ErrorKind.NOT_FOUND:
                missing[job_id] = answer.error
            elif answer.error is not None:
                errors.append(answer.error)
            if len(batch) >= (family.get.batch or 1):
                recording.record_got(batch)
                batch = []
            recording.record_overdue()
    finally:
        recording.record_got(batch)
        recording.record_pending()
    return Details(got=frozenset(got), missing=missing, errors=tuple(errors))
