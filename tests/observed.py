"""Observations of one Transcribe job, and what is stored after some of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from jobview.merge import Merged, merge
from jobview.model import CONSISTENCY_WINDOW, Depth, JobView, Observation, State, StoredJob, Via
from jobview.model.jobid import JobKey

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
KEY = JobKey(service="transcribe", region="us-east-1", account="111122223333", type="transcription-job", native_id="c")
LISTED = frozenset({"name", "created_at", "started_at", "ended_at", "reason"})
GOT = LISTED | {"tags", "inputs", "role"}
WINDOW = CONSISTENCY_WINDOW.total_seconds()
NOTHING = Merged(job=None, transition=None)
WORDS = {State.PENDING: "QUEUED", State.RUNNING: "IN_PROGRESS", State.SUCCEEDED: "COMPLETED", State.FAILED: "FAILED"}


def at(seconds: float) -> datetime:
    """So many seconds after ``START``."""
    return START + timedelta(seconds=seconds)


def listed(state: State, seconds: float, **facts: Any) -> Observation:
    """A list record."""
    return _seen(state, seconds, Depth.SUMMARY, Via.LIST, LISTED, **facts)


def got(state: State, seconds: float, *, knew: int | None = None, **facts: Any) -> Observation:
    """The answer to a get."""
    return replace(_seen(state, seconds, Depth.DETAIL, Via.GET, GOT, **facts), authoritative=True, after_revision=knew)


def _seen(state: State, seconds: float, depth: Depth, via: Via, told: frozenset[str], **facts: Any) -> Observation:
    given_facts: dict[str, Any] = {"native_status": WORDS.get(state, state.value), "created_at": START}
    view = JobView(key=KEY, state=state, observed_at=at(seconds), via=via, **(given_facts | facts))
    return Observation(view=view, depth=depth, facts=told)


def gone(job: StoredJob, seconds: float) -> Observation:
    """AWS does not have the job."""
    view = replace(job.view, state=State.DELETED, reason="not known", observed_at=at(seconds), via=Via.LIST)
    return Observation(view=view, depth=Depth.SUMMARY, inferred=True)


def fold(*observations: Observation) -> StoredJob:
    """What is stored after all of them, one after the other."""
    job: StoredJob | None = None
    for observation in observations:
        job = merge(job, observation).job or job
    assert job is not None
    return job
