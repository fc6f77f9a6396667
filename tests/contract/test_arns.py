"""Ids that a service gives as ARNs: an id is the ARN's last part, unless a call takes the ARN itself."""

from typing import Any

from jobview.catalogue import language
from jobview.catalogue.family import Family
from jobview.catalogue.language import FAILED, PENDING, RUNNING, SUCCEEDED, Events, Job, Parent, Service
from local.catalogue.compiling import compiled
from local.catalogue.deriving import is_arn, takes_arn

ECS = Service("ecs", rate=1)
CLUSTER = Parent(ECS, "cluster", list="ListClusters", id="@", page_size=100)
DATASYNC = Service("datasync", rate=1)
TASK = Parent(DATASYNC, "task", list="ListTasks", id="TaskArn")
EXECUTION = "arn:{partition}:datasync:{region}:{account}:task/{parent}/execution/{id}"


def tasks() -> Family:
    return compiled(
        language.Family(
            ECS,
            "task",
            "A task",
            under=[CLUSTER],
            list="ListTasks",
            inputs={"cluster": "{parent}"},
            page_size=100,
            get="DescribeTasks",
            batch=100,
            job=Job(id="@"),
            got=Job(id="taskArn", parent="clusterArn", status="lastStatus"),
            states={RUNNING: "RUNNING", SUCCEEDED: "STOPPED", FAILED: "DELETED"},
            events=Events("ECS Task State Change", id="taskArn", parent="clusterArn"),
        )
    )


def executions(**more: Any) -> Family:
    given: dict[str, Any] = {
        "under": [TASK],
        "list": "ListTaskExecutions",
        "inputs": {"TaskArn": "{parent}"},
        "get": "DescribeTaskExecution",
        "missing": {"InvalidRequestException": "not found"},
        "job": Job(id="TaskExecutionArn", status="Status"),
        "states": {
            PENDING: "QUEUED LAUNCHING PREPARING",
            RUNNING: "TRANSFERRING VERIFYING CANCELLING",
            SUCCEEDED: "SUCCESS",
            FAILED: "ERROR",
        },
        "events": Events("DataSync Task Execution State Change", id="resources[-1]", parent="task"),
    }
    return compiled(language.Family(DATASYNC, "task-execution", "An execution", **(given | more)))


def test_an_arn_stands_for_its_last_part_where_no_input_takes_the_arn() -> None:
    made = tasks()
    assert made.get_fields is not None
    assert made.events is not None
    assert [kind.arn for kind in made.parents] == [True]
    assert (made.listed[1].arns, made.get_fields.arns) == (("id",), ("id", "parent"))
    assert made.events.whole == ()


def test_an_arn_is_the_id_where_an_input_takes_the_arn() -> None:
    made = executions()
    assert made.get_fields is not None
    assert made.events is not None
    assert [kind.arn for kind in made.parents] == [False]
    assert (made.listed[1].arns, made.get_fields.arns) == ((), ())
    assert made.events.whole == ("id", "task")


def test_an_arn_that_is_declared_around_the_ids_is_made_from_their_last_parts() -> None:
    made = executions(
        inputs={"TaskArn": "arn:{partition}:datasync:{region}:{account}:task/{parent}"},
        get_inputs={"TaskExecutionArn": EXECUTION},
    )
    assert made.get is not None
    assert made.events is not None
    assert made.get.inputs == {"TaskExecutionArn": EXECUTION}
    assert [kind.arn for kind in made.parents] == [True]
    assert made.listed[1].arns == ("id",)
    assert made.events.whole == ()


def test_a_member_has_an_arn_by_its_name() -> None:
    for path in ("taskArn", "Task.ExecutionArn", "arn", "JobARN", "resource_arn", "taskArns[]"):
        assert is_arn(path, "jobs"), path
    for path in ("id", "warn", "Learn", "arnName", ""):
        assert not is_arn(path, "jobArns"), path
    assert is_arn("@", "taskArns")
    assert not is_arn("@", "ids")
    assert takes_arn({"arns": "{ids}"}, "{id}", "{ids}")
    assert not takes_arn({"arn": "arn:aws:x:{id}", "name": "{id}"}, "{id}", "{ids}")
