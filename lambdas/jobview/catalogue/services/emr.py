"""Amazon EMR (``emr`` 2009-03-31): steps of clusters, and executions of notebooks."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PENDING,
    RUNNING,
    SINCE,
    SUCCEEDED,
    Cause,
    Events,
    Family,
    Job,
    Parent,
    Service,
)

# AWS publishes rates for writing operations only, half a call a second. The same is used here.
EMR = Service("emr", rate=0.5)

# Clusters in every state, because the steps of an ended cluster are jobs too.
CLUSTER = Parent(EMR, "cluster", list="ListClusters", id="Id")

STEP = Family(
    EMR, "step", "Amazon EMR step",
    under=[CLUSTER],
    list="ListSteps", newest_first="the model: in reverse order unless filtered",
    get="DescribeStep",
    # The model's only error for a wrong request.
    missing={"InvalidRequestException": "is not valid"},
    job=Job(
        id="Id", status="Status.State", name="Name", created="Status.Timeline.CreationDateTime",
        started="Status.Timeline.StartDateTime", ended="Status.Timeline.EndDateTime",
        reason="Status.StateChangeReason.Message",
        causes=(
            Cause(at="Status.FailureDetails", message="Message"), Cause(at="Status.FailureDetails", message="Reason"),
        ),
    ),
    got=Job(role="ExecutionRoleArn"),
    states={
        PENDING: "PENDING", RUNNING: "RUNNING", CANCELLING: "CANCEL_PENDING", SUCCEEDED: "COMPLETED",
        CANCELLED: "CANCELLED",
        # INTERRUPTED: the cluster ended before the step.
        FAILED: "FAILED INTERRUPTED",
    },
    withheld=("Config.Args", "Config.Properties"),
    events=Events(
        "EMR Step Status Change", source="aws.emr", id="stepId", parent="clusterId", status="state", reason="message",
    ),
    retention="2 months after the cluster has ended",
)  # fmt: skip

NOTEBOOK_EXECUTION = Family(
    EMR, "notebook-execution", "Amazon EMR notebook execution",
    list="ListNotebookExecutions", since={"From": SINCE}, lists_only="executions of the last 30 days",
    get="DescribeNotebookExecution", missing={"InvalidRequestException": "is not valid"},
    job=Job(
        id="NotebookExecutionId", name="NotebookExecutionName", status="Status", started="StartTime", ended="EndTime",
    ),
    got=Job(
        reason="LastStateChangeReason", role="ExecutionEngine.ExecutionRoleArn", outputs=("OutputNotebookURI",),
        tags="Tags",
    ),
    states={
        PENDING: "START_PENDING STARTING", RUNNING: "RUNNING FINISHING FAILING", SUCCEEDED: "FINISHED",
        FAILED: "FAILED", CANCELLING: "STOP_PENDING STOPPING", CANCELLED: "STOPPED",
    },
    withheld=("NotebookParams", "EnvironmentVariables"),
)  # fmt: skip
