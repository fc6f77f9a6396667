"""What jobs came to and why, and what of their records is withheld: families of the catalogue over real HTTP."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from jobview.catalogue import family
from jobview.model import Items, JobView, Observation, Parent, State
from jobview.reader import Got, Reader
from tests.integration.collect.canned import Asked, Canned, Told
from tests.integration.collect.reading import FOREVER, TARGET, answering, error_of, key_of, source

BATCH, ATHENA, OMICS = family("batch/job"), family("athena/query-execution"), family("omics/reference-import")
GLUE, MACHINES, SES = family("glue/job-run"), family("stepfunctions/execution"), family("sesv2/import")
QUEUE = Parent(type="job-queue", id="render")
SECRET = "not-for-everyone"


@pytest.fixture
def reader(canned: Canned, reader_of: Callable[..., Reader]) -> Reader:
    return reader_of(canned.url, attempts=1)


def array(status: str, *, size: int = 1000, **counts: int) -> dict[str, Any]:
    return {
        "jobId": "a1",
        "jobName": "frames",
        "createdAt": 1772442000000,
        "startedAt": 0,
        "status": status,
        "arrayProperties": {"size": size, "statusSummary": counts},
    }


def batch(canned: Canned, reader: Reader, job: dict[str, Any]) -> tuple[Observation, Got]:
    """The job from ListJobs and from DescribeJobs."""

    def answer(asked: Asked) -> Told:
        if asked.path.endswith("/describejobs"):
            return Told(json.dumps({"jobs": [job | {"jobQueue": "render", "jobDefinition": "d"}]}))
        status = json.loads(asked.body)["jobStatus"]
        return Told(json.dumps({"jobSummaryList": [job] if status == job["status"] else []}))

    canned.answer = answer
    [listed] = [job for page in reader.list_jobs(BATCH, source(BATCH, QUEUE), FOREVER) for job in page.records]
    [got] = reader.get_jobs(BATCH, TARGET, [listed.view.key], FOREVER)
    return listed, got


def views(canned: Canned, reader: Reader, job: dict[str, Any]) -> tuple[JobView, JobView]:
    listed, got = batch(canned, reader, job)
    assert got.observation is not None
    return listed.view, got.observation.view


@pytest.mark.parametrize(
    ("job", "state"),
    [
        (array("PENDING", RUNNABLE=300, STARTING=4, RUNNING=96, SUCCEEDED=590, FAILED=10), "RUNNING"),
        (array("PENDING", RUNNABLE=996, STARTING=4), "RUNNING"),
        (array("PENDING", RUNNABLE=400, SUCCEEDED=600), "RUNNING"),
        (array("PENDING", RUNNABLE=1000), "PENDING"),
        (array("PENDING", RUNNABLE=1000, RUNNING=0, SUCCEEDED=0, FAILED=0), "PENDING"),
        (array("PENDING"), "PENDING"),
        (array("FAILED", SUCCEEDED=990, FAILED=10), "PARTIALLY_SUCCEEDED"),
        (array("FAILED", SUCCEEDED=0, FAILED=1000), "FAILED"),
        (array("FAILED", FAILED=1000), "FAILED"),
        (array("FAILED"), "FAILED"),
        (array("FAILED", SUCCEEDED=990, FAILED=10) | {"isTerminated": True}, "CANCELLED"),
        (array("SUCCEEDED", SUCCEEDED=1000, FAILED=0), "SUCCEEDED"),
    ],
)
def test_the_children_of_an_array_tell_its_state(
    canned: Canned, reader: Reader, job: dict[str, Any], state: str
) -> None:
    for view in views(canned, reader, job):
        assert (view.state, view.native_status) == (State(state), job["status"])
        counts = job["arrayProperties"]["statusSummary"]
        told = Items(unit="children", total=1000, succeeded=counts.get("SUCCEEDED"), failed=counts.get("FAILED"))
        assert view.items == told


def test_an_array_that_failed_in_part_says_how_many_and_where_to_read_it(canned: Canned, reader: Reader) -> None:
    job = array("FAILED", SUCCEEDED=990, FAILED=10) | {"statusReason": "Array Child Job failed"}
    for view in views(canned, reader, job):
        assert view.reason == (
            "10 of 1,000 children failed: Array Child Job failed. GET this job's items: the children of an array job, "
            "each with its state and its reason."
        )


FAILED = {
    "jobId": "a1",
    "jobName": "train",
    "status": "FAILED",
    "createdAt": 1772452320000,
    "startedAt": 1772452321000,
    "stoppedAt": 1772452410000,
    "statusReason": "Essential container in task exited",
}
OOM = {"exitCode": 137, "reason": "OutOfMemoryError: Container killed due to memory usage"}
WHY = "OutOfMemoryError: Container killed due to memory usage (exit code 137). Essential container in task exited"
CODE = "Essential container in task exited (exit code 137)"


def test_the_container_says_why_in_the_list_already(canned: Canned, reader: Reader) -> None:
    listed, got = views(canned, reader, FAILED | {"container": OOM})
    assert listed.reason == got.reason == WHY


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"container": {"exitCode": 137}}, CODE),
        ({"container": {"exitCode": 137}, "attempts": [{"container": {"reason": "old"}}, {"container": OOM}]}, WHY),
        ({"ecsProperties": {"taskProperties": [{"containers": [{"exitCode": 0}, OOM]}]}}, WHY),
        ({"attempts": [{"taskProperties": [{"containers": [{"exitCode": 0}, OOM]}]}]}, WHY),
        ({"eksProperties": {"podProperties": {"containers": [OOM]}}}, WHY),
        ({"eksProperties": {"podProperties": {"initContainers": [OOM]}}}, WHY),
        ({"eksAttempts": [{"containers": [OOM]}]}, WHY),
        ({"eksAttempts": [{"initContainers": [{"exitCode": 137}]}]}, CODE),
        ({"container": {"exitCode": 0}}, "Essential container in task exited"),
        ({"statusReason": "Host EC2 (instance i-1) terminated."}, "Host EC2 (instance i-1) terminated."),
    ],
)
def test_every_kind_of_container_says_why(canned: Canned, reader: Reader, more: dict[str, Any], reason: str) -> None:
    assert views(canned, reader, FAILED | more)[1].reason == reason


def test_harmless_diagnostics_of_a_batch_job_stay(canned: Canned, reader: Reader) -> None:
    hidden = {
        "command": [SECRET],
        "environment": [{"name": "A", "value": SECRET}],
        "secrets": [{"name": "A", "valueFrom": SECRET}],
        "logConfiguration": {"logDriver": "splunk", "options": {"splunk-token": SECRET}},
        "repositoryCredentials": {"credentialsParameter": SECRET},
    }
    shown = {
        "exitCode": 1,
        "reason": "r",
        "logStreamName": "train/default/1",
        "taskArn": "arn",
        "resourceRequirements": [{"type": "GPU", "value": "1"}],
    }
    pod = {
        "command": [SECRET],
        "args": [SECRET],
        "env": [{"name": "A", "value": SECRET}],
        "name": "main",
        "exitCode": 1,
        "resources": {"limits": {"memory": "1Gi"}},
    }
    job = FAILED | {
        "parameters": {"password": SECRET},
        "container": hidden | shown,
        "attempts": [{"container": {"exitCode": 1, "logStreamName": "l", "taskArn": "arn"}, "startedAt": 1}],
        "nodeProperties": {"numNodes": 2, "mainNode": 0, "nodeRangeProperties": [
            {"targetNodes": "0:", "container": hidden | {"image": "i"},
             "ecsProperties": {"taskProperties": [{"containers": [hidden | {"name": "n"}]}]}}]},
        "ecsProperties": {"taskProperties": [{"containers": [hidden | shown], "taskArn": "arn"}]},
        "eksProperties": {"podProperties": {"containers": [pod], "initContainers": [pod], "podName": "p",
            "metadata": {"labels": {"team": "a"}, "annotations": {"a": SECRET}}}},
    }  # fmt: skip
    native = batch(canned, reader, job)[1].native
    assert native is not None
    assert SECRET not in json.dumps(native)
    assert native["container"] == shown | {"logConfiguration": {"logDriver": "splunk"}}
    assert native["attempts"] == job["attempts"]
    assert native["nodeProperties"]["nodeRangeProperties"][0]["container"]["image"] == "i"
    [task] = native["ecsProperties"]["taskProperties"]
    assert task["taskArn"] == "arn"
    assert task["containers"][0]["logStreamName"] == "train/default/1"
    [main] = native["eksProperties"]["podProperties"]["containers"]
    assert main == {"name": "main", "exitCode": 1, "resources": {"limits": {"memory": "1Gi"}}}
    assert native["eksProperties"]["podProperties"]["metadata"] == {"labels": {"team": "a"}}


def test_what_aws_marks_sensitive_of_an_execution_is_withheld(canned: Canned, reader: Reader) -> None:
    execution = {
        "executionArn": "arn",
        "stateMachineArn": "arn",
        "name": "e",
        "status": "FAILED",
        "startDate": 1772452320,
        "stopDate": 1772452330,
        "error": SECRET,
        "cause": SECRET,
        "input": SECRET,
        "output": SECRET,
        "redriveStatusReason": SECRET,
        "redriveCount": 0,
    }
    canned.answer = answering(execution)
    [got] = reader.get_jobs(MACHINES, TARGET, [key_of(MACHINES, "e", "m")], FOREVER)
    assert got.observation is not None
    assert SECRET not in json.dumps(got.native) + got.observation.view.to_json()
    assert got.native is not None
    assert (got.native["status"], got.native["redriveCount"]) == ("FAILED", 0)
    view = got.observation.view
    assert (view.state, view.reason) == (State.FAILED, None)
    assert view.failures is not None
    assert "DescribeExecution" in view.failures.how


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ({"State": "FAILED", "StateChangeReason": "SYNTAX_ERROR: line 1:8", "AthenaError": {
            "ErrorMessage": "SYNTAX_ERROR: line 1:8"}}, "SYNTAX_ERROR: line 1:8"),
        ({"State": "FAILED", "StateChangeReason": "Query failed", "AthenaError": {
            "ErrorMessage": "The S3 location is not there"}}, "The S3 location is not there. Query failed"),
        ({"State": "FAILED", "AthenaError": {"ErrorMessage": "No such table"}}, "No such table"),
        ({"State": "CANCELLED", "StateChangeReason": "Query cancelled by user", "AthenaError": {
            "ErrorMessage": "stopped"}}, "Query cancelled by user"),
    ],
)  # fmt: skip
def test_why_a_query_failed(canned: Canned, reader: Reader, status: dict[str, Any], reason: str) -> None:
    canned.answer = answering({"QueryExecutions": [{"QueryExecutionId": "q", "Status": status}]})
    [got] = reader.get_jobs(ATHENA, TARGET, [key_of(ATHENA, "q", "w")], FOREVER)
    assert got.observation is not None
    assert got.observation.view.reason == reason


@pytest.mark.parametrize(
    ("code", "message", "kind"),
    [
        ("QUERY_EXECUTION_NOT_FOUND", "QueryExecution q was not found", "not_found"),
        ("QUERY_EXECUTION_NOT_FOUND", None, "not_found"),
        ("INVALID_QUERY_ID", "Invalid id", "not_found"),
        ("INTERNAL_FAILURE", "Not found", "not_found"),
        ("INTERNAL_FAILURE", "Try again", "service"),
        ("INTERNAL_FAILURE", None, "service"),
        ("InvalidRequestException", "QueryExecution q was not found", "not_found"),
        ("ThrottlingException", "not found in time", "throttled"),
    ],
)
def test_a_refused_id_of_a_batch_that_is_no_job(
    canned: Canned, reader: Reader, code: str, message: str | None, kind: str
) -> None:
    refusal = {"QueryExecutionId": "q", "ErrorCode": code, "ErrorMessage": message}
    canned.answer = answering({"QueryExecutions": [], "UnprocessedQueryExecutionIds": [refusal]})
    [got] = reader.get_jobs(ATHENA, TARGET, [key_of(ATHENA, "q", "w")], FOREVER)
    assert error_of(got) == (kind, code)


def test_an_import_in_which_every_source_failed_has_failed(canned: Canned, reader: Reader) -> None:
    sources = [{"sourceFile": f"s3://b/{n}", "status": "FAILED", "statusMessage": "no FASTA"} for n in range(3)]
    record = {
        "id": "1234567890",
        "referenceStoreId": "1234567890",
        "roleArn": "arn:aws:iam::111122223333:role/r",
        "status": "COMPLETED_WITH_FAILURES",
        "creationTime": "2026-03-02T12:00:00Z",
        "sources": sources,
    }
    canned.answer = answering(record)
    [got] = reader.get_jobs(OMICS, TARGET, [key_of(OMICS, "1234567890", "1234567890")], FOREVER)
    assert got.observation is not None
    view = got.observation.view
    assert view.state is State.FAILED
    assert view.reason is not None
    assert view.reason.startswith("3 of 3 sources failed: no FASTA. ")


def test_an_import_of_which_every_record_failed_has_failed(canned: Canned, reader: Reader) -> None:
    job = {"JobId": "j", "JobStatus": "COMPLETED", "ProcessedRecordsCount": 7, "FailedRecordsCount": 7}
    canned.answer = answering(job | {"FailureInfo": {"FailedRecordsS3Url": "https://b.s3.amazonaws.com/k?Signature=x"}})
    [got] = reader.get_jobs(SES, TARGET, [key_of(SES, "j")], FOREVER)
    assert got.observation is not None
    view = got.observation.view
    assert (view.state, view.native_status) == (State.FAILED, "COMPLETED")
    assert view.reason is not None
    assert view.reason.startswith("7 of 7 records failed. ")
    assert "Signature" not in view.to_json()


def test_a_run_is_called_as_its_job(canned: Canned, reader: Reader) -> None:
    canned.answer = answering({"JobRun": {"Id": "jr", "JobName": "nightly", "JobRunState": "RUNNING"}})
    [got] = reader.get_jobs(GLUE, TARGET, [key_of(GLUE, "jr", "nightly")], FOREVER)
    assert got.observation is not None
    assert got.observation.view.name == "nightly"
