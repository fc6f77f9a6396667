"""AWS CodeDeploy (``codedeploy`` 2014-10-06): deployments."""

from jobview.catalogue.language import (
    CANCELLED,
    FAILED,
    OPEN,
    PAUSED,
    PENDING,
    RUNNING,
    SINCE,
    SUCCEEDED,
    Counts,
    Events,
    Family,
    Job,
    Service,
    When,
)

# A guess on the safe side.
CODEDEPLOY = Service("codedeploy", rate=2)

DEPLOYMENT = Family(
    CODEDEPLOY, "deployment", "AWS CodeDeploy deployment",
    list="ListDeployments", since={"createTimeRange": {"start": SINCE}}, open_by={"includeOnlyStatuses": OPEN},
    get="BatchGetDeployments", batch=25,
    job=Job(id="@"),
    got=Job(
        id="deploymentId", status="status", name="applicationName", created="createTime", started="startTime",
        ended="completeTime", reason="errorInformation.message",
        # Nobody stopped such a deployment.
        when=(When(CANCELLED, "errorInformation.code", ("ALARM_ACTIVE", "TIMEOUT"), FAILED),),
        counts=Counts(
            unit="instances", succeeded="deploymentOverview.Succeeded", failed="deploymentOverview.Failed",
            skipped="deploymentOverview.Skipped",
        ),
    ),
    # Ready: the new instances wait until traffic is sent to them.
    states={
        PENDING: "Created Queued", RUNNING: "InProgress Baking", PAUSED: "Ready", CANCELLED: "Stopped",
        SUCCEEDED: "Succeeded", FAILED: "Failed",
    },
    console="codesuite/codedeploy/deployments/{id}",
    events=Events("CodeDeploy Deployment State-change Notification", id="deploymentId"),
)  # fmt: skip
