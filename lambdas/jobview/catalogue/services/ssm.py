"""AWS Systems Manager (``ssm`` 2014-11-06): executions of runbooks, commands and associations."""

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
    Parent,
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

COMMAND = Family(
    SSM, "command", "AWS Systems Manager Run Command command",
    list="ListCommands", since={"Filters": [{"key": "InvokedAfter", "value": SINCE.text}]},
    get="ListCommands", missing={"InvalidCommandId": ""},
    job=Job(
        id="CommandId", name="DocumentName", status="Status", created="RequestedDateTime", reason="StatusDetails",
        role="ServiceRole",
        # CompletedCount includes the targets that failed.
        counts=Counts(unit="targets", total="TargetCount", failed=("ErrorCount", "DeliveryTimedOutCount")),
    ),
    states={
        PENDING: "Pending", RUNNING: "InProgress", CANCELLING: "Cancelling", CANCELLED: "Cancelled",
        SUCCEEDED: "Success", FAILED: "Failed TimedOut",
    },
    failures="ListCommandInvocations has the status of each target, and GetCommandInvocation its output.",
    console="systems-manager/run-command/{id}",
    events=Events("EC2 Command Status-change Notification", id='"command-id"', status="status"),
    retention="30 days",
)  # fmt: skip

ASSOCIATION = Parent(SSM, "association", list="ListAssociations", id="AssociationId")

ASSOCIATION_EXECUTION = Family(
    SSM, "association-execution", "AWS Systems Manager association execution",
    under=[ASSOCIATION],
    list="DescribeAssociationExecutions",
    get="DescribeAssociationExecutions",
    get_inputs={"Filters": [{"Key": "ExecutionId", "Value": "{id}", "Type": "EQUAL"}]},
    job=Job(
        id="ExecutionId", parent="AssociationId", status="Status", started="CreatedTime", reason="DetailedStatus",
    ),
    # The model allows any text.
    states={PENDING: "Pending", RUNNING: "InProgress", SUCCEEDED: "Success", FAILED: "Failed TimedOut"},
    failures="DescribeAssociationExecutionTargets has the status of each target.",
)  # fmt: skip

MAINTENANCE_WINDOW = Parent(SSM, "maintenance-window", list="DescribeMaintenanceWindows", id="WindowId")

MAINTENANCE_WINDOW_EXECUTION = Family(
    SSM, "maintenance-window-execution", "AWS Systems Manager maintenance window execution",
    under=[MAINTENANCE_WINDOW],
    list="DescribeMaintenanceWindowExecutions",
    since={"Filters": [{"Key": "ExecutedAfter", "Values": [SINCE.text]}]},
    get="GetMaintenanceWindowExecution",
    job=Job(
        id="WindowExecutionId", status="Status", started="StartTime", ended="EndTime",
        reason="StatusDetails",
    ),
    # SKIPPED_OVERLAPPING: it did not run, because the execution before it still ran.
    states={
        PENDING: "PENDING", RUNNING: "IN_PROGRESS", CANCELLING: "CANCELLING",
        CANCELLED: "CANCELLED SKIPPED_OVERLAPPING", SUCCEEDED: "SUCCESS", FAILED: "FAILED TIMED_OUT",
    },
    failures="DescribeMaintenanceWindowExecutionTasks has the status and the reason of each task.",
)  # fmt: skip

INVENTORY_DELETION = Family(
    SSM, "inventory-deletion", "AWS Systems Manager inventory deletion",
    list="DescribeInventoryDeletions",
    get="DescribeInventoryDeletions", missing={"InvalidDeletionIdException": ""},
    job=Job(
        id="DeletionId", name="TypeName", status="LastStatus", started="DeletionStartTime",
        updated="LastStatusUpdateTime", ended="LastStatusUpdateTime", reason="LastStatusMessage",
        counts=Counts(unit="items", total="DeletionSummary.TotalCount"),
    ),
    states={RUNNING: "InProgress", SUCCEEDED: "Complete"},
)  # fmt: skip

EXECUTION_PREVIEW = Family(
    SSM, "execution-preview", "AWS Systems Manager Automation execution preview",
    # No operation lists the previews.
    get="GetExecutionPreview",
    job=Job(id="ExecutionPreviewId", status="Status", ended="EndedAt", reason="StatusMessage"),
    states={PENDING: "Pending", RUNNING: "InProgress", SUCCEEDED: "Success", FAILED: "Failed"},
)  # fmt: skip
