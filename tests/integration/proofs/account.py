"""A small AWS account: the jobs that there really are, the table and the queue of lanes, and what happens to them."""

import json
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3

from jobview.catalogue import FAMILIES
from jobview.catalogue.family import FORWARDED, Family
from jobview.catalogue.records import Counts
from jobview.model import State, rfc3339
from jobview.monitored import Monitored
from jobview.refresh.lanes import Lane
from local.standin import Phase, Plan, SeededJob, StandIn
from local.standin.simulation import Lifetime, Standing
from tests.integration.proofs.executions import START, Execution, WallClock
from tests.local_aws import ACCOUNT, REGION

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

LEASED = timedelta(minutes=6)
"""After so long a lane that a dead process held is free."""
NAMES = ("omics/reference-import", "sesv2/import", "sesv2/export")
STATES = {
    Phase.SUBMITTED: State.PENDING,
    Phase.RUNNING: State.RUNNING,
    Phase.STOPPING: State.CANCELLING,
    Phase.SUCCEEDED: State.SUCCEEDED,
    Phase.PARTIAL: State.PARTIALLY_SUCCEEDED,
    Phase.FAILED: State.FAILED,
    Phase.CANCELLED: State.CANCELLED,
}
WORDS = {
    Phase.SUBMITTED: "SUBMITTED",
    Phase.RUNNING: "IN_PROGRESS",
    Phase.STOPPING: "CANCELLING",
    Phase.SUCCEEDED: "COMPLETED",
    Phase.PARTIAL: "COMPLETED_WITH_FAILURES",
    Phase.FAILED: "FAILED",
    Phase.CANCELLED: "CANCELLED",
}
"""HealthOmics' words."""
Items = list[dict[str, Any]]


def small_pages(family: Family, size: int = 2) -> Family:
    """The family with pages of a few jobs, so that few jobs are cursors, fingerprints and shorter lists enough."""
    call, _ = family.listed
    assert call.page_size is not None
    return replace(family, list=replace(call, page_size=(call.page_size[0], size)))


@dataclass(kw_only=True)
class Account:
    """AWS, the table, the queue of lanes, and the jobs that there really are."""

    aws: StandIn
    wall: WallClock
    table: str
    queue: str
    settings: dict[str, str]
    monitored: Monitored
    dynamodb: "DynamoDBClient" = field(default_factory=lambda: boto3.client("dynamodb"))
    real: dict[str, tuple[SeededJob, Lifetime]] = field(default_factory=dict)
    forgotten: set[str] = field(default_factory=set)
    hidden: dict[str, Callable[[], None]] = field(default_factory=dict)
    """Jobs that AWS does not return for a while, and their return."""
    again: set[str] = field(default_factory=set)
    """Jobs that were started more than once under their id."""
    aged_out: set[str] = field(default_factory=set)
    """Jobs whose last change only a list of everything is sure to find."""

    def execution(self, *services: str, ahead: timedelta = timedelta()) -> Execution:
        """A new one, of a deployment that looks at the services; at all of them where none is named."""
        families = [each for each in self.monitored.families if not services or each.service in services]
        monitored = replace(self.monitored, families=tuple(families))
        return Execution(self.settings, self.queue, self.wall, monitored, ahead)

    # What happens in AWS

    def start(self, kind: str, plan: Plan, *, parent: str = "a", age: float = 0.0) -> str:
        """A job begins; its id."""
        service, type_ = kind.split("/")
        [job] = self.aws.seed(service, type_, plan=plan, parent=parent, age=age)
        parents = "" if job.parent is None else f"{job.parent}:"
        job_id = f"{service}:{REGION}:{ACCOUNT}:{type_}:{parents}{job.id}"
        self.real[job_id] = job, Lifetime(plan=plan, created=self.wall.now() - timedelta(seconds=age))
        return job_id

    def forget(self, job_id: str) -> None:
        """AWS knows nothing more of a job."""
        self.aws.forget(self.real[job_id][0])
        self.forgotten.add(job_id)

    def hide(self, job_id: str) -> None:
        """AWS is slow: it says that it does not know a job which is there."""
        self.hidden[job_id] = self.aws.forget(self.real[job_id][0])
        self.aged_out.add(job_id)

    def show(self) -> None:
        """AWS knows all of them again."""
        for remember in self.hidden.values():
            remember()
        self.hidden = {}

    def restart(self, job_id: str, plan: Plan, *, anew: bool) -> None:
        """A job that has ended begins again: another one under its id, or the same one in its place."""
        job, life = self.real[job_id]
        life.restart(plan, self.wall.now(), anew=anew)
        self.aws.restart(job, plan, anew=anew)
        self.again.add(job_id)
        self.aged_out.add(job_id)

    def truth(self, job_id: str) -> State:
        """The state that AWS returns now."""
        job, life = self.real[job_id]
        return state_of(job, life.standing(self.wall.now()), life.plan)

    def event(self, job_id: str, *, ago: float = 0) -> str:
        """The event of a HealthOmics job as the queue has it: what AWS said then."""
        job, life = self.real[job_id]
        at = max(self.wall.now() - timedelta(seconds=ago), life.begun)
        return json.dumps(_event(job.id, job.parent, WORDS[life.standing(at).phase], at))

    def forged_event(self, job_id: str, *, native: str, status: str) -> str:
        """What somebody else puts onto the bus of forwarded events, as that bus's rule hands it over."""
        job, _ = self.real[job_id]
        return json.dumps({FORWARDED: _event(native, job.parent, status, self.wall.now())})

    # What is done

    def lane(self, service: str) -> Lane:
        """The lane of a service."""
        return Lane(service=service, account=ACCOUNT, region=REGION)

    def lanes(self) -> list[Lane]:
        """The messages in the queue, which is empty then."""
        sqs, found = boto3.client("sqs"), []
        while messages := sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                found.append(Lane.from_message(message["Body"]))
                sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
        return found

    def tick(self, execution: Execution) -> int:
        """Plan, and read what is due; how many lanes that were."""
        execution.plan()
        lanes = self.lanes()
        for lane in lanes:
            execution.refresh(lane)
        return len(lanes)

    def settle(self, execution: Execution, after: timedelta = LEASED, *, rounds: int = 6) -> None:
        """After a while, plan and refresh until nothing is due."""
        self.wall.advance(after.total_seconds())
        execution.line.whole()
        for _ in range(rounds):
            if self.tick(execution) == 0:
                return
        raise AssertionError(f"after {rounds} rounds there is due: {execution.store.due(self.wall.now(), limit=9)}")

    # What is stored

    def items(self) -> Items:
        found: Items = []
        for page in self.dynamodb.get_paginator("scan").paginate(TableName=self.table, ConsistentRead=True):
            found += page["Items"]
        return found

    def restore(self, items: Iterable[dict[str, Any]]) -> None:
        """Make the table's items these, and empty the queue."""
        wanted = {place(item): item for item in items}
        there = {place(item): item for item in self.items()}
        requests: list[Any] = [
            {"DeleteRequest": {"Key": {name: item[name] for name in ("pk", "sk")}}}
            for key, item in there.items()
            if key not in wanted
        ] + [{"PutRequest": {"Item": item}} for key, item in wanted.items() if there.get(key) != item]
        for start in range(0, len(requests), 25):
            self.dynamodb.batch_write_item(RequestItems={self.table: requests[start : start + 25]})
        self.lanes()

    def reset(self) -> None:
        """Nothing is stored, and AWS has no jobs."""
        self.show()
        for job_id in set(self.real) - self.forgotten:
            self.aws.forget(self.real[job_id][0])
        self.real, self.forgotten, self.again, self.aged_out = {}, set(), set(), set()
        self.wall.at = START
        self.aws.faults.clear()
        self.restore([])


def _event(native_id: str, store: str | None, status: str, at: datetime) -> dict[str, Any]:
    return {
        "source": "aws.omics",
        "detail-type": "Reference Import Job Status Change",
        "account": ACCOUNT,
        "region": REGION,
        "time": rfc3339(at),
        "detail": {"id": native_id, "referenceStoreId": store, "status": status},
    }


def state_of(job: SeededJob, standing: Standing, plan: Plan) -> State:
    """The state of a job; SES has no word for the way to a cancelled job, and counts no failures of an export."""
    phase = standing.phase
    if job.type == "import" and phase is Phase.RUNNING and int(plan.items * standing.done + 1e-9) == 0:
        return State.PENDING  # none of a container's parts is at work yet
    if job.type == "import" and phase is Phase.FAILED and plan.failed_items:
        return State.PARTIALLY_SUCCEEDED
    if job.service == "sesv2" and phase is Phase.STOPPING:
        return State.RUNNING
    if job.type == "export" and phase is Phase.PARTIAL:
        return State.SUCCEEDED
    return STATES[phase]


def new_queue() -> str:
    """The URL of a queue of its own."""
    return boto3.client("sqs").create_queue(QueueName=f"lanes-{uuid.uuid4().hex[:8]}")["QueueUrl"]


def container(family: Family) -> Family:
    """The family of SES imports as containers: to AWS they wait while their parts work, and fail where one does."""
    counts = Counts(unit="parts", succeeded="ProcessedRecordsCount", failed="FailedRecordsCount", container=True)
    assert family.get_fields is not None
    return replace(
        family,
        states={**family.states, "PROCESSING": State.PENDING},
        list_fields=replace(family.listed[1], counts=counts),
        get_fields=replace(family.get_fields, counts=counts),
    )


def small_watch(monitored: Monitored) -> Monitored:
    """The same with small pages, and with containers of jobs among the families."""
    families = {name: small_pages(FAMILIES[name]) for name in NAMES}
    families["sesv2/import"] = container(families["sesv2/import"])
    return replace(monitored, families=tuple(families.values()))


def place(item: dict[str, Any]) -> tuple[str, str]:
    """Where an item is in the table."""
    return item["pk"]["S"], item["sk"]["S"]
