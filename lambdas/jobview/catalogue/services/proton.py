"""AWS Proton (``proton`` 2020-07-20): deployments."""

from datetime import date

from jobview.catalogue.language import CANCELLED, CANCELLING, FAILED, RUNNING, SUCCEEDED, UNKNOWN, Family, Job, Service

# The rate is a guess on the safe side. The API Reference has the notice: "AWS has decided to discontinue AWS Proton,
# with support ending on October 7, 2026."
PROTON = Service("proton", rate=1, retired=date(2026, 10, 7))

DEPLOYMENT = Family(
    PROTON, "deployment", "AWS Proton deployment",
    list="ListDeployments",
    get="GetDeployment",
    job=Job(
        id="id", name="environmentName", status="deploymentStatus", created="createdAt", updated="lastModifiedAt",
        ended="completedAt", inputs=("targetArn",),
    ),
    # AWS marks the message as sensitive. A deletion does not show how the deployment ended.
    states={
        RUNNING: "IN_PROGRESS DELETE_IN_PROGRESS", CANCELLING: "CANCELLING", CANCELLED: "CANCELLED",
        SUCCEEDED: "SUCCEEDED", FAILED: "FAILED", UNKNOWN: "DELETE_COMPLETE DELETE_FAILED",
    },
    failures="GetDeployment and the console show the message, which AWS marks as sensitive.",
    # The parameters of environments and services.
    withheld=("initialState", "targetState"),
)  # fmt: skip
