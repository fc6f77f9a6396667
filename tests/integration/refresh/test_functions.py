"""The plan and the refresh function, from the schedule's event to the store, over real HTTP."""

import json
import os
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.plan import handler as plan
from handlers.refresh import handler as refresh
from jobview.catalogue import FAMILIES
from jobview.model import CoverageStatus, State
from jobview.settings import SettingsError, read_monitored
from local.standin import Fault, Plan
from tests.local_jobview import Local
from tests.monitoring import monitoring

START = datetime(2026, 11, 22, tzinfo=UTC)


class Context(LambdaContext):
    """Lambda's context of an invocation."""

    def __init__(self) -> None:
        self._function_name = "refresh"
        self._memory_limit_in_mb = 512
        self._invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:refresh"
        self._aws_request_id = "00000000-0000-0000-0000-000000000000"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 300_000


@pytest.fixture
def queue(local: Local, monkeypatch: pytest.MonkeyPatch) -> str:
    url: str = boto3.client("sqs").create_queue(QueueName="lanes")["QueueUrl"]
    boto3.client("sqs").purge_queue(QueueUrl=url)
    # The emulator names its own port; the queue is reached through the endpoint all the same.
    for name, value in {**local.settings, "JOBVIEW_QUEUE_URL": url}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Jobview")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "refresh")
    plan.parts.cache_clear()
    refresh.lane_refresher.cache_clear()
    return url


def messages(url: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    sqs = boto3.client("sqs")
    while received := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [json.loads(message["Body"]) for message in received]
    return found


def sqs_event(*bodies: str) -> dict[str, Any]:
    return {
        "Records": [
            {"messageId": str(place), "body": body, "eventSource": "aws:sqs", "receiptHandle": "r", "attributes": {}}
            for place, body in enumerate(bodies)
        ]
    }


def metric_lines(text: str) -> list[dict[str, Any]]:
    return [line for line in map(json.loads, re.findall(r"^\{.*\}$", text, re.MULTILINE)) if "_aws" in line]


def lane(service: str) -> str:
    return json.dumps({"service": service, "account": "123456789012", "region": "us-east-1"})


def test_the_first_plan_sends_each_lane_once(queue: str, capsys: pytest.CaptureFixture[str]) -> None:
    families = read_monitored(os.environ).families
    services = {family.service for family in families}
    assert plan.handler({}, Context()) == {"lanes": len(services), "due": len(families)}
    sent = messages(queue)
    assert len(sent) == len(services)
    assert {message["service"] for message in sent} == services
    assert {(message["account"], message["region"]) for message in sent} == {("123456789012", "us-east-1")}
    [metrics] = metric_lines(capsys.readouterr().out)
    assert metrics["SourcesDue"] == [len(families)]
    assert metrics["BehindSeconds"][0] < 1


def test_a_queue_that_is_not_there_fails_the_plan(queue: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBVIEW_QUEUE_URL", queue + "-gone")
    plan.parts.cache_clear()
    with pytest.raises(boto3.client("sqs").exceptions.QueueDoesNotExist):
        plan.handler({}, Context())


def test_a_plan_without_its_queue_says_which_variable_is_missing(queue: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JOBVIEW_QUEUE_URL")
    plan.parts.cache_clear()
    assert queue
    with pytest.raises(SettingsError, match="JOBVIEW_QUEUE_URL is not set"):
        plan.handler({}, Context())


def test_a_message_refreshes_its_lane(local: Local, queue: str, capsys: pytest.CaptureFixture[str]) -> None:
    [job] = local.aws.seed("sesv2", "import", plan=Plan(submitted=0, running=0))
    assert refresh.handler(sqs_event(lane("sesv2")), Context()) == {"batchItemFailures": []}
    assert queue
    stored = local.job(f"sesv2:us-east-1:123456789012:import:{job.id}")
    assert stored.view.state is State.SUCCEEDED
    [metrics] = metric_lines(capsys.readouterr().out)
    assert metrics["service"] == "refresh"
    assert {name: metrics[name] for name in ("JobsSeen", "RefreshErrors", "UnknownStatus")} == {
        "JobsSeen": [1.0],
        "RefreshErrors": [0.0],
        "UnknownStatus": [0.0],
    }
    assert metrics["JobsChanged"][0] >= 1
    assert (metrics["SourcesRead"], metrics["SourcesDenied"]) == ([2.0], [0.0])


def test_a_denied_source_is_counted_for_its_alarm_and_keeps_its_last_good_read(
    local: Local, queue: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert queue
    refresh.handler(sqs_event(lane("sesv2")), Context())
    local.aws.faults.add(Fault(kind="error", code="AccessDeniedException"), service="sesv2")
    for row in local.parts.store.coverage(services=["sesv2"]):
        # As an event of the service would: otherwise it is not due for a minute.
        assert local.parts.store.wake(row.source.id, at=row.attempted_at or START, seconds=60)
    capsys.readouterr()
    assert refresh.handler(sqs_event(lane("sesv2")), Context()) == {"batchItemFailures": []}
    [metrics] = metric_lines(capsys.readouterr().out)
    assert (metrics["RefreshErrors"], metrics["SourcesDenied"]) == ([2.0], [2.0])
    rows = local.parts.store.coverage(services=["sesv2"])
    assert {row.status for row in rows} == {CoverageStatus.DENIED}
    assert all(row.as_of is not None for row in rows)
    assert {row.schedule.seconds for row in rows if row.schedule is not None} == {1800}


def test_what_is_not_due_is_not_read(local: Local, queue: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert queue
    refresh.handler(sqs_event(lane("sesv2")), Context())
    local.aws.faults.add(Fault(kind="down"), service="sesv2")
    capsys.readouterr()
    assert refresh.handler(sqs_event(lane("sesv2")), Context()) == {"batchItemFailures": []}
    [metrics] = metric_lines(capsys.readouterr().out)
    assert (metrics["SourcesRead"], metrics["RefreshErrors"]) == ([0.0], [0.0])


def test_a_lane_that_is_being_read_is_left_to_its_reader(
    local: Local, queue: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert queue
    here = local.parts.monitored.targets[0]
    store = local.parts.store
    assert store.lease_lane("sesv2", here, holder="another", until=datetime.now(UTC) + timedelta(minutes=1))
    assert refresh.handler(sqs_event(lane("sesv2")), Context()) == {"batchItemFailures": []}
    assert not store.coverage(services=["sesv2"])
    assert not metric_lines(capsys.readouterr().out)
    assert store.release_lane("sesv2", here, holder="another")
    refresh.handler(sqs_event(lane("sesv2")), Context())
    assert len(store.coverage(services=["sesv2"])) == 2
    # It was given back at the end.
    assert store.lease_lane("sesv2", here, holder="another", until=datetime.now(UTC) + timedelta(minutes=1))


@pytest.mark.parametrize("body", ["no lane", lane("not-a-service"), lane("sesv2").replace("us-east-1", "mars-1")])
def test_only_the_bad_message_of_a_batch_goes_back(local: Local, queue: str, body: str) -> None:
    assert queue
    answer = refresh.handler(sqs_event(lane("sesv2"), body), Context())
    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert local.parts.store.coverage(services=["sesv2"])


def test_a_table_that_cannot_be_written_sends_the_message_back(
    local: Local, queue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert queue
    local.aws.seed("sesv2", "import")
    monkeypatch.setenv("JOBVIEW_TABLE", "no-such-table")
    refresh.lane_refresher.cache_clear()
    answer = refresh.handler(sqs_event(lane("sesv2")), Context())
    assert answer == {"batchItemFailures": [{"itemIdentifier": "0"}]}


def test_a_region_without_the_service_is_reported_without_an_alarm(
    local: Local, queue: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert queue
    for name, value in monitoring(FAMILIES, {"regions": ["eu-central-1"]}).items():
        monkeypatch.setenv(name, value)
    refresh.lane_refresher.cache_clear()
    refresh.handler(sqs_event(lane("medical-imaging").replace("us-east-1", "eu-central-1")), Context())
    [metrics] = metric_lines(capsys.readouterr().out)
    assert metrics["RefreshErrors"] == [0.0]
    rows = local.parts.store.coverage(services=["medical-imaging"])
    assert [row.status for row in rows] == [CoverageStatus.UNSUPPORTED]
