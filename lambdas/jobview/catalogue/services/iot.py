"""AWS IoT (``iot`` 2015-05-28): executions of IoT jobs on things.

A job of IoT is what the executions hang under. It tells its events by MQTT alone: none are declared.
"""

from jobview.catalogue.language import (
    CANCELLED,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Family,
    Grant,
    Job,
    Parent,
    Service,
)

# AWS publishes the rates only in Service Quotas: a guess on the safe side.
IOT = Service("iot", rate=5)

JOB = Parent(IOT, "job", list="ListJobs", id="jobId")

JOB_EXECUTION = Family(
    IOT, "job-execution", "AWS IoT job execution",
    under=[JOB],
    list="ListJobExecutionsForJob",
    # Without an execution number it tells the latest one of the thing.
    get="DescribeJobExecution", get_resource="job",
    job=Job(
        id="thingArn", status="jobExecutionSummary.status", counter="jobExecutionSummary.executionNumber",
        created="jobExecutionSummary.queuedAt", started="jobExecutionSummary.startedAt",
        updated="jobExecutionSummary.lastUpdatedAt", ended="jobExecutionSummary.lastUpdatedAt",
    ),
    got=Job(
        parent="jobId", status="status", counter="executionNumber",
        created="queuedAt", started="startedAt", updated="lastUpdatedAt", ended="lastUpdatedAt",
    ),
    # REJECTED: by the thing. REMOVED: the thing is none of the job's any more.
    states={
        PENDING: "QUEUED", RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCEEDED",
        FAILED: "FAILED TIMED_OUT REJECTED", CANCELLED: "CANCELED REMOVED",
    },
    failures="What the thing reports of a failure is in the native record, under statusDetails.",
    grants=(
        Grant(
            action="iot:DescribeJobExecution", resource="arn:{partition}:iot:{region}:{account}:thing/*",
            reason="An execution is of a job and a thing, and the reference names both as its resources.",
        ),
    ),
)  # fmt: skip
