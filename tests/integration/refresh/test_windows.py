"""Jobs that leave the window of a list: AWS is asked, and only what it does not know is deleted."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from jobview.catalogue import FAMILIES
from jobview.catalogue.family import Family
from jobview.collect.periods import MARGIN
from jobview.model import State
from local.standin import Phase, Plan, SeededJob
from tests.local_aws import ACCOUNT, REGION
from tests.local_jobview import Local

AUDIT = "iot/audit-task"
SOURCE = f"iot:{REGION}:{ACCOUNT}:audit-task"
LONG = Plan(submitted=0, running=200 * 86_400.0, items=4)


def job_id(job: SeededJob) -> str:
    return f"{SOURCE}:{job.id}"


def audit(local: Local, plan: Plan = LONG) -> SeededJob:
    [made] = local.aws.seed("iot", "audit-task", plan=plan)
    return made


def client(local: Local, **options: Any) -> Any:
    return boto3.client("iot", endpoint_url=local.aws.url, region_name=REGION, config=Config(**options))


def test_audits_are_listed_and_got(local: Local) -> None:
    ended = audit(local, Plan(submitted=0, running=60, outcome=Phase.PARTIAL, items=4, failed_items=1))
    running = audit(local)
    local.clock.advance(120)
    assert local.refresh(AUDIT)[SOURCE].jobs == 2
    view = local.job(job_id(ended)).view
    assert (view.state, view.verified) == (State.PARTIALLY_SUCCEEDED, True)
    assert view.items is not None
    assert (view.items.total, view.items.failed) == (4, 1)
    assert local.job(job_id(running)).view.state is State.RUNNING


def test_a_job_that_leaves_the_window_is_asked_for_by_its_id(local: Local) -> None:
    old, gone = audit(local), audit(local)
    local.refresh(AUDIT)
    local.clock.advance(timedelta(days=90).total_seconds())
    local.aws.forget(gone)
    fresh = audit(local)
    coverage = local.refresh(AUDIT)[SOURCE]
    assert (coverage.status.value, coverage.error) == ("complete", None)
    assert coverage.jobs == 1, "the list has the new one alone"
    assert local.job(job_id(old)).view.state is State.RUNNING
    assert local.job(job_id(gone)).view.state is State.DELETED
    assert local.job(job_id(fresh)).view.state is State.RUNNING


@pytest.mark.parametrize("known", [True, False], ids=["older than the window", "of no known time"])
def test_without_a_get_a_job_that_its_list_does_not_reach_is_left_alone(local: Local, known: bool) -> None:
    declared = FAMILIES[AUDIT]
    alone = replace(declared, get=None, get_fields=None)

    def refresh(family: Family) -> None:
        local.parts.refresher.read_families([family], local.parts.monitored.targets, deadline=1e12)

    old = audit(local)
    refresh(declared if known else alone)
    assert (local.job(job_id(old)).view.started_at is not None) is known
    local.clock.advance(timedelta(days=90).total_seconds())
    refresh(alone)
    assert local.job(job_id(old)).view.state is State.RUNNING


def test_without_a_get_a_job_that_its_list_would_tell_is_gone(local: Local) -> None:
    declared = FAMILIES[AUDIT]
    job = audit(local)
    local.refresh(AUDIT)
    local.aws.forget(job)
    local.clock.advance(timedelta(days=80).total_seconds())
    alone = replace(declared, get=None, get_fields=None)
    local.parts.refresher.read_families([alone], local.parts.monitored.targets, deadline=1e12)
    assert local.job(job_id(job)).view.state is State.DELETED


class TestTheService:
    """The local AWS refuses what AWS refuses."""

    @pytest.mark.parametrize("left_out", ["startTime", "endTime"])
    def test_a_list_without_its_period(self, local: Local, left_out: str) -> None:
        now = local.clock.now()
        given = {"startTime": now - timedelta(days=1), "endTime": now}
        del given[left_out]
        with pytest.raises(ClientError) as refused:
            client(local, parameter_validation=False).list_audit_tasks(**given)
        assert refused.value.response["Error"]["Code"] == "InvalidRequestException"

    def test_a_start_before_what_is_retained(self, local: Local) -> None:
        now = local.clock.now()
        with pytest.raises(ClientError, match="before what is retained"):
            client(local).list_audit_tasks(startTime=now - timedelta(days=90, seconds=1), endTime=now)
        client(local).list_audit_tasks(startTime=now - timedelta(days=90) + MARGIN, endTime=now)

    def test_jobs_outside_of_the_period_are_not_told(self, local: Local) -> None:
        begun = local.clock.now()
        made = audit(local)
        local.clock.advance(3 * 86_400)

        def told(start: int, end: int) -> list[str]:
            answer = client(local).list_audit_tasks(
                startTime=begun + timedelta(days=start), endTime=begun + timedelta(days=end)
            )
            return [each["taskId"] for each in answer["tasks"]]

        assert told(-1, 1) == [made.id]
        assert told(1, 3) == told(-2, -1) == []
