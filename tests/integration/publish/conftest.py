"""The store with its stream, a bus and a queue behind it on the emulator, and the publish function between them."""

import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.publish import handler as publish
from infra.events import TRANSITIONS
from jobview.bootstrap import open_store
from jobview.model import Depth, JobView, Observation, State, StoredJob, Via
from jobview.model.jobid import JobKey
from jobview.refresh.recorder import Recorder
from jobview.store import Store
from tests.integration.store.conftest import Wire
from tests.local_aws import ACCOUNT, REGION, create_table, emulator, environment

START = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)


class Context(LambdaContext):
    """Lambda's context of an invocation."""

    def __init__(self) -> None:
        self._function_name = "publish"
        self._memory_limit_in_mb = 512
        self._invoked_function_arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:publish"
        self._aws_request_id = "00000000-0000-0000-0000-000000000000"


@pytest.fixture(scope="session")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with emulator(tmp_path_factory.mktemp("emulator")) as url:
        yield url


@pytest.fixture
def wire(upstream: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    """What all calls of AWS go through."""
    for name in ("AWS_CA_BUNDLE", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    wire = Wire(upstream)
    for name, value in environment(wire.client.meta.endpoint_url).items():
        monkeypatch.setenv(name, value)
    yield wire
    wire.close()


@dataclass(kw_only=True)
class Bench:
    """One table, its stream, and what leaves the bus."""

    wire: Wire
    store: Store
    table: str
    bus: str
    queue: str
    dead: str
    now: datetime = START

    def record(self, number: int | str, state: State, **view: Any) -> StoredJob:
        """Record an observation of job ``number`` a second later than the one before."""
        self.now += timedelta(seconds=1)
        service, kind = view.pop("service", "omics"), view.pop("type", "reference-import")
        key = JobKey(service=service, region=REGION, account=ACCOUNT, type=kind, parents=("1",), native_id=str(number))
        facts: dict[str, Any] = {
            "native_status": state.value.lower(),
            "observed_at": self.now,
            "via": Via.GET,
            "created_at": START,
            "started_at": None if state is State.PENDING else START + timedelta(seconds=1),
            "ended_at": self.now if state.terminal else None,
        }
        seen = Observation(view=JobView(key=key, state=state, **(facts | view)), depth=Depth.DETAIL)
        recorded = Recorder(self.store, now=lambda: self.now).record([seen])
        return recorded.jobs[str(key)]

    def stream(self) -> list[dict[str, Any]]:
        """What the mapping would hand over: the stream's records that its filter lets through."""
        streams = boto3.client("dynamodbstreams")
        arn = boto3.client("dynamodb").describe_table(TableName=self.table)["Table"]["LatestStreamArn"]
        found: list[dict[str, Any]] = []
        for shard in streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]:
            position = streams.get_shard_iterator(
                StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
            )["ShardIterator"]
            while position and (answer := streams.get_records(ShardIterator=position))["Records"]:
                found += answer["Records"]
                position = answer.get("NextShardIterator")
        return [record for record in found if passes(record)]

    def publish(self, records: Sequence[dict[str, Any]]) -> list[dict[str, str]]:
        """Invoke the function; what it hands back."""
        return publish.handler({"Records": list(records)}, Context())["batchItemFailures"]

    def behind(self, failures: Sequence[dict[str, str]], records: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """What Lambda hands over again: everything from the lowest sequence number on."""
        [failure] = failures
        numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
        return list(records[numbers.index(failure["itemIdentifier"]) :])

    def arrived(self) -> list[dict[str, Any]]:
        """The events in the queue behind the bus, in the order in which they were published."""
        return bodies(self.queue)

    def history(self, *jobs: StoredJob) -> set[str]:
        """The ids that the events of the jobs must have."""
        return {
            f"{one.job_id}#{one.number}" for job in jobs for one in self.store.transitions(job.view.id, limit=100)[0]
        }


def passes(record: dict[str, Any]) -> bool:
    """True for a record that the mapping's filter lets through, by EventBridge's own rules."""
    dressed = {
        **json.loads(json.dumps(record, default=str)),
        "id": "1",
        "detail-type": "x",
        "source": "x",
        "account": ACCOUNT,
        "time": "2026-01-01T00:00:00Z",
        "region": REGION,
        "resources": [],
        "detail": {},
    }
    answer = boto3.client("events").test_event_pattern(EventPattern=json.dumps(TRANSITIONS), Event=json.dumps(dressed))
    return bool(answer["Result"])


def bodies(queue: str) -> list[dict[str, Any]]:
    """The messages of a queue, which is empty then."""
    sqs, found = boto3.client("sqs"), []
    while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            found.append(json.loads(message["Body"]))
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    return found


def new_queue(name: str) -> tuple[str, str]:
    """URL and ARN of a new queue."""
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    return url, arn


@pytest.fixture
def bench(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    name = f"jobview-{uuid.uuid4().hex[:8]}"
    table = create_table(boto3.client("dynamodb"))
    boto3.client("dynamodb").update_table(
        TableName=table, StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    )
    events = boto3.client("events")
    bus = events.create_event_bus(Name=name)["EventBusArn"]
    queue, queue_arn = new_queue(f"{name}-all")
    dead, _ = new_queue(f"{name}-dead")
    events.put_rule(Name="all", EventBusName=name, EventPattern='{"source":["jobview"]}')
    events.put_targets(Rule="all", EventBusName=name, Targets=[{"Id": "all", "Arn": queue_arn}])
    settings = {"JOBVIEW_TABLE": table, "JOBVIEW_EVENT_BUS": bus, "JOBVIEW_DEAD_EVENTS_URL": dead}
    for variable, value in settings.items():
        monkeypatch.setenv(variable, value)
    publish.publisher.cache_clear()
    yield Bench(wire=wire, store=open_store(settings), table=table, bus=bus, queue=queue, dead=dead)
    publish.publisher.cache_clear()
