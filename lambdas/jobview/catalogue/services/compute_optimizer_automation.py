"""AWS Compute Optimizer Automation (``compute-optimizer-automation`` 2025-09-22): automation events."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PENDING,
    RUNNING,
    SINCE,
    SUCCEEDED,
    Family,
    Job,
    Service,
)

# A guess on the safe side.
AUTOMATION = Service("compute-optimizer-automation", rate=1)

AUTOMATION_EVENT = Family(
    AUTOMATION, "automation-event", "AWS Compute Optimizer automation event",
    list="ListAutomationEvents", since={"startTimeInclusive": SINCE},
    get="GetAutomationEvent",
    job=Job(
        id="eventId", name="resourceId", status="eventStatus", created="createdTimestamp", ended="completedTimestamp",
        reason="eventStatusReason", inputs=("resourceArn",),
    ),
    # A rollback undoes a complete event, because somebody asked for it.
    states={
        PENDING: "Ready", RUNNING: "InProgress", SUCCEEDED: "Complete", FAILED: "Failed RollbackFailed",
        CANCELLING: "RollbackReady RollbackInProgress", CANCELLED: "Cancelled RollbackComplete",
    },
    retention="1 year",
)  # fmt: skip
