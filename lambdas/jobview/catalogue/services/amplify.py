"""AWS Amplify (``amplify`` 2017-07-25): builds and deployments of branches."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Cause,
    Events,
    Family,
    Job,
    Parent,
    Service,
)

# A guess on the safe side.
AMPLIFY = Service("amplify", rate=2)

APP = Parent(AMPLIFY, "app", list="ListApps", id="appId")
BRANCH = Parent(AMPLIFY, "branch", list="ListBranches", id="branchName")

AMPLIFY_JOB = Family(
    AMPLIFY, "job", "AWS Amplify job",
    under=[APP, BRANCH],
    list="ListJobs",
    get="GetJob",
    job=Job(id="jobId", status="status", started="startTime", ended="endTime"),
    got=Job(
        id="summary.jobId", status="summary.status", started="summary.startTime", ended="summary.endTime",
        causes=(Cause(at="steps[]", message="statusReason"),),
    ),
    states={
        PENDING: "CREATED PENDING", RUNNING: "PROVISIONING RUNNING", CANCELLING: "CANCELLING", CANCELLED: "CANCELLED",
        SUCCEEDED: "SUCCEED", FAILED: "FAILED",
    },
    presigned=(
        "steps[].logUrl", "steps[].artifactsUrl", "steps[].testArtifactsUrl", "steps[].testConfigUrl",
        "summary.sourceUrl",
    ),
    # A map of screenshots has signed URLs too.
    withheld=("steps[].screenshots",),
    events=Events(
        "Amplify Deployment Status Change", id="jobId", parent=("appId", "branchName"), status="jobStatus",
    ),
)  # fmt: skip
