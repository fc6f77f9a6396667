"""Amazon S3 Control (``s3control`` 2018-08-20): S3 Batch Operations jobs."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PAUSED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Cause,
    Counts,
    Events,
    Family,
    Job,
    Service,
)

# AWS publishes no rates of these operations: a guess on the safe side.
S3_CONTROL = Service("s3control", rate=2)

_TASKS = Counts(
    unit="objects", total="ProgressSummary.TotalNumberOfTasks",
    succeeded="ProgressSummary.NumberOfTasksSucceeded", failed="ProgressSummary.NumberOfTasksFailed",
)  # fmt: skip

JOB = Family(
    S3_CONTROL, "job", "Amazon S3 Batch Operations job",
    list="ListJobs", inputs={"AccountId": "{account}"}, open_by="JobStatuses",
    get="DescribeJob",
    job=Job(
        id="JobId", name="Description", status="Status", created="CreationTime", ended="TerminationDate", counts=_TASKS,
    ),
    got=Job(
        reason="StatusUpdateReason", causes=(Cause(at="FailureReasons[]", message="FailureReason"),), role="RoleArn",
        inputs=("Manifest.Location.ObjectArn",), outputs=("Report.Bucket",),
    ),
    # Suspended: it waits for a person to confirm it. Failing: it runs until it is Failed.
    states={
        PENDING: "New Preparing Ready", RUNNING: "Active Pausing Completing Failing", PAUSED: "Paused Suspended",
        CANCELLING: "Cancelling", CANCELLED: "Cancelled", SUCCEEDED: "Complete", FAILED: "Failed",
    },
    failures="The job's completion report in S3, where one is configured, names each object.",
    withheld=("Operation.LambdaInvoke.UserArguments", "Operation.S3PutObjectCopy.NewObjectMetadata.UserMetadata"),
    console="s3/jobs/{id}",
    events=Events(
        "AWS Service Event via CloudTrail", id="serviceEventDetails.jobId", status="serviceEventDetails.status",
    ),
    retention="90 days",
)  # fmt: skip
