"""An array of Batch jobs from AWS's answer to the API's: RUNNING while its children are, and found as such."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.collect.canned import Asked, Canned, Told
from tests.integration.conftest import Deployed
from tests.local_jobview import Local
from tests.monitoring import monitoring

ARRAY = "batch:us-east-1:123456789012:job:render:a1"


@pytest.fixture
def array(local: Local, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """The one job of a queue, as the test has it."""
    canned = Canned()
    job: dict[str, Any] = {"jobId": "a1", "jobName": "frames", "createdAt": 1772442000000, "startedAt": 0}

    def answer(asked: Asked) -> Told:
        match asked.path.rpartition("/")[2]:
            case "describejobqueues":
                queue = {"jobQueueName": "render", "jobQueueArn": "arn", "state": "ENABLED", "priority": 1}
                return Told(json.dumps({"jobQueues": [queue]}))
            case "describejobs":
                return Told(json.dumps({"jobs": [job | {"jobQueue": "render", "jobDefinition": "d"}]}))
        status = json.loads(asked.body).get("jobStatus", job["status"])
        return Told(json.dumps({"jobSummaryList": [job] if status == job["status"] else []}))

    canned.answer = answer
    assert local
    monkeypatch.setenv("AWS_ENDPOINT_URL_BATCH", canned.url)
    yield job
    canned.stop()


def test_an_array_at_work_is_running_and_one_that_lost_some_is_partly_succeeded(
    local: Local, array: dict[str, Any]
) -> None:
    api = Deployed(local, monitoring(["batch/job"]))
    states = []
    for status, counts in (
        ("PENDING", {"RUNNABLE": 1000}),
        ("PENDING", {"RUNNABLE": 300, "STARTING": 4, "RUNNING": 96, "SUCCEEDED": 590, "FAILED": 10}),
        ("PENDING", {"RUNNING": 1, "SUCCEEDED": 989, "FAILED": 10}),
        ("FAILED", {"SUCCEEDED": 990, "FAILED": 10}),
    ):
        array.update(status=status, arrayProperties={"size": 1000, "statusSummary": counts})
        local.clock.advance(60)
        local.refresh("batch/job")
        running = api.get("/v1/jobs?state=RUNNING").json["jobs"]
        assert [job["id"] for job in running] == ([ARRAY] if "RUNNING" in counts else [])
        assert all(job["nativeStatus"] == "PENDING" for job in running)
        oldest = api.get("/v1/summary").json["oldestRunning"]
        assert (None if oldest is None else oldest["id"]) == (ARRAY if running else None)
        states.append(api.get(f"/v1/jobs/{ARRAY}").json["state"])
    assert states == ["PENDING", "RUNNING", "RUNNING", "PARTIALLY_SUCCEEDED"]
    history = api.get(f"/v1/jobs/{ARRAY}/transitions").json["transitions"]
    assert [change["state"] for change in history] == ["PENDING", "RUNNING", "PARTIALLY_SUCCEEDED"]
    job = api.get(f"/v1/jobs/{ARRAY}").json
    assert job["items"] == {"total": 1000, "succeeded": 990, "failed": 10, "skipped": None, "unit": "children"}
    assert job["reason"].startswith("10 of 1,000 children failed. ")
