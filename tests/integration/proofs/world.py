"""A small AWS account, executions that read it (each with own clients, clock and line), and what must always hold."""

import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools.metrics import EphemeralMetrics

from jobview.catalogue import FAMILIES
from jobview.catalogue.declaration import FORWARDED, Counts, Family
from jobview.collect.clock import Clock
from jobview.hints import hint
from jobview.ingest import Ingester, Taken
from jobview.lanes import Lane, expected
from jobview.model import CadenceKind, State, StoredJob, Transition, rfc3339
from jobview.planning import Planner
from jobview.refresh import SourceRead
from jobview.settings import Watch
from jobview.store.table import decode
from jobview.store.transitions import decode as decode_transition
from local.standin import Phase, Plan, SeededJob, StandIn
from local.standin.simulation import Lifetime, Standing
from plan.handler import Sender
from refresh.handler import LaneRefresher
from tests.cut_line import Line
from tests.local_aws import ACCOUNT, REGION

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LEASED = timedelta(minutes=6)
"""After so long a lane that a dead process held is free."""
SECONDS = 300.0
"""What an execution of refresh has."""
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
Histories = dict[str, list[Transition]]


def small_pages(family: Family, size: int = 2) -> Family:
    """The family with pages of a few jobs, so that few jobs are cursors, fingerprints and shorter lists enough."""
    assert family.list.page_size is not None
    return replace(family, list=replace(family.list, page_size=(family.list.page_size[0], size)))


class Hand:
    """A clock that the test sets, back as well: each proof of many begins at the same moment."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> datetime:
        self.at += timedelta(seconds=seconds)
        return self.at


def looks() -> Callable[[], float]:
    """A monotonic clock on which every look takes a millisecond."""
    at = 0.0

    def look() -> float:
        nonlocal at
        at += 0.001
        return at

    return look


class Execution:
    """An execution environment of the functions: its own line, its own clients, its own clock."""

    def __init__(self, settings: dict[str, str], queue: str, hand: Hand, watch: Watch, ahead: timedelta) -> None:
        self.line = Line()
        self.ahead = ahead
        self.monotonic = looks()
        clock = Clock(monotonic=self.monotonic, sleep=lambda _: None, now=lambda: hand.now() + self.ahead)
        self.watch = watch
        self.parts = self.line.assemble(settings, clock)
        self.store = self.parts.store
        self.planner = Planner(watch=watch, store=self.store, cadence=self.parts.cadence, now=clock.now)
        self.sender = Sender(self.line.session().client("sqs"), queue)
        self.refresher = LaneRefresher(
            watch, self.parts.refresher, self.store, now=clock.now, metrics=EphemeralMetrics(namespace="Jobview")
        )
        self.ingester = Ingester(
            refresher=self.parts.refresher, store=self.store, cadence=self.parts.cadence, now=clock.now
        )

    def plan(self) -> None:
        self.sender.send(self.planner.plan().lanes)

    def refresh(self, lane: Lane, *, time: float = 1e9) -> list[SourceRead] | None:
        """Read a lane; ``time`` in looks at the clock."""
        return self.refresher.refresh(
            lane, holder=str(uuid.uuid4()), seconds=SECONDS, deadline=self.monotonic() + time / 1000
        )

    def ingest(self, body: str) -> Taken:
        return self.ingester.take(hint(body, self.watch), deadline=self.monotonic() + 1e9)

    def live(self) -> None:
        """What a live read of everything does."""
        self.parts.refresher.read_families(self.watch.families, self.watch.targets, deadline=1e12)


@dataclass(kw_only=True)
class World:
    """AWS, the table, the queue of lanes, and the jobs that there really are."""

    aws: StandIn
    hand: Hand
    table: str
    queue: str
    settings: dict[str, str]
    watch: Watch
    dynamodb: "DynamoDBClient" = field(default_factory=lambda: boto3.client("dynamodb"))
    real: dict[str, tuple[SeededJob, Lifetime]] = field(default_factory=dict)
    forgotten: set[str] = field(default_factory=set)
    hidden: dict[str, Callable[[], None]] = field(default_factory=dict)
    """Jobs that AWS does not tell of for a while, and how they come back."""
    again: set[str] = field(default_factory=set)
    """Jobs that were started more than once under their id."""
    swept: set[str] = field(default_factory=set)
    """Jobs whose last change only a list of everything is sure to find."""
    seen: Histories = field(default_factory=dict)
    """Histories at the last check: they only grow."""
    scheduled: set[str] = field(default_factory=set)
    """Sources that were on the schedule at the last check: they stay."""

    def execution(self, *services: str, ahead: timedelta = timedelta()) -> Execution:
        """A new one, of a deployment that looks at the services; at all of them where none is named."""
        families = [each for each in self.watch.families if not services or each.service in services]
        watch = replace(self.watch, families=tuple(families))
        return Execution(self.settings, self.queue, self.hand, watch, ahead)

    # What happens in AWS

    def start(self, kind: str, plan: Plan, *, parent: str = "a", age: float = 0.0) -> str:
        """A job begins; its id."""
        service, type_ = kind.split("/")
        [job] = self.aws.seed(service, type_, plan=plan, parent=parent, age=age)
        parents = "" if job.parent is None else f"{job.parent}:"
        job_id = f"{service}:{REGION}:{ACCOUNT}:{type_}:{parents}{job.id}"
        self.real[job_id] = job, Lifetime(plan=plan, created=self.hand.now() - timedelta(seconds=age))
        return job_id

    def forget(self, job_id: str) -> None:
        """AWS knows nothing more of a job."""
        self.aws.forget(self.real[job_id][0])
        self.forgotten.add(job_id)

    def hide(self, job_id: str) -> None:
        """AWS is slow: it says that it does not know a job which is there."""
        self.hidden[job_id] = self.aws.forget(self.real[job_id][0])
        self.swept.add(job_id)

    def show(self) -> None:
        """AWS knows all of them again."""
        for remember in self.hidden.values():
            remember()
        self.hidden = {}

    def restart(self, job_id: str, plan: Plan, *, anew: bool) -> None:
        """A job that has ended begins again: another one under its id, or the same one in its place."""
        job, life = self.real[job_id]
        life.restart(plan, self.hand.now(), anew=anew)
        self.aws.restart(job, plan, anew=anew)
        self.again.add(job_id)
        self.swept.add(job_id)

    def truth(self, job_id: str) -> State:
        """The state that AWS tells now."""
        job, life = self.real[job_id]
        return _state(job, life.standing(self.hand.now()), life.plan)

    def event(self, job_id: str, *, ago: float = 0) -> str:
        """The event of a HealthOmics job as the queue has it: what AWS said then."""
        job, life = self.real[job_id]
        at = max(self.hand.now() - timedelta(seconds=ago), life.begun)
        return json.dumps(_event(job.id, job.parent, WORDS[life.standing(at).phase], at))

    def forged_event(self, job_id: str, *, native: str, status: str) -> str:
        """What somebody else puts onto the bus of forwarded events, as that bus's rule hands it over."""
        job, _ = self.real[job_id]
        return json.dumps({FORWARDED: _event(native, job.parent, status, self.hand.now())})

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
        self.hand.advance(after.total_seconds())
        execution.line.whole()
        for _ in range(rounds):
            if self.tick(execution) == 0:
                return
        raise AssertionError(f"after {rounds} rounds there is due: {execution.store.due(self.hand.now(), limit=9)}")

    # What must hold

    def items(self) -> Items:
        found: Items = []
        for page in self.dynamodb.get_paginator("scan").paginate(TableName=self.table, ConsistentRead=True):
            found += page["Items"]
        return found

    def restore(self, items: Iterable[dict[str, Any]]) -> None:
        """Make the table's items these, and begin to watch anew."""
        wanted = {_key(item): item for item in items}
        there = {_key(item): item for item in self.items()}
        requests: list[Any] = [
            {"DeleteRequest": {"Key": {name: item[name] for name in ("pk", "sk")}}}
            for key, item in there.items()
            if key not in wanted
        ] + [{"PutRequest": {"Item": item}} for key, item in wanted.items() if there.get(key) != item]
        for start in range(0, len(requests), 25):
            self.dynamodb.batch_write_item(RequestItems={self.table: requests[start : start + 25]})
        self.seen, self.scheduled = {}, set()
        self.lanes()

    def reset(self) -> None:
        """Nothing is stored, and AWS has no jobs."""
        self.show()
        for job_id in set(self.real) - self.forgotten:
            self.aws.forget(self.real[job_id][0])
        self.real, self.forgotten, self.again, self.swept = {}, set(), set(), set()
        self.hand.at = START
        self.aws.faults.clear()
        self.restore([])

    def check(self) -> tuple[dict[str, StoredJob], Histories]:
        """What holds at every moment, whatever was killed on the way; the jobs and their histories."""
        items = self.items()
        jobs = {job.view.id: job for job in map(decode, _of(items, "JOB#", "VIEW"))}
        histories: Histories = defaultdict(list)
        for item in sorted(_of(items, "JOB#", "T#"), key=_key):
            transition = decode_transition(item)
            histories[transition.job_id].append(transition)
        assert histories.keys() == jobs.keys(), "each job has a history, and no history is without its job"
        for job_id, history in histories.items():
            check_history(jobs[job_id], history)
            before = self.seen.get(job_id, [])
            assert history[: len(before)] == before, "what was recorded stays"
            assert job_id in self.real, "no job is made up"
        assert not self.seen.keys() - histories.keys(), "no job is lost"
        assert _counted(items) == _recounted(jobs.values()), "counts are those of a recount"
        scheduled = {
            item["sk"]["S"]
            for item in _of(items, "COVERAGE#", "")
            if "due" in item or item.get("cadence", {"S": ""})["S"] == CadenceKind.RETIRED
        }
        assert scheduled >= self.scheduled, "no source is forgotten"
        self.seen, self.scheduled = dict(histories), scheduled
        return jobs, dict(histories)

    def check_known(self, execution: Execution) -> None:
        """What holds once every source was read: what is stored of a job is what AWS says."""
        jobs, _ = self.check()
        assert {source.id for source in expected(execution.watch)} <= self.scheduled
        for job_id, job in jobs.items():
            if job_id not in self.forgotten | self.swept:
                assert job.view.state is self.truth(job_id), job_id

    def check_settled(self, execution: Execution) -> Histories:
        """What holds once everything was read: the store says what AWS says."""
        jobs, histories = self.check()
        assert {source.id for source in expected(execution.watch)} <= self.scheduled
        for job_id in self.real:
            if job_id not in self.forgotten:
                assert job_id.rpartition(":")[0] in self.scheduled, f"the source of {job_id} is not on the schedule"
                assert job_id in jobs, f"{job_id} was never found"
                assert jobs[job_id].view.state is self.truth(job_id), job_id
            elif job_id in jobs:
                assert jobs[job_id].view.state.terminal, f"{job_id} is gone and open"
            if job_id in jobs and job_id not in self.again:
                self._check_life(job_id, histories[job_id])
        assert execution.store.summary(self.hand.now()).counts == _recounted(jobs.values())
        return histories

    def _check_life(self, job_id: str, history: list[Transition]) -> None:
        job, life = self.real[job_id]
        path = [
            State.PENDING,
            State.RUNNING,
            State.CANCELLING,
            _state(job, life.standing(life.ends + timedelta(days=1)), life.plan),
        ]
        states = [transition.state for transition in history]
        # A job that AWS did not tell of for a while goes on where it was.
        lived = [state for state, _ in groupby(state for state in states if state is not State.DELETED)]
        assert lived == [state for state in path if state in lived], f"{job_id}: {states}"
        assert job_id in self.forgotten or states[-1] is not State.DELETED, f"{job_id} is there: {job}"


def _event(native_id: str, store: str | None, status: str, at: datetime) -> dict[str, Any]:
    return {
        "source": "aws.omics",
        "detail-type": "Reference Import Job Status Change",
        "account": ACCOUNT,
        "region": REGION,
        "time": rfc3339(at),
        "detail": {"id": native_id, "referenceStoreId": store, "status": status},
    }


def _state(job: SeededJob, standing: Standing, plan: Plan) -> State:
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


def check_history(job: StoredJob, history: list[Transition]) -> None:
    """No gap, no double, each from where the one before came to, and in a generation no way back from an end.

    ``DELETED`` is an inference and no end that counts: whatever is read later replaces it.
    """
    assert [one.number for one in history] == list(range(1, job.transitions + 1))
    assert [one.previous_state for one in history] == [None, *(one.state for one in history[:-1])]
    assert history[-1].state is job.view.state
    assert [history[0].generation, history[-1].generation] == [1, job.view.generation]
    for before, after in pairwise(history):
        assert after.generation - before.generation in {0, 1}
        assert after.generation > before.generation or after.state is not before.state
    for generation in range(1, job.view.generation + 1):
        ends = [
            one.state.terminal for one in history if one.generation == generation and one.state is not State.DELETED
        ]
        assert ends == sorted(ends), f"{job.view.id} went back from its end"


def states(histories: Histories) -> dict[str, list[tuple[int, State, str]]]:
    """Histories without the times at which they were observed."""
    return {
        job_id: [(one.number, one.state, one.native_status) for one in history] for job_id, history in histories.items()
    }


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
        list_fields=replace(family.list_fields, counts=counts),
        get_fields=replace(family.get_fields, counts=counts),
    )


def small_watch(watch: Watch) -> Watch:
    """The same with small pages, and with containers of jobs among the families."""
    families = {name: small_pages(FAMILIES[name]) for name in NAMES}
    families["sesv2/import"] = container(families["sesv2/import"])
    return replace(watch, families=tuple(families.values()))


def _key(item: dict[str, Any]) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]


def _of(items: Items, pk: str, sk: str) -> Items:
    return [item for item in items if item["pk"]["S"].startswith(pk) and item["sk"]["S"].startswith(sk)]


def _recounted(jobs: Iterable[StoredJob]) -> dict[tuple[str, str], dict[State, int]]:
    counts: dict[tuple[str, str], dict[State, int]] = {}
    for job in jobs:
        family = counts.setdefault((job.view.key.service, job.view.key.type), {})
        family[job.view.state] = family.get(job.view.state, 0) + 1
    return counts


def _counted(items: Items) -> dict[tuple[str, str], dict[State, int]]:
    sums: defaultdict[tuple[str, str], defaultdict[State, int]] = defaultdict(lambda: defaultdict(int))
    for item in _of(items, "COUNT#", ""):
        service, type_, _ = item["sk"]["S"].split("#")
        for name, value in item.items():
            if name in State.__members__:
                sums[service, type_][State(name)] += int(value["N"])
    found = {family: {state: n for state, n in counts.items() if n} for family, counts in sums.items()}
    return {family: counts for family, counts in found.items() if counts}
