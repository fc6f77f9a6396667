"""Jobs whose ids are longer than a job id can carry are listed, got, ended, asked live and followed as any other."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import boto3
import pytest
from hypothesis import given, settings

from handlers.api.parameters import JOB_ID_PATTERN
from handlers.ingest import handler as ingest
from jobview.model import Depth, State
from jobview.model.jobid import JobKey
from tests.drawn_ids import JOB_IDS
from tests.integration.conftest import Deployed
from tests.integration.ingest.test_ingest import Context, event
from tests.local_aws import ACCOUNT, REGION
from tests.local_jobview import Local

LONG = "夜" * 80
"""The longest name of a state machine or an execution, in characters that take nine of a job id each."""
DEFINITION = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}})


@pytest.fixture
def machine(local: Local) -> Iterator[str]:
    """The ARN of a state machine with a long name."""
    assert local.aws.url
    states = boto3.client("stepfunctions")
    role = f"arn:aws:iam::{ACCOUNT}:role/x"
    arn = states.create_state_machine(name=LONG, definition=DEFINITION, roleArn=role)["stateMachineArn"]
    yield arn
    states.delete_state_machine(stateMachineArn=arn)


def start(machine: str, name: str) -> str:
    return boto3.client("stepfunctions").start_execution(stateMachineArn=machine, name=name)["executionArn"]


def listed(api: Deployed, filters: str) -> dict[str, Any]:
    """The one job that a live read finds, whose source has to be complete."""
    answer = api.get(f"/v1/jobs?{filters}&maxAge=0")
    assert answer.status == 200
    assert answer.json["coverage"]["counts"] == {"complete": len(answer.json["coverage"]["sources"])}
    assert [row["error"] for row in answer.json["coverage"]["sources"]] == [None] * answer.json["coverage"]["counts"][
        "complete"
    ]
    [job] = answer.json["jobs"]
    found: dict[str, Any] = job
    return found


def test_an_execution_with_long_names_is_listed_got_ended_and_asked_live(
    local: Local, api: Deployed, machine: str
) -> None:
    arn = start(machine, LONG)
    filters = f"service=stepfunctions&type=execution&parent={quote(LONG)}"
    job = listed(api, filters)
    assert (job["state"], job["name"], job["parent"]["id"]) == ("RUNNING", LONG, LONG)
    assert local.job(job["id"]).depth is Depth.DETAIL
    assert not JobKey.parse(job["id"]).exact
    path = f"/v1/jobs/{job['id']}"
    assert api.get(path).json["state"] == "RUNNING"
    native = api.get(f"{path}?include=native").json["native"]
    assert native["executionArn"] == arn
    assert api.get(f"{path}/items").status == 200
    assert api.get("/v1/summary").json["oldestRunning"]["id"] == job["id"]

    boto3.client("stepfunctions").stop_execution(executionArn=arn, error="No")
    local.clock.advance(1)
    assert api.get(f"{path}?maxAge=0").json["state"] == "CANCELLED"
    assert listed(api, filters)["state"] == "CANCELLED"
    assert api.get("/v1/summary").json["oldestRunning"] is None
    assert local.states(job["id"]) == [State.RUNNING, State.CANCELLED]
    assert local.parts.store.open_jobs(job["id"].rpartition(":")[0]) == {}


def test_a_refresh_ends_what_is_not_listed_any_more(local: Local, api: Deployed, machine: str) -> None:
    arn = start(machine, LONG)
    job = listed(api, f"service=stepfunctions&type=execution&parent={quote(LONG)}")
    boto3.client("stepfunctions").stop_execution(executionArn=arn)
    for number in range(3):
        start(machine, f"later-{number}")
    for _ in range(3):
        rows = local.tick(seconds=120)
        assert rows[job["id"].rpartition(":")[0]].error is None
    assert local.job(job["id"]).view.state is State.CANCELLED


def test_an_execution_that_is_gone_is_deleted(local: Local, api: Deployed, machine: str) -> None:
    start(machine, LONG)
    job = listed(api, f"service=stepfunctions&type=execution&parent={quote(LONG)}")
    boto3.client("stepfunctions").delete_state_machine(stateMachineArn=machine)
    local.refresh("stepfunctions/execution")
    assert local.job(job["id"]).view.state is State.DELETED
    assert job["id"].rpartition(":")[0] not in {row.source.id for row in local.parts.store.coverage()}


def test_a_job_that_was_stored_before_its_native_id_was_is_mended(local: Local, api: Deployed, machine: str) -> None:
    arn = start(machine, LONG)
    filters = f"service=stepfunctions&type=execution&parent={quote(LONG)}"
    job = listed(api, filters)
    table = local.settings["JOBVIEW_TABLE"]
    boto3.client("dynamodb").update_item(
        TableName=table,
        Key={"pk": {"S": f"JOB#{job['id']}"}, "sk": {"S": "VIEW"}},
        UpdateExpression="REMOVE nativeId, parentIds SET #depth = :depth",
        ExpressionAttributeNames={"#depth": "depth"},
        ExpressionAttributeValues={":depth": {"N": "1"}},
    )
    told = api.problem(f"/v1/jobs/{job['id']}?maxAge=0", 404, "job-not-found")
    assert "service=stepfunctions&type=execution&maxAge=0 reads it into the cache" in str(told["detail"])
    local.clock.advance(7 * 3600)  # a full sync is due, which compares every page
    listed(api, filters)
    assert api.get(f"/v1/jobs/{job['id']}?include=native").json["native"]["executionArn"] == arn


def test_the_event_of_a_job_with_a_long_id_is_followed(
    local: Local, api: Deployed, machine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in local.settings.items():
        monkeypatch.setenv(name, value)
    ingest.ingester.cache_clear()
    arn = start(machine, LONG)
    detail = {"executionArn": arn, "stateMachineArn": machine, "name": LONG, "status": "RUNNING"}
    body = event(local, "Step Functions Execution Status Change", detail, source="aws.states")
    answer = ingest.handler({"Records": [{"messageId": "1", "body": body}]}, Context())
    assert answer == {"batchItemFailures": []}
    [job] = api.get(f"/v1/jobs?service=stepfunctions&type=execution&parent={quote(LONG)}").json["jobs"]
    assert (job["state"], job["name"]) == ("RUNNING", LONG)
    due = {source for source, _ in local.parts.store.due(local.clock.now() + timedelta(days=999), limit=9)}
    assert job["id"].rpartition(":")[0] in due, "its source is on the schedule"
    assert api.get(f"/v1/jobs/{job['id']}?maxAge=0").status == 200


def test_a_glue_job_with_the_longest_name(local: Local, api: Deployed) -> None:
    name, glue = "报" * 255, boto3.client("glue")
    glue.create_job(Name=name, Role="r", Command={"Name": "glueetl", "ScriptLocation": "s3://b/x.py"})
    glue.start_job_run(JobName=name)
    job = listed(api, f"service=glue&type=job-run&parent={quote(name)}")
    assert job["parent"]["id"] == name
    assert api.get(f"/v1/jobs/{job['id']}?include=native").json["native"]["JobName"] == name
    assert listed(api, f"service=glue&type=job-run&parent={quote(name)}")["id"] == job["id"]
    [row] = [row for row in local.parts.store.coverage(services=["glue"]) if row.source.parent is not None]
    assert row.source.parent is not None
    assert row.source.parent.id == name


def test_a_transcription_job_with_the_longest_name(api: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Jobview")
    name = "t" * 200
    boto3.client("transcribe").start_transcription_job(
        TranscriptionJobName=name, LanguageCode="en-US", Media={"MediaFileUri": "s3://b/a.mp3"}
    )
    job = listed(api, "service=transcribe&type=transcription-job")
    assert JobKey.parse(job["id"]).exact
    assert api.get(f"/v1/jobs/{job['id']}?include=native").json["native"]["TranscriptionJobName"] == name


def test_a_long_id_that_is_not_in_the_cache_is_not_found(api: Deployed) -> None:
    key = JobKey(service="sesv2", region=REGION, account=ACCOUNT, type="import", native_id="x" * 1000)
    for query in ("", "?maxAge=0", "?include=native"):
        told = api.problem(f"/v1/jobs/{key}{query}", 404, "job-not-found")
        assert told["job"] == str(key)
    assert "too long for an id" in str(told["detail"])
    assert str(replace(key, text=str(key))) == str(key)


@pytest.fixture(scope="module")
def shared(quiet: Local) -> Deployed:
    return Deployed(quiet)


@given(JOB_IDS.filter(lambda text: text != "" and "/" not in text))
@settings(max_examples=200)
def test_what_the_pattern_of_the_contract_refuses_is_answered_with_400(shared: Deployed, text: str) -> None:
    """A slash is of another route, and so is nothing at all."""
    target = f"/v1/jobs/{quote(text, safe='')}"
    if re.fullmatch(JOB_ID_PATTERN, text):
        shared.problem(target, 404, "job-not-found")
    else:
        shared.problem(target, 400, "invalid-job-id")
