"""AWS Outposts (``outposts`` 2019-12-03): capacity tasks."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PAUSED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Family,
    Job,
    Parent,
    Service,
)

# AWS publishes no rates of these operations: a guess on the safe side.
OUTPOSTS = Service("outposts", rate=1)

OUTPOST = Parent(OUTPOSTS, "outpost", list="ListOutposts", id="OutpostId")

CAPACITY_TASK = Family(
    OUTPOSTS, "capacity-task", "AWS Outposts capacity task",
    under=[OUTPOST],
    list="ListCapacityTasks", inputs={"OutpostIdentifierFilter": "{parent}"},
    get="GetCapacityTask", get_inputs={"CapacityTaskId": "{id}", "OutpostIdentifier": "{parent}"},
    job=Job(
        id="CapacityTaskId", status="CapacityTaskStatus", created="CreationDate", updated="LastModifiedDate",
        ended="CompletionDate",
    ),
    got=Job(reason="Failed.Reason"),
    # WAITING_FOR_EVACUATION: it waits until somebody stops the instances that are in its way.
    states={
        PENDING: "REQUESTED", RUNNING: "IN_PROGRESS", PAUSED: "WAITING_FOR_EVACUATION", SUCCEEDED: "COMPLETED",
        FAILED: "FAILED", CANCELLING: "CANCELLATION_IN_PROGRESS", CANCELLED: "CANCELLED",
    },
)  # fmt: skip
