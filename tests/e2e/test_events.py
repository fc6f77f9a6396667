"""Events out, from a job in the stand-in to a queue behind the bus; events in, from the queue to the cache."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from boto3 import Session

from local.aws import ACCOUNT, REGION, LocalAws
from local.calls import Caller
from local.deploy import Deployment
from tests.e2e.polling import until
from tests.e2e.test_jobs_live import seed
from tests.e2e.test_routes import ok


@pytest.fixture
def queue(session: Session, deployment: Deployment) -> Iterator[str]:
    """A queue behind a rule of its own on the deployed bus."""
    sqs, events, bus = session.client("sqs"), session.client("events"), deployment.outputs["EventBusName"]
    url: str = sqs.create_queue(QueueName="e2e-events")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    pattern = {"source": ["jobview"], "detail": {"subject": [{"prefix": "omics:"}]}}
    events.put_rule(Name="e2e", EventBusName=bus, EventPattern=json.dumps(pattern))
    events.put_targets(Rule="e2e", EventBusName=bus, Targets=[{"Id": "queue", "Arn": arn}])
    yield url
    events.remove_targets(Rule="e2e", EventBusName=bus, Ids=["queue"])
    events.delete_rule(Name="e2e", EventBusName=bus)
    sqs.delete_queue(QueueUrl=url)


def test_a_jobs_transitions_reach_a_queue_behind_the_bus(
    api: Caller, aws: LocalAws, session: Session, deployment: Deployment, queue: str
) -> None:
    job = seed(aws, "omics", "reference-import", "published", submitted=3, running=4, outcome="failed", items=2)
    sqs, came = session.client("sqs"), dict[str, dict[str, Any]]()

    def ended() -> bool | None:
        ok(api.get("/v1/services/omics/jobs?maxAge=0&limit=1"))
        for message in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", []):
            event = json.loads(message["Body"])
            if event["detail"]["subject"] == job:
                came[event["detail"]["id"]] = event
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        return any(event["detail"]["data"]["state"] == "FAILED" for event in came.values()) or None

    until(ended, seconds=90, what=f"the event of the end of {job}")
    history = ok(api.get(f"/v1/jobs/{job}/transitions"))["transitions"]
    assert len(history) >= 2
    assert came.keys() == {f"{job}#{row['number']}" for row in history}
    for row in history:
        event = came[f"{job}#{row['number']}"]
        assert (event["source"], event["detail-type"]) == ("jobview", "Job State Changed")
        assert event["detail"]["source"] == deployment.outputs["EventBusArn"]
        assert {name: event["detail"]["data"][name] for name in row} == row
    assert came[f"{job}#{len(history)}"]["detail"]["data"]["job"]["id"] == job
    dead = sqs.receive_message(QueueUrl=deployment.outputs["DeadEventsQueueUrl"]).get("Messages", [])
    assert dead == []


def test_an_event_of_a_service_brings_its_job_into_the_cache(
    api: Caller, aws: LocalAws, session: Session, deployment: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    """The emulator lets nobody send what only AWS may, so the event is put where the rule would put it."""
    job = seed(aws, "omics", "reference-import", "hinted", submitted=60, running=60, outcome="succeeded", items=1)
    store, native = job.split(":")[-2:]
    event = {
        "source": "aws.omics",
        "detail-type": "Reference Import Job Status Change",
        "account": ACCOUNT,
        "region": REGION,
        "time": "2026-11-20T12:00:00Z",
        "detail": {"id": native, "referenceStoreId": store, "status": "COMPLETED"},
    }
    told = time.monotonic()
    session.client("sqs").send_message(QueueUrl=deployment.outputs["HintsQueueUrl"], MessageBody=json.dumps(event))

    def cached() -> Any:
        answer = api.get(f"/v1/jobs/{job}")
        return None if answer.status == 404 else ok(answer)

    def taken() -> bool | None:
        """The function's own word: the schedule brings the job too, a little later."""
        function = session.client("lambda").get_function_configuration(
            FunctionName=deployment.outputs["IngestFunctionName"]
        )
        lines = session.client("logs").filter_log_events(logGroupName=function["LoggingConfig"]["LogGroup"])["events"]
        return any(job in line["message"] and '"outcome":"read"' in line["message"] for line in lines) or None

    found = until(cached, seconds=45, every=0.1, what=f"{job} in the cache")
    with capsys.disabled():
        print(f"\nfrom a service's event to the cached answer: {time.monotonic() - told:.1f} s")
    until(taken, seconds=45, what=f"ingest taking {job}")
    assert (found["state"], found["nativeStatus"]) == ("PENDING", "SUBMITTED"), "what the event says is not believed"
