"""The items of a job that its service lists, asked of the API: pages, tokens, errors."""

from collections.abc import Iterator
from typing import Any

import pytest

from jobview.query.tokens import seal
from local.standin import Fault, Phase, Plan, SeededJob
from tests.integration.conftest import Deployed, without_settings_of_aws
from tests.local_aws import ACCOUNT
from tests.local_jobview import Local, local_jobview
from tests.monitoring import monitoring

AUTOMATION = "ssm/automation-execution"
STEPS = "DescribeAutomationStepExecutions"


@pytest.fixture
def local(moto: str) -> Iterator[Local]:
    with pytest.MonkeyPatch.context() as patch:
        without_settings_of_aws(patch)
        with local_jobview(moto, patch.setenv, families=[AUTOMATION]) as jobview:
            yield jobview


def id_of(job: SeededJob) -> str:
    parent = () if job.parent is None else (job.parent,)
    return ":".join((job.service, job.region, job.account, job.type, *parent, job.id))


def automation(local: Local, **plan: Any) -> str:
    """An execution that the store knows."""
    [job] = local.aws.seed("ssm", "automation-execution", plan=Plan(**{"submitted": 0, "running": 60, **plan}))
    local.clock.advance(100)
    local.refresh(AUTOMATION)
    return id_of(job)


def items(job_id: str, **query: object) -> str:
    return f"/v1/jobs/{job_id}/items?" + "&".join(f"{name}={value}" for name, value in query.items())


def test_the_view_leads_to_the_items_and_these_come_in_pages(local: Local, api: Deployed) -> None:
    job_id = automation(local, outcome=Phase.FAILED, items=70, failed_items=1, message="no such instance")
    link = api.get(f"/v1/jobs/{job_id}").json["links"]["items"]
    first = api.get(f"{link}?limit=60")
    assert first.headers["cache-control"] == "no-store"
    assert "etag" not in first.headers
    assert len(first.json["items"]) == 60, "AWS's pages have 50"
    second = api.get(items(job_id, limit=60, nextToken=first.json["nextToken"])).json
    assert (len(second["items"]), second["nextToken"]) == (10, None)
    assert second["items"][-1] == {
        "id": "69",
        "name": "job-0-69",
        "group": None,
        "uri": None,
        "state": "FAILED",
        "nativeStatus": "TimedOut",
        "reason": "no such instance",
        "createdAt": None,
        "startedAt": second["items"][-1]["startedAt"],
        "endedAt": second["items"][-1]["endedAt"],
        "job": None,
    }
    assert second["items"][-1]["startedAt"] < second["items"][-1]["endedAt"]
    other_size = api.get(items(job_id, limit=7, nextToken=first.json["nextToken"])).json
    assert other_size["items"] == second["items"][:7]


def test_a_token_is_of_one_job(local: Local, api: Deployed) -> None:
    job_id, other = automation(local, items=30), automation(local, items=30)
    token = api.get(items(job_id, limit=3)).json["nextToken"]
    api.problem(items(other, nextToken=token), 400, "invalid-token")
    for cursor in ("3", "[]", "[0,-1,null]", "[1,0,null]", "[0,true,null]", "[0,1,7]", '{"a":1}', "[0,0,null,0]"):
        made = seal({"route": "items", "job": job_id}, cursor)
        api.problem(items(job_id, nextToken=made), 400, "invalid-token")


@pytest.mark.parametrize(
    ("fault", "status", "kind"),
    [
        (Fault(kind="error", code="ThrottlingException"), 429, "aws-throttled"),
        (Fault(kind="error", code="AccessDeniedException", status=403), 502, "aws-denied"),
        (Fault(kind="malformed"), 502, "aws-malformed"),
    ],
    ids=lambda each: str(getattr(each, "code", "")),
)
def test_items_that_cannot_be_read_are_a_problem_and_the_job_is_not(
    local: Local, api: Deployed, fault: Fault, status: int, kind: str
) -> None:
    job_id = automation(local)
    local.aws.faults.add(fault, service="ssm", operation=STEPS)
    told = api.problem(items(job_id), status, kind)
    assert (told["source"], told["operation"]) == (job_id, STEPS)
    assert api.get(f"/v1/jobs/{job_id}").json["state"] == "SUCCEEDED"


def test_items_of_a_job_that_aws_forgot_are_not_there(local: Local, api: Deployed) -> None:
    [job] = local.aws.seed("ssm", "automation-execution", plan=Plan(submitted=0, running=60))
    local.clock.advance(100)
    local.refresh(AUTOMATION)
    local.aws.forget(job)
    told = api.problem(items(id_of(job)), 404, "items-not-found")
    assert told["awsCode"] == "AutomationExecutionNotFoundException"


def test_the_catalogue_says_where_items_come_from_and_what_that_takes(local: Local) -> None:
    api = Deployed(local, monitoring([AUTOMATION]))
    [family] = [each for each in api.get("/v1/families").json["families"] if each["family"] == AUTOMATION]
    assert family["items"] == f"{STEPS} lists steps"
    assert f"ssm:{STEPS}" in family["actions"]
    assert ACCOUNT not in str(family)
