"""One slow, denied or throttled call costs its own rows and nothing else.

Shown for every operation of the families that are written by hand or that moto serves: all others are read by the same
code, and ``tests/integration/families`` shows that each of them says what could not be read.
"""

import contextlib
import itertools
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from handlers.api.handler import build
from jobview.aws.clock import Clock
from jobview.catalogue import FAMILIES
from jobview.catalogue.family import Family
from local.standin import Fault, Plan
from tests.api_gateway import Client, Reply
from tests.local_jobview import Local, local_jobview
from tests.monitoring import USUAL

pytestmark = pytest.mark.alone

READING = 3.0
"""Seconds that a live read has beside a slow call; what is kept for the store and the answer is three more."""
PATIENT = 5
"""So many times longer the same is tried once more, for a machine that was busy with something else."""
SLOW = "slow"
DENIED = Fault(kind="error", code="AccessDeniedException", status=403)
THROTTLED = Fault(kind="error", code="throttled")
FOR_EVER = Plan(submitted=0, running=1e9)
ROLE = "arn:aws:iam::123456789012:role/x"
NUMBERS = itertools.count()

MONITORED = [FAMILIES[name] for name in USUAL]
OPERATIONS = [
    pytest.param(family, kind, operation, id=f"{family.name}-{operation}")
    for family in MONITORED
    for kind, operation in (
        *(("search", parent.call.operation) for parent in family.parents),
        ("list", None if family.list is None else family.list.operation),
        # If the list returns everything, nothing is got.
        ("get", None if family.get is None or family.list_tells_all else family.get.operation),
    )
    if operation is not None
]


@dataclass
class Warm:
    """An API function that has read everything once, on real clocks; only waiting for quotas takes no time."""

    local: Local
    app: Any

    def live(self, reading: float) -> tuple[Reply, float]:
        """The answer to a live read of everything, and how long it took."""
        self._free_turns()
        begun = time.monotonic()
        answer = Client(self.app.resolve, seconds=reading + 3).get("/v1/jobs?maxAge=0")
        return answer, time.monotonic() - begun

    def _free_turns(self) -> None:
        """The quotas are nobody's: SES would allow one call a second."""
        dynamodb, table = boto3.client("dynamodb"), self.local.settings["JOBVIEW_TABLE"]
        for page in dynamodb.get_paginator("scan").paginate(TableName=table):
            for item in page["Items"]:
                if item["sk"]["S"].startswith("TURNS#"):
                    dynamodb.delete_item(TableName=table, Key={name: item[name] for name in ("pk", "sk")})


def start(local: Local, family: Family) -> None:
    """A new job of the family; the first one makes what it needs."""
    number = next(NUMBERS)
    starts: dict[str, Callable[[], object]] = {
        "batch/job": lambda: boto3.client("batch").submit_job(
            jobName=f"j{number}", jobQueue="slow", jobDefinition="slow"
        ),
        "glue/job-run": lambda: boto3.client("glue").start_job_run(JobName="slow"),
        "stepfunctions/execution": lambda: boto3.client("stepfunctions").start_execution(
            stateMachineArn="arn:aws:states:us-east-1:123456789012:stateMachine:slow", name=f"e{number}"
        ),
        "transcribe/transcription-job": lambda: boto3.client("transcribe").start_transcription_job(
            TranscriptionJobName=f"t{number}", LanguageCode="en-US", Media={"MediaFileUri": "s3://b/a.mp3"}
        ),
    }
    if family.name in starts:
        starts[family.name]()
    else:
        local.aws.seed(family.service, family.type, plan=FOR_EVER)


@pytest.fixture(scope="module")
def warm(moto: str) -> Iterator[Warm]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_CA_BUNDLE", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
            patch.delenv(name, raising=False)
        patch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Jobview")
        with local_jobview(moto, patch.setenv, families=[family.name for family in MONITORED]) as local:
            make_parents()
            for family in MONITORED:
                if family.service != "athena":
                    start(local, family)
            clock = Clock(monotonic=time.monotonic, sleep=lambda _: None, now=lambda: datetime.now(UTC))
            app = build(local.settings, clock=clock)
            first = Client(app.resolve, seconds=29).get("/v1/jobs?maxAge=0")
            assert set(first.json["coverage"]["counts"]) == {"complete"}, first.body
            yield Warm(local, app)
    # Other tests count what is there.
    request = urllib.request.Request(f"{moto}/moto-api/reset", method="POST")  # noqa: S310 - a server of this test
    urllib.request.urlopen(request).close()  # noqa: S310 - the same


def make_parents() -> None:
    boto3.client("glue").create_job(Name="slow", Role=ROLE, Command={"Name": "glueetl", "ScriptLocation": "s3://b/x"})
    boto3.client("stepfunctions").create_state_machine(
        name="slow", definition='{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}', roleArn=ROLE
    )
    network: Any = boto3.client("ec2").describe_subnets()["Subnets"][0]
    boto3.client("iam").create_role(RoleName="x", AssumeRolePolicyDocument="{}")
    batch = boto3.client("batch")
    batch.create_compute_environment(
        computeEnvironmentName="slow",
        type="UNMANAGED",
        state="ENABLED",
        serviceRole=boto3.client("iam").get_role(RoleName="x")["Role"]["Arn"],
    )
    assert network
    environment = batch.describe_compute_environments()["computeEnvironments"][0]["computeEnvironmentArn"]
    batch.create_job_queue(
        jobQueueName="slow",
        state="ENABLED",
        priority=1,
        computeEnvironmentOrder=[{"order": 1, "computeEnvironment": environment}],
    )
    batch.register_job_definition(
        jobDefinitionName="slow",
        type="container",
        containerProperties={"image": "busybox", "vcpus": 1, "memory": 128, "command": ["sleep", "600"]},
    )


@contextlib.contextmanager
def athena_query() -> Iterator[str]:
    """A query in a work group that goes with it: moto does not know the batch get, and its row would stay failed."""
    athena, name = boto3.client("athena"), f"w{next(NUMBERS)}"
    athena.create_work_group(Name=name)
    yield athena.start_query_execution(QueryString="SELECT 1", WorkGroup=name)["QueryExecutionId"]
    athena.delete_work_group(WorkGroup=name, RecursiveDeleteOption=True)


@pytest.mark.parametrize("fault", [SLOW, DENIED, THROTTLED], ids=["slow", "denied", "throttled"])
@pytest.mark.parametrize(("family", "kind", "operation"), OPERATIONS)
def test_it_costs_its_own_rows_and_nothing_else(
    warm: Warm, family: Family, kind: str, operation: str, fault: Fault | str
) -> None:
    with athena_query() if (family.service, kind) == ("athena", "get") else contextlib.nullcontext():
        check(warm, family, kind, operation, fault)


def check(warm: Warm, family: Family, kind: str, operation: str, fault: Fault | str) -> None:
    if isinstance(fault, Fault):
        answer, _, called = read(warm, family, operation, fault, 24.0)
    else:
        for reading in (READING, PATIENT * READING):
            slow = Fault(kind="latency", seconds=reading + 3)
            answer, seconds, called = read(warm, family, operation, slow, reading)
            in_time = seconds < reading + 2.5
            if called and in_time and answer.status == 200 and all_complete(others_of(rows_of(answer), family)):
                break
        assert in_time, "the answer came too late"
    assert called, "the call was not made"
    rows = rows_of(answer)
    own = rows.keys() - others_of(rows, family).keys()
    others = others_of(rows, family)
    assert all_complete(others), others
    search = {name for name in own if rows[name]["kind"] == "discovery"}
    bad = {name for name in own if rows[name]["status"] != "complete"}
    assert bad <= (search if kind == "search" else own - search)
    if fault is not SLOW and kind != "get":
        assert {rows[name]["status"] for name in bad} == {"denied" if fault is DENIED else "throttled"}
    if kind == "search" and fault is SLOW:
        assert {rows[name]["error"]["kind"] for name in bad} == {"deadline"}


def read(warm: Warm, family: Family, operation: str, fault: Fault, reading: float) -> tuple[Reply, float, bool]:
    """A live read of a new job with a fault in one operation: the answer, the seconds, and whether it was called."""
    if family.service != "athena":
        start(warm.local, family)
    rule = warm.local.aws.faults.add(fault, service=family.service, operation=operation)
    try:
        answer, seconds = warm.live(reading)
        [applied] = [each["applied"] for each in warm.local.aws.faults.to_json() if each["id"] == rule]
    finally:
        warm.local.aws.faults.remove(rule)
    return answer, seconds, bool(applied)


def rows_of(answer: Reply) -> dict[str, dict[str, Any]]:
    """The answer's coverage, by source id."""
    assert answer.status == 200, answer.body
    rows = {row["source"]: row for row in answer.json["coverage"]["sources"]}
    assert len(rows) == sum(answer.json["coverage"]["counts"].values())
    return rows


def all_complete(statuses: dict[str, str]) -> bool:
    return set(statuses.values()) == {"complete"}


def others_of(rows: dict[str, dict[str, Any]], family: Family) -> dict[str, str]:
    """The status of each source of another family."""
    return {
        name: row["status"]
        for name, row in rows.items()
        if (row["service"], row["type"]) != (family.service, family.type)
    }
