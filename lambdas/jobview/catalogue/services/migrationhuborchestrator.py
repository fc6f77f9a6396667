"""AWS Migration Hub Orchestrator (``migrationhuborchestrator`` 2021-08-28): migration workflows."""

from jobview.catalogue.language import (
    FAILED,
    PAUSED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    UNKNOWN,
    Counts,
    Family,
    Items,
    Job,
    Service,
)

# A guess on the safe side.
ORCHESTRATOR = Service("migrationhuborchestrator", rate=1)

WORKFLOW = Family(
    ORCHESTRATOR, "workflow", "AWS Migration Hub Orchestrator workflow",
    list="ListWorkflows", open_by="status",
    get="GetWorkflow",
    job=Job(
        id="id", name="name", status="status", created="creationTime", ended="endTime", reason="statusMessage",
        counts=Counts(unit="steps", total="totalSteps", succeeded="completedSteps"),
    ),
    got=Job(started="lastStartTime", updated="lastModifiedTime", tags="tags"),
    # PAUSING_FAILED: the workflow did not pause, so it may still run. USER_ATTENTION_REQUIRED: a step waits for a
    # person. The words of deletions do not say how the workflow ended.
    states={
        PENDING: "CREATING NOT_STARTED STARTING", RUNNING: "IN_PROGRESS PAUSING PAUSING_FAILED",
        PAUSED: "PAUSED USER_ATTENTION_REQUIRED", SUCCEEDED: "COMPLETED", FAILED: "CREATION_FAILED WORKFLOW_FAILED",
        UNKNOWN: "DELETING DELETION_FAILED DELETED",
    },
    items_list=Items(
        "ListWorkflowStepGroups", unit="step groups", item=Job(id="id", name="name", status="status"),
        states={
            PENDING: "AWAITING_DEPENDENCIES READY", RUNNING: "IN_PROGRESS PAUSING",
            PAUSED: "PAUSED USER_ATTENTION_REQUIRED", SUCCEEDED: "COMPLETED", FAILED: "FAILED",
        },
    ),
    failures="ListWorkflowSteps has the status of each step.",
)  # fmt: skip
