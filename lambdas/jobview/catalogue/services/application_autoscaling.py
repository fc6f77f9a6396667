"""Application Auto Scaling (``application-autoscaling`` 2016-02-06): scaling activities."""

from jobview.catalogue.language import CANCELLED, FAILED, PENDING, RUNNING, SUCCEEDED, Family, Job, Service

# AWS publishes no rates of these operations: a guess on the safe side.
APPLICATION_AUTO_SCALING = Service("application-autoscaling", rate=2)

SCALING_ACTIVITY = Family(
    APPLICATION_AUTO_SCALING, "scaling-activity", "Application Auto Scaling activity",
    # A call lists the activities of one service, and each service is asked for in turn.
    list="DescribeScalingActivities", per_status="ServiceNamespace", page_size=50,
    job=Job(
        id="ActivityId", status="StatusCode", name="ResourceId", created="StartTime", started="StartTime",
        ended="EndTime", reason="StatusMessage",
    ),
    # Overridden: a later activity replaced it. Unfulfilled: the resource did not get the capacity.
    states={
        PENDING: "Pending", RUNNING: "InProgress", SUCCEEDED: "Successful", FAILED: "Failed Unfulfilled",
        CANCELLED: "Overridden",
    },
    retention="6 weeks",
)  # fmt: skip
