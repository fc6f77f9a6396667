"""Amazon MWAA Serverless (``mwaa-serverless`` 2024-07-26): runs of workflows."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Family,
    Items,
    Job,
    Parent,
    Service,
)

# A guess on the safe side.
MWAA_SERVERLESS = Service("mwaa-serverless", rate=2)

WORKFLOW = Parent(MWAA_SERVERLESS, "workflow", list="ListWorkflows", id="WorkflowArn")

WORKFLOW_RUN = Family(
    MWAA_SERVERLESS, "workflow-run", "Amazon MWAA Serverless workflow run",
    under=[WORKFLOW],
    list="ListWorkflowRuns",
    get="GetWorkflowRun",
    job=Job(
        id="RunId", status="RunDetailSummary.Status", parent="WorkflowArn", created="RunDetailSummary.CreatedOn",
        started="RunDetailSummary.StartedAt", ended="RunDetailSummary.EndedAt",
    ),
    got=Job(
        status="RunDetail.RunState", created="RunDetail.CreatedAt", started="RunDetail.StartedOn",
        updated="RunDetail.ModifiedAt", ended="RunDetail.CompletedOn", reason="RunDetail.ErrorMessage",
    ),
    # Words of Airflow. UPSTREAM_FAILED: the task did not run, because another one had failed. REMOVED: the workflow
    # does not have the task any more. DEFERRED: it waits for a trigger.
    items_list=Items(
        "ListTaskInstances", unit="tasks", group="OperatorName", item=Job(id="TaskInstanceId", status="Status"),
        states={
            PENDING: "QUEUED SCHEDULED NONE UP_FOR_RETRY UP_FOR_RESCHEDULE", RUNNING: "RUNNING RESTARTING DEFERRED",
            SUCCEEDED: "SUCCESS", FAILED: "FAILED TIMEOUT", CANCELLED: "CANCELLED UPSTREAM_FAILED REMOVED",
        },
    ),
    states={
        PENDING: "STARTING QUEUED", RUNNING: "RUNNING", CANCELLING: "STOPPING", CANCELLED: "STOPPED",
        SUCCEEDED: "SUCCESS", FAILED: "FAILED TIMEOUT",
    },
)  # fmt: skip
