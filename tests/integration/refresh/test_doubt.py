"""Ends that a get contradicts: the job is asked again, whatever its page looks like, and no doubt is lost."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from jobview.merge import merge
from jobview.model import Depth, JobView, Observation, State, StoredJob, Via
from jobview.model.jobid import JobKey
from jobview.refresh.recorder import Recorder
from jobview.store import Change
from local.standin import Plan
from tests.local_aws import ACCOUNT, REGION
from tests.local_jobview import Local

SOURCE = f"omics:{REGION}:{ACCOUNT}:reference-import"


def got(local: Local, job: StoredJob, state: State, native_status: str, **facts: Any) -> Observation:
    """The observation of an event's get or a live one."""
    view = replace(job.view, state=state, native_status=native_status, observed_at=local.clock.now(), via=Via.GET)
    return Observation(
        view=replace(view, **facts),
        depth=Depth.DETAIL,
        authoritative=True,
        after_revision=job.revision,
        facts=job.facts,
    )


def record(local: Local, observation: Observation) -> None:
    source_id = observation.view.id.rpartition(":")[0]
    local.parts.store.wake(source_id, at=local.clock.now(), seconds=60)
    Recorder(local.parts.store, now=local.clock.now).record([observation])


def begun(local: Local, plan: Plan) -> str:
    """A job that was read twice, so that its page is known by its fingerprint."""
    [job] = local.aws.seed("omics", "reference-import", plan=plan)
    local.clock.advance(10)
    local.tick()
    local.tick(seconds=20)
    return f"{SOURCE}:{job.parent}:{job.id}"


def test_a_job_in_doubt_is_asked_again_though_its_page_is_as_it_was(local: Local) -> None:
    job_id = begun(local, Plan(submitted=0, running=1))
    ended = local.job(job_id)
    assert ended.view.state.terminal
    record(local, got(local, ended, State.RUNNING, "IN_PROGRESS", ended_at=None))
    assert local.job(job_id).ask_again
    for _ in range(3):
        local.tick(seconds=70)
    assert not local.job(job_id).open
    assert local.states(job_id) == [State.SUCCEEDED]


def test_an_end_that_was_never_true_is_found_though_the_list_says_what_it_said(local: Local) -> None:
    job_id = begun(local, Plan(submitted=0, running=1_000_000))
    record(local, got(local, local.job(job_id), State.FAILED, "FAILED"))
    assert local.job(job_id).view.state is State.FAILED
    for _ in range(4):
        local.tick(seconds=70)
    job = local.job(job_id)
    assert (job.view.state, job.view.generation) == (State.RUNNING, 2)
    assert local.states(job_id) == [State.RUNNING, State.FAILED, State.RUNNING]


def test_a_hundred_failures_that_change_without_a_transition_fit_their_transactions(local: Local) -> None:
    recorder = Recorder(local.parts.store, now=local.clock.now)

    def failed(number: int, ended: bool) -> Observation:
        now = local.clock.now()
        key = JobKey(service="sesv2", region=REGION, account=ACCOUNT, type="import", native_id=f"n{number}")
        view = JobView(
            key=key,
            state=State.FAILED,
            native_status="FAILED",
            observed_at=now,
            via=Via.GET,
            created_at=now - timedelta(seconds=900),
            ended_at=now - timedelta(seconds=60) if ended else None,
        )
        return Observation(view=view, depth=Depth.DETAIL if ended else Depth.SUMMARY)

    recorder.record([failed(number, ended=False) for number in range(98)])
    local.clock.advance(1)
    recorded = recorder.record([failed(number, ended=True) for number in range(98)])
    assert recorded.changed == 98
    assert {job.view.ended_at is None for job in recorded.jobs.values()} == {False}


def test_of_two_writers_of_the_same_view_the_one_with_the_doubt_is_not_taken_for_written(local: Local) -> None:
    job_id = begun(local, Plan(submitted=0, running=1))
    stored = local.job(job_id)
    noted = replace(stored, revision=stored.revision + 1, summary="another")
    assert local.parts.store.save([Change(before=stored, after=noted, transition=None)]).lost == []
    doubted = merge(stored, got(local, stored, State.RUNNING, "IN_PROGRESS", ended_at=None)).job
    assert doubted is not None
    change = Change(before=stored, after=doubted, transition=None)
    assert local.parts.store.save([change]).lost == [change], "it lost, and its caller merges again"
