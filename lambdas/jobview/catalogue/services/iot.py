"""AWS IoT (``iot`` 2015-05-28): IoT jobs, OTA updates, bulk registrations of things, and tasks of Device Defender.

An IoT job is also the parent of its executions on things. IoT sends its events by MQTT only, so none are declared.
"""

from datetime import timedelta

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    NOT_HERE,
    PENDING,
    RUNNING,
    SUCCEEDED,
    UNKNOWN,
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
    starts="CreateJob",
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
    starts="StartOnDemandAuditTask",
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED", FAILED: "FAILED", CANCELLED: "CANCELED"},
    failures="The native record has the errorCode and the message of each check, under auditDetails.",
    retention="90 days",
)  # fmt: skip

_THINGS = "jobProcessDetails.numberOf{}Things"

IOT_JOB = Family(
    IOT, "job", "AWS IoT job",
    list="ListJobs", open_by="status",
    get="DescribeJob",
    job=Job(
        id="jobId", status="status", created="createdAt", updated="lastUpdatedAt", ended="completedAt",
    ),
    got=Job(
        reason="comment",
        counts=Counts(
            unit="things", succeeded=_THINGS.format("Succeeded"),
            failed=tuple(_THINGS.format(word) for word in ("Failed", "Rejected", "TimedOut")),
            skipped=tuple(_THINGS.format(word) for word in ("Canceled", "Removed")),
            total=tuple(
                _THINGS.format(word)
                for word in (
                    "Queued", "InProgress", "Succeeded", "Failed", "Rejected", "TimedOut", "Canceled", "Removed",
                )
            ),
        ),
    ),
    # An IoT job completes even if it fails on every thing. DELETION_IN_PROGRESS says nothing about the job's end.
    states={
        PENDING: "SCHEDULED", RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED", CANCELLED: "CANCELED",
        UNKNOWN: "DELETION_IN_PROGRESS",
    },
    failures="The job's executions on the single things are jobs of the type job-execution.",
    withheld=("documentParameters",),
)  # fmt: skip

THING_REGISTRATION_TASK = Family(
    IOT, "thing-registration-task", "AWS IoT bulk registration of things",
    list="ListThingRegistrationTasks", open_by="status",
    get="DescribeThingRegistrationTask",
    job=Job(id="@"),
    got=Job(
        id="taskId", status="status", created="creationDate", updated="lastModifiedDate", ended="lastModifiedDate",
        reason="message", role="roleArn", progress="percentageProgress",
        counts=Counts(
            unit="things", succeeded="successCount", failed="failureCount", total=("successCount", "failureCount"),
        ),
    ),
    states={
        RUNNING: "InProgress", SUCCEEDED: "Completed", FAILED: "Failed", CANCELLING: "Cancelling",
        CANCELLED: "Cancelled",
    },
    failures="The operation ListThingRegistrationTaskReports with the report type ERRORS returns links to the errors.",
    withheld=("templateBody",),
)  # fmt: skip

OTA_UPDATE = Family(
    IOT, "ota-update", "AWS IoT OTA update",
    list="ListOTAUpdates", open_by="otaUpdateStatus",
    get="GetOTAUpdate",
    job=Job(id="otaUpdateId"),
    got=Job(
        status="otaUpdateStatus", created="creationDate", updated="lastModifiedDate",
        ended="lastModifiedDate", reason="errorInfo.message",
    ),
    # The update is created once its files are signed and its IoT job exists. That job then updates the things. The
    # words about a deletion say nothing about the creation.
    states={
        PENDING: "CREATE_PENDING", RUNNING: "CREATE_IN_PROGRESS", SUCCEEDED: "CREATE_COMPLETE",
        FAILED: "CREATE_FAILED", UNKNOWN: "DELETE_IN_PROGRESS DELETE_FAILED",
    },
    withheld=("additionalParameters", "otaUpdateFiles[].codeSigning.startSigningJobParameter"),
)  # fmt: skip

AUDIT_MITIGATION_TASK = Family(
    IOT, "audit-mitigation-task", "AWS IoT Device Defender audit mitigation",
    # Its audit is kept for 90 days.
    list="ListAuditMitigationActionsTasks", window=timedelta(days=90),
    get="DescribeAuditMitigationActionsTask",
    job=Job(id="taskId", status="taskStatus", started="startTime"),
    got=Job(id=NOT_HERE, ended="endTime"),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED", FAILED: "FAILED", CANCELLED: "CANCELED"},
    failures="The native record counts the failed findings of each check, under taskStatistics.",
)  # fmt: skip

DETECT_MITIGATION_TASK = Family(
    IOT, "detect-mitigation-task", "AWS IoT Device Defender detect mitigation",
    list="ListDetectMitigationActionsTasks", window=timedelta(days=90),
    get="DescribeDetectMitigationActionsTask",
    job=Job(
        id="taskId", status="taskStatus", started="taskStartTime", ended="taskEndTime",
        counts=Counts(
            unit="actions", succeeded="taskStatistics.actionsExecuted", failed="taskStatistics.actionsFailed",
            skipped="taskStatistics.actionsSkipped",
            total=tuple(f"taskStatistics.actions{word}" for word in ("Executed", "Failed", "Skipped")),
        ),
    ),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCESSFUL", FAILED: "FAILED", CANCELLED: "CANCELED"},
)  # fmt: skip
