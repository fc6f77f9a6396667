"""What the compiler derives of an operation that lists the items of a job, and what it refuses to guess."""

from dataclasses import replace
from typing import Any

import pytest

from jobview.catalogue import language
from jobview.catalogue.language import FAILED, RUNNING, SUCCEEDED, Items, Job, Service
from tests.contract.test_derived import family, refused

STEPS: dict[str, Any] = {
    "list": "ListPipelineExecutions",
    "under": [language.Parent(Service("codepipeline", rate=1), "pipeline", list="ListPipelines", id="name")],
    "job": Job(id="pipelineExecutionId", status="status"),
    "states": {
        RUNNING: "InProgress Stopping", SUCCEEDED: "Succeeded", FAILED: "Failed Cancelled Stopped Superseded",
    },
}  # fmt: skip
ACTIONS = Items(
    "ListActionExecutions",
    inputs={"filter": {"pipelineExecutionId": "{id}"}},
    unit="actions",
    item=Job(id="actionExecutionId", status="status", started="startTime"),
    states={RUNNING: "InProgress", SUCCEEDED: "Succeeded", FAILED: "Failed Abandoned"},
)


def test_the_call_that_lists_items_is_derived_as_a_list() -> None:
    call = family("codepipeline", items_list=ACTIONS, **STEPS).items_list
    assert call is not None
    assert call.inputs == {"pipelineName": "{parent}", "filter": {"pipelineExecutionId": "{id}"}}
    assert (call.items, call.page_size, call.tokens) == (
        "actionExecutionDetails", ("maxResults", 100), ("nextToken", "nextToken"),
    )  # fmt: skip
    assert call.action == "codepipeline:ListActionExecutions"
    assert call.resource == "arn:{partition}:codepipeline:{region}:{account}:*"
    assert call.missing.keys() == {"PipelineNotFoundException", "PipelineExecutionNotFoundException"}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"inputs": {}}, "which input takes the job's id"),
        ({"inputs": {"execution": "{id}"}}, "has no input execution"),
        ({"item": Job(id="actionExecutionId")}, "has no status"),
        ({"item": Job(id="nothing", status="status")}, "has no member nothing"),
        ({"item": Job(status="status", role="input.roleArn")}, "no row of an item shows role"),
        ({"states": {RUNNING: "InProgress"}}, "states: not declared"),
        ({"states": None}, "has words that the family does not have"),
        ({"group": "stage"}, "has no member stage"),
        ({"page_size": 1000}, "above the model's largest"),
        ({"per_status": "pipelineName"}, "has no enum"),
        ({"resource": "bucket"}, "is not granted on resource 'bucket'"),
    ],
)
def test_what_a_model_contradicts_in_a_list_of_items_is_refused(more: dict[str, Any], said: str) -> None:
    refused("codepipeline", said, items_list=replace(ACTIONS, **more), **STEPS)


def test_an_arn_of_which_the_id_is_the_last_part_is_written_out() -> None:
    dms: dict[str, Any] = {
        "list": "DescribeReplicationTasks",
        "page_size": 100,
        "get": "DescribeReplicationTasks",
        "get_inputs": {"Filters": [{"Name": "replication-task-arn", "Values": ["arn:aws:dms:eu-west-1:1:task:{id}"]}]},
        "job": Job(id="ReplicationTaskArn", status="Status"),
        "states": {RUNNING: "running", SUCCEEDED: "stopped", FAILED: "failed"},
    }
    tables = Items(
        "DescribeTableStatistics",
        page_size=500,
        unit="tables",
        item=Job(status="TableState"),
        states={SUCCEEDED: ("Table completed",), FAILED: ("Table error",)},
    )
    refused("dms", "ReplicationTaskArn takes an ARN, and the id is its last part", items_list=tables, **dms)
