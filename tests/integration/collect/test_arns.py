"""Tasks of Amazon ECS over real HTTP: ids that are ARNs in one place and names in another, and ends by exit codes."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from jobview.catalogue import language
from jobview.catalogue.language import (
    CANCELLED,
    FAILED,
    RUNNING,
    SUCCEEDED,
    Job,
    Parent,
    Parts,
    Service,
    Unanswered,
    When,
)
from jobview.model import CoverageStatus, Items, State, Target
from jobview.model.jobid import JobKey
from jobview.reader import Reader
from jobview.refresh.dependencies import Dependencies
from jobview.refresh.refresher import Refresher
from local.catalogue.compiling import compiled
from local.smoke import Memory
from tests.integration.collect.canned import Asked, Canned, FrozenTime, Told

TARGET = Target(account="111122223333", region="us-east-1")
ARN = "arn:aws:ecs:us-east-1:111122223333"
ECS = Service("ecs", rate=100)
TASK = compiled(
    language.Family(
        ECS,
        "task",
        "A task",
        under=[Parent(ECS, "cluster", list="ListClusters", id="@", page_size=100)],
        list="ListTasks",
        inputs={"cluster": "{parent}"},
        page_size=100,
        each=({"desiredStatus": "RUNNING"}, {"desiredStatus": "STOPPED"}),
        get="DescribeTasks",
        batch=100,
        unanswered=Unanswered(path="failures", id="arn", code="reason", message="detail", missing={"MISSING": ""}),
        job=Job(id="@"),
        got=Job(
            id="taskArn",
            parent="clusterArn",
            status="lastStatus",
            when=(
                When(FAILED, "stopCode", ("UserInitiated",), CANCELLED),
                When(FAILED, "stopCode", ("TaskFailedToStart",), FAILED),
                When(FAILED, "containers[].exitCode", (0,), SUCCEEDED),
            ),
            parts=Parts(
                unit="containers",
                path="containers",
                status="exitCode",
                outcomes={"0": SUCCEEDED},
                others=FAILED,
                message="reason",
            ),
        ),
        states={RUNNING: "RUNNING", FAILED: "STOPPED"},
    )
)
STOPPED: dict[str, dict[str, Any]] = {
    "done": {"containers": [{"exitCode": 0}]},
    "partly": {"containers": [{"exitCode": 0}, {"exitCode": 137, "reason": "OutOfMemoryError"}]},
    "broken": {"containers": [{"exitCode": 1}], "stopCode": "EssentialContainerExited"},
    "never": {"containers": [{}], "stopCode": "TaskFailedToStart"},
    "stopped": {"containers": [{"exitCode": 0}], "stopCode": "UserInitiated"},
}


def served(asked: Asked) -> Told:
    """ECS, which has five tasks that stopped, one that runs, and has forgotten another."""
    operation, given = asked.headers["X-Amz-Target"].partition(".")[2], json.loads(asked.body)
    match operation:
        case "ListClusters":
            return Told(json.dumps({"clusterArns": [f"{ARN}:cluster/night"]}))
        case "ListTasks":
            assert given["cluster"] == "night"
            names = list(STOPPED) if given["desiredStatus"] == "STOPPED" else ["works"]
            return Told(json.dumps({"taskArns": [f"{ARN}:task/night/{name}" for name in names]}))
        case _:
            assert given["cluster"] == "night"
            known = [name for name in given["tasks"] if name in STOPPED or name == "works"]
            tasks = [
                {
                    "taskArn": f"{ARN}:task/night/{name}",
                    "clusterArn": f"{ARN}:cluster/night",
                    "lastStatus": "STOPPED" if name in STOPPED else "RUNNING",
                    **STOPPED.get(name, {}),
                }
                for name in known
            ]
            lost = [name for name in given["tasks"] if name not in known]
            failures = [{"arn": f"{ARN}:task/night/{name}", "reason": "MISSING"} for name in lost]
            return Told(json.dumps({"tasks": tasks, "failures": failures}))


@pytest.fixture
def reader(canned: Canned, reader_of: Callable[..., Reader]) -> Reader:
    canned.answer = served
    return reader_of(canned.url, attempts=1)


def test_arns_are_read_as_ids_and_exit_codes_say_how_a_task_ended(reader: Reader) -> None:
    memory = Memory()
    refresher = Refresher(Dependencies(reader=reader, store=memory, now=FrozenTime().clock.now))
    reads = refresher.read_families([TASK], [TARGET], deadline=1e9)
    assert {one.coverage.source.id: one.coverage.status for one in reads} == {
        "ecs:us-east-1:111122223333:task": CoverageStatus.COMPLETE,
        "ecs:us-east-1:111122223333:task:night": CoverageStatus.COMPLETE,
    }
    views = {name.removeprefix("ecs:us-east-1:111122223333:task:night:"): job.view for name, job in memory.jobs.items()}
    assert {name: view.state for name, view in views.items()} == {
        "works": State.RUNNING,
        "done": State.SUCCEEDED,
        "partly": State.PARTIALLY_SUCCEEDED,
        "broken": State.FAILED,
        "never": State.FAILED,
        "stopped": State.CANCELLED,
    }
    assert views["partly"].items == Items(unit="containers", total=2, succeeded=1, failed=1, skipped=0)
    assert views["partly"].reason == "1 of 2 containers failed: OutOfMemoryError."


def test_a_task_that_is_forgotten_is_missing_by_its_arn(reader: Reader) -> None:
    keys = [JobKey.parse(f"ecs:us-east-1:111122223333:task:night:{name}") for name in ("done", "gone")]
    done, gone = reader.get_jobs(TASK, TARGET, keys, 1e9)
    assert done.observation is not None
    assert done.observation.view.state is State.SUCCEEDED
    assert gone.error is not None
    assert (gone.error.kind, gone.error.code) == ("not_found", "MISSING")
