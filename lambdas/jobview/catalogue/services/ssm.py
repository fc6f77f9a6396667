"""AWS Systems Manager (``ssm`` 2014-11-06): executions of Automation runbooks."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PAUSED,
    PENDING,
    RUNNING,
    SINCE,
    SUCCEEDED,
    UNKNOWN,
    Counts,
    Events,
    Family,
    Items,
    Job,
    Service,
)

# AWS publishes no rates of these operations: a guess on the safe side.
SSM = Service("ssm", rate=2)

# An execution with rate control has one child execution for each of its targets.
_TARGETS = Counts(
    unit="targets", container=True, total="TargetsSummary.TotalCount",
    succeeded="TargetsSummary.SuccessfulCount", failed="TargetsSummary.FailedCount",
)  # fmt: skip

AUTOMATION_EXECUTION = Family(
    SSM, "automation-execution", "AWS Systems Manager Automation execution",
    list="DescribeAutomationExecutions",
    since={"Filters": [{"Key": "StartTimeAfter", "Values": [SINCE.text]}]},
    get="GetAutomationExecution",
    job=Job(
        id="AutomationExecutionId", name="DocumentName", status="AutomationExecutionStatus", reason="FailureMessage",
        started="ExecutionStartTime", ended="ExecutionEndTime",
    ),
    got=Job(counts=_TARGETS),
    # Waiting: for somebody's approval. No document says how an Exited execution ended. A change request has one
    # runbook, so CompletedWithFailure is a failure.
    states={
        PENDING: "Pending Scheduled PendingApproval Approved "
        "PendingChangeCalendarOverride ChangeCalendarOverrideApproved",
        RUNNING: "InProgress RunbookInProgress", PAUSED: "Waiting",
        CANCELLING: "Cancelling", CANCELLED: "Cancelled Rejected ChangeCalendarOverrideRejected",
        SUCCEEDED: "Success CompletedWithSuccess", FAILED: "Failed TimedOut CompletedWithFailure", UNKNOWN: "Exited",
    },
    items_list=Items(
        "DescribeAutomationStepExecutions", unit="steps",
        item=Job(
            id="StepExecutionId", status="StepStatus", name="StepName", started="ExecutionStartTime",
            ended="ExecutionEndTime", reason="FailureMessage",
        ),
    ),
    # Inputs and outputs of a runbook may contain secrets, and the URL of target locations is presigned.
    withheld=(
        "Parameters", "Outputs", "Variables", "Runbooks[].Parameters", "TargetLocationsURL",
        *(f"StepExecutions[].{name}" for name in ("Inputs", "Outputs", "Response", "OverriddenParameters")),
    ),
    console="systems-manager/automation/execution/{id}",
    events=Events("EC2 Automation Execution Status-change Notification", id="ExecutionId", status="Status"),
)  # fmt: skip
