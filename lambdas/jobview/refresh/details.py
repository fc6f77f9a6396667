"""Step 3 of reading a source: jobs are got, one by one or in batches, and stored together with their list records."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from jobview.aws.unreadable import Unreadable
from jobview.catalogue.family import Family
from jobview.model import Cursor, ErrorKind, Observation, ReadError, Target
from jobview.model.jobid import JobKey
from jobview.ports import JobStore
from jobview.reader import Reader
from jobview.refresh.recording import Recording

NOT_LISTED = ReadError(kind=ErrorKind.NOT_FOUND.value, code="NotListed", message="", operation=None, retryable=False)
"""The reason for the end of a job that is not in its list, and that cannot be got by its id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Details:
    """The result of getting jobs."""

    got: frozenset[str] = frozenset()
    """The ids of jobs that AWS returned."""
    missing: Mapping[str, ReadError]
    """AWS's answer for each job that it does not have, by id."""
    errors: tuple[ReadError, ...] = ()
    """The reasons why other jobs could not be got."""

    def answered(self, keys: Sequence[JobKey]) -> int:
        """How many of the keys lead up to the last one for which AWS had an answer, in their order."""
        places = (place for place, key in enumerate(keys) if str(key) in self.got or str(key) in self.missing)
        return max(places, default=-1) + 1


def askable(job_ids: Iterable[str], store: JobStore) -> tuple[list[JobKey], list[str]]:
    """Return the keys with which stored jobs can be got, and the ids of jobs that cannot be got.

    If an id has a digest, the stored view has the full id. Only views of an earlier version lack it.
    """
    keys = {job_id: JobKey.parse(job_id) for job_id in job_ids}
    cut = [job_id for job_id, key in keys.items() if not key.exact]
    keys |= {job_id: job.view.key for job_id, job in store.get_many(cut).items()}
    exact = [key for key in keys.values() if key.exact]
    return exact, [job_id for job_id, key in keys.items() if not key.exact]


def from_cursor(keys: Iterable[JobKey], cursor: Cursor | None) -> list[JobKey]:
    """The open jobs of a family without a list in the order in which they are got, on from where a read stopped."""
    ordered = sorted(keys, key=str)
    if cursor is None or cursor.token is None:
        return ordered
    return [key for key in ordered if str(key) > cursor.token]


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
    """Get jobs and store them. A job that could not be got is stored as it was listed.

    Nothing is got for a family without a get: its list has everything.
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
