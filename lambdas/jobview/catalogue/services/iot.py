"""AWS IoT (``iot`` 2015-05-28): executions of IoT jobs on things, and audits of Device Defender.

An IoT job is the parent of its executions. IoT sends its events by MQTT only, so none are declared.
"""

from datetime import timedelta

from jobview.catalogue.language import (
    CANCELLED,
    FAILED,
    NOT_HERE,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Counts,
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

AUDIT_TASK = Family(
    IOT, "audit-task", "AWS IoT Device Defender audit",
    # The documentation of startTime: audits are kept for 90 days, and an earlier start is refused.
    list="ListAuditTasks", window=timedelta(days=90),
    get="DescribeAuditTask",
    job=Job(id="taskId", status="taskStatus"),
    got=Job(
        # A list and a get know the audit by the id that is asked for.
        id=NOT_HERE, name="scheduledAuditName", started="taskStartTime",
        # A check that finds resources which do not comply has done its work.
        counts=Counts(
            unit="checks", total="taskStatistics.totalChecks",
            succeeded=("taskStatistics.compliantChecks", "taskStatistics.nonCompliantChecks"),
            failed="taskStatistics.failedChecks", skipped="taskStatistics.canceledChecks",
        ),
    ),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED", FAILED: "FAILED", CANCELLED: "CANCELED"},
    failures="The native record has the errorCode and the message of each check, under auditDetails.",
    retention="90 days",
)  # fmt: skip
