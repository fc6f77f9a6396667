"""AWS CodePipeline (``codepipeline`` 2015-07-09): executions of pipelines."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    RUNNING,
    SUCCEEDED,
    Cause,
    Events,
    Family,
    Items,
    Job,
    Parent,
    Service,
)

# AWS publishes no rates of these operations: a guess on the safe side.
CODEPIPELINE = Service("codepipeline", rate=2)

PIPELINE = Parent(CODEPIPELINE, "pipeline", list="ListPipelines", id="name", page_size=1000)

EXECUTION = Family(
    CODEPIPELINE, "execution", "AWS CodePipeline execution",
    under=[PIPELINE],
    # GetPipelineExecution returns no times, so the list has more about an execution than the get.
    list="ListPipelineExecutions", newest_first="the model: the most recent executions",
    job=Job(
        id="pipelineExecutionId", status="status", started="startTime", updated="lastUpdateTime",
        ended="lastUpdateTime", reason="statusSummary",
    ),
    states={
        RUNNING: "InProgress", CANCELLING: "Stopping", SUCCEEDED: "Succeeded", FAILED: "Failed",
        # Superseded: a newer execution has overtaken it.
        CANCELLED: "Cancelled Stopped Superseded",
    },
    items_list=Items(
        "ListActionExecutions", inputs={"filter": {"pipelineExecutionId": "{id}"}}, unit="actions", group="stageName",
        item=Job(
            id="actionExecutionId", status="status", name="actionName", started="startTime", ended="lastUpdateTime",
            reason="output.executionResult.externalExecutionSummary",
            causes=(Cause(at="output.executionResult.errorDetails", message="message"),),
        ),
        # Abandoned: the execution was stopped without waiting for the action.
        states={RUNNING: "InProgress", SUCCEEDED: "Succeeded", FAILED: "Failed", CANCELLED: "Abandoned"},
    ),
    console="codesuite/codepipeline/pipelines/{parent}/executions/{id}/timeline",
    events=Events(
        "CodePipeline Pipeline Execution State Change", id='"execution-id"', parent="pipeline", status="state",
    ),
    retention="12 months",
)  # fmt: skip
