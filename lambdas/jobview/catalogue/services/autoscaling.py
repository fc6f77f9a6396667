"""Amazon EC2 Auto Scaling (``autoscaling`` 2011-01-01): instance refreshes and scaling activities."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PENDING,
    RUNNING,
    SINCE,
    SUCCEEDED,
    Events,
    Family,
    Job,
    Parent,
    Service,
)

# AWS publishes no rates of these operations: a guess on the safe side.
AUTO_SCALING = Service("autoscaling", rate=2)

GROUP = Parent(
    AUTO_SCALING, "auto-scaling-group", list="DescribeAutoScalingGroups", id="AutoScalingGroupName", page_size=100,
)  # fmt: skip

INSTANCE_REFRESH = Family(
    AUTO_SCALING, "instance-refresh", "Amazon EC2 Auto Scaling instance refresh",
    under=[GROUP],
    list="DescribeInstanceRefreshes", page_size=100,
    job=Job(
        id="InstanceRefreshId", status="Status", reason="StatusReason", started="StartTime", ended="EndTime",
        progress="PercentageComplete",
    ),
    # A rollback follows a failure. Its success does not make the refresh one.
    states={
        PENDING: "Pending", RUNNING: "InProgress Baking RollbackInProgress", SUCCEEDED: "Successful",
        FAILED: "Failed RollbackFailed RollbackSuccessful", CANCELLING: "Cancelling", CANCELLED: "Cancelled",
    },
    events=Events(
        tuple(
            f"EC2 Auto Scaling Instance Refresh {what}"
            for what in (
                "Started", "Succeeded", "Failed", "Cancelled", "Rollback Started", "Rollback Succeeded",
                "Rollback Failed",
            )
        ),
        id="InstanceRefreshId", parent="AutoScalingGroupName",
    ),
    retention="6 weeks",
)  # fmt: skip

SCALING_ACTIVITY = Family(
    AUTO_SCALING, "scaling-activity", "Amazon EC2 Auto Scaling activity",
    list="DescribeScalingActivities", inputs={"IncludeDeletedGroups": True}, page_size=100,
    since={"Filters": [{"Name": "StartTimeLowerBound", "Values": [SINCE.text]}]},
    # It ignores unknown ids.
    get="DescribeScalingActivities", get_inputs={"ActivityIds": ["{id}"]},
    job=Job(
        id="ActivityId", name="AutoScalingGroupName", status="StatusCode", reason="StatusMessage",
        created="StartTime", started="StartTime", ended="EndTime", progress="Progress",
    ),
    states={
        PENDING: "PendingSpotBidPlacement WaitingForSpotInstanceRequestId WaitingForSpotInstanceId",
        RUNNING: "InProgress PreInService MidLifecycleAction InPlaceUpdateInProgress WaitingForInstanceId "
        "WaitingForInstanceWarmup WaitingForELBConnectionDraining WaitingForConnectionDraining "
        "WaitingForInPlaceUpdateToStart WaitingForInPlaceUpdateToFinalize",
        SUCCEEDED: "Successful", FAILED: "Failed", CANCELLED: "Cancelled",
    },
    events=Events(
        tuple(
            f"EC2 Instance {what}"
            for what in (
                "Launch Successful", "Launch Unsuccessful", "Terminate Successful", "Terminate Unsuccessful",
            )
        ),
        id="ActivityId",
    ),
    retention="6 weeks",
)  # fmt: skip
