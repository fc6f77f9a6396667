"""AWS IoT (``iot`` 2015-05-28): executions of IoT jobs on things.

An IoT job is the parent of its executions. IoT sends its events by MQTT only, so none are declared.
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
    # Without an execution number it returns the thing's latest execution.
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
    # REJECTED: by the thing. REMOVED: the thing does not belong to the job any more.
    states={
        PENDING: "QUEUED", RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCEEDED",
        FAILED: "FAILED TIMED_OUT REJECTED", CANCELLED: "CANCELED REMOVED",
    },
    failures="The thing's own report is in the native record, under statusDetails.",
    grants=(
        Grant(
            action="iot:DescribeJobExecution", resource="arn:{partition}:iot:{region}:{account}:thing/*",
            reason="An execution belongs to a job and a thing, and the reference lists both as its resources.",
        ),
    ),
)  # fmt: skip
