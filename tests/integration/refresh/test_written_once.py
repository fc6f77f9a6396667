"""A change that is listed and then got is one write, and one complete event; over real HTTP."""

import time
from concurrent.futures import ThreadPoolExecutor

from jobview.model import Depth, State, Via
from local.standin import Fault, Phase, Plan
from tests.local_jobview import Local

OMICS = "omics:us-east-1:123456789012:reference-import"
FAILS = Plan(submitted=0, running=60, outcome=Phase.FAILED, items=2, failed_items=2)


def test_a_job_is_written_once_for_each_change(local: Local) -> None:
    [job] = local.aws.seed("omics", "reference-import", plan=FAILS)
    job_id = f"{OMICS}:{job.parent}:{job.id}"
    local.refresh("omics/reference-import")
    first = local.job(job_id)
    assert (first.revision, first.depth, first.view.via) == (1, Depth.DETAIL, Via.GET)
    assert first.view.inputs, "which only the get tells"
    local.clock.advance(90)
    local.refresh("omics/reference-import")
    ended = local.job(job_id)
    assert (ended.revision, ended.depth, ended.view.state, ended.view.verified) == (2, Depth.DETAIL, State.FAILED, True)
    transitions, _ = local.parts.store.transitions(job_id, limit=10)
    assert [transition.state for transition in transitions] == [State.RUNNING, State.FAILED]
    assert transitions[-1].reason == ended.view.reason is not None, "the list does not tell why"


def test_what_cannot_be_got_is_shown_as_it_was_listed(local: Local) -> None:
    [job] = local.aws.seed("omics", "reference-import", plan=FAILS)
    job_id = f"{OMICS}:{job.parent}:{job.id}"
    local.aws.faults.add(
        Fault(kind="error", code="AccessDeniedException"), service="omics", operation="GetReferenceImportJob"
    )
    local.refresh("omics/reference-import")
    listed = local.job(job_id)
    assert (listed.revision, listed.depth, listed.view.state) == (1, Depth.SUMMARY, State.RUNNING)
    local.aws.faults.clear()
    local.refresh("omics/reference-import")
    assert (local.job(job_id).revision, local.job(job_id).depth) == (2, Depth.DETAIL)
    assert local.states(job_id) == [State.RUNNING]


def test_a_job_that_moves_between_its_list_and_its_get_has_both_states_in_its_history(local: Local) -> None:
    [job] = local.aws.seed("omics", "reference-import", plan=Plan(submitted=30, running=600))
    job_id = f"{OMICS}:{job.parent}:{job.id}"
    rule = local.aws.faults.add(
        Fault(kind="latency", seconds=1), service="omics", operation="GetReferenceImportJob", times=1
    )

    def move() -> None:
        while not any(each["id"] == rule and each["seen"] for each in local.aws.faults.to_json()):
            time.sleep(0.01)
        local.clock.advance(60)  # before the get is answered

    with ThreadPoolExecutor(max_workers=1) as pool:
        moved = pool.submit(move)
        local.refresh("omics/reference-import")
        moved.result(timeout=30)
    assert local.states(job_id) == [State.PENDING, State.RUNNING]
    assert local.job(job_id).revision == 2
