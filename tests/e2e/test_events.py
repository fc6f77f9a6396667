"""A job's transitions, from the stand-in through refresh, table, stream and bus into a queue behind a rule."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from boto3 import Session

from local.aws import LocalAws
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
