"""AWS Mainframe Modernization (``m2`` 2021-04-28): batch jobs, deployments and data set transfers of applications."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PAUSED,
    PENDING,
    RUNNING,
    SINCE,
    SUCCEEDED,
    UNKNOWN,
    Counts,
    Family,
    Job,
    Parent,
    Service,
)

# A guess on the safe side.
M2 = Service("m2", rate=1)

APPLICATION = Parent(M2, "application", list="ListApplications", id="applicationId")

BATCH_JOB_EXECUTION = Family(
    M2, "batch-job-execution", "AWS Mainframe Modernization batch job execution",
    under=[APPLICATION],
    list="ListBatchJobExecutions", since={"startedAfter": SINCE},
    get="GetBatchJobExecution",
    job=Job(
        id="executionId", parent="applicationId", status="status", name="jobName", created="startTime",
        started="startTime", ended="endTime",
    ),
    got=Job(reason="statusReason"),
    # Purged: the engine removed the job and its output, and does not say how it ended.
    states={
        PENDING: ("Submitting", "Dispatching"), PAUSED: ("Holding",), RUNNING: ("Running",),
        CANCELLING: ("Cancelling",), CANCELLED: ("Cancelled",), SUCCEEDED: ("Succeeded", "Succeeded With Warning"),
        FAILED: ("Failed",), UNKNOWN: ("Purged",),
    },
)  # fmt: skip

DEPLOYMENT = Family(
    M2, "deployment", "AWS Mainframe Modernization deployment",
    under=[APPLICATION],
    list="ListDeployments",
    get="GetDeployment",
    job=Job(id="deploymentId", parent="applicationId", status="status", created="creationTime", reason="statusReason"),
    states={RUNNING: ("Deploying", "Updating Deployment"), SUCCEEDED: ("Succeeded",), FAILED: ("Failed",)},
)  # fmt: skip

# The service gives no times of the transfers.
_TRANSFER = Job(
    id="taskId", status="status", reason="statusReason",
    counts=Counts(unit="data sets", total="summary.total", succeeded="summary.succeeded", failed="summary.failed"),
)  # fmt: skip
_TRANSFER_STATES = {PENDING: "Creating", RUNNING: "Running", SUCCEEDED: "Completed", FAILED: "Failed"}

DATA_SET_IMPORT = Family(
    M2, "data-set-import", "AWS Mainframe Modernization data set import",
    under=[APPLICATION],
    # Its get returns less.
    list="ListDataSetImportHistory",
    job=_TRANSFER,
    states=_TRANSFER_STATES,
)  # fmt: skip

DATA_SET_EXPORT = Family(
    M2, "data-set-export", "AWS Mainframe Modernization data set export",
    under=[APPLICATION],
    list="ListDataSetExportHistory",
    get="GetDataSetExportTask",
    job=_TRANSFER,
    states=_TRANSFER_STATES,
)  # fmt: skip
