"""Amazon EMR Serverless (``emr-serverless`` 2021-07-13): job runs of applications."""

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
    Items,
    Job,
    Logs,
    Parent,
    Service,
)

# AWS publishes no rates of these operations: a guess on the safe side.
EMR_SERVERLESS = Service("emr-serverless", rate=2)

_CLOUDWATCH = "configurationOverrides.monitoringConfiguration.cloudWatchLoggingConfiguration"

APPLICATION = Parent(EMR_SERVERLESS, "application", list="ListApplications", id="id")

JOB_RUN = Family(
    EMR_SERVERLESS, "job-run", "Amazon EMR Serverless job run",
    under=[APPLICATION],
    list="ListJobRuns",
    since={"createdAtAfter": SINCE},
    get="GetJobRun",
    job=Job(
        id="id", status="state", parent="applicationId", name="name", created="createdAt", updated="updatedAt",
        reason="stateDetails", role="executionRole",
    ),
    got=Job(
        id="jobRunId", started="startedAt", ended="endedAt", tags="tags",
        logs=Logs(group=f"{{{_CLOUDWATCH}.logGroupName}}", where={f"{_CLOUDWATCH}.enabled": True}),
    ),
    states={
        PENDING: "SUBMITTED PENDING SCHEDULED QUEUED", RUNNING: "RUNNING", CANCELLING: "CANCELLING",
        SUCCEEDED: "SUCCESS", FAILED: "FAILED", CANCELLED: "CANCELLED",
    },
    # A run with a retry policy has several attempts. Where each one ended is not told.
    items_list=Items(
        "ListJobRunAttempts", unit="attempts",
        item=Job(id="attempt", status="state", name="name", created="createdAt", reason="stateDetails"),
    ),
    events=Events("EMR Serverless Job Run State Change", id="jobRunId", parent="applicationId", status="state"),
)  # fmt: skip
