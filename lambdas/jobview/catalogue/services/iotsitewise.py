"""AWS IoT SiteWise (``iotsitewise`` 2019-12-02): bulk imports, and executions of computation models."""

from jobview.catalogue.language import (
    CANCELLED,
    FAILED,
    PARTIALLY_SUCCEEDED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Family,
    Job,
    Parent,
    Service,
)

# A guess on the safe side.
SITEWISE = Service("iotsitewise", rate=1)

BULK_IMPORT_JOB = Family(
    SITEWISE, "bulk-import-job", "AWS IoT SiteWise bulk import job",
    list="ListBulkImportJobs", open_by="filter",
    get="DescribeBulkImportJob",
    job=Job(id="id", name="name", status="status"),
    got=Job(
        id="jobId", name="jobName", status="jobStatus", role="jobRoleArn", created="jobCreationDate",
        updated="jobLastUpdateDate", ended="jobLastUpdateDate", inputs=("files[]",),
    ),
    states={
        PENDING: "PENDING", RUNNING: "RUNNING", CANCELLED: "CANCELLED", SUCCEEDED: "COMPLETED",
        PARTIALLY_SUCCEEDED: "COMPLETED_WITH_FAILURES", FAILED: "FAILED",
    },
    failures="The job's errorReportLocation in S3 has the errors.",
)  # fmt: skip

COMPUTATION_MODEL = Parent(SITEWISE, "computation-model", list="ListComputationModels", id="id")

COMPUTATION_MODEL_EXECUTION = Family(
    SITEWISE, "computation-model-execution", "AWS IoT SiteWise computation model execution",
    under=[COMPUTATION_MODEL],
    list="ListExecutions", inputs={"targetResourceType": "COMPUTATION_MODEL", "targetResourceId": "{parent}"},
    get="DescribeExecution",
    job=Job(
        id="executionId", parent="targetResource.computationModelId", name="actionType",
        status="executionStatus.state", started="executionStartTime", ended="executionEndTime",
    ),
    states={RUNNING: "RUNNING", SUCCEEDED: "COMPLETED", FAILED: "FAILED"},
    withheld=("executionResult", "executionDetails"),
    failures="DescribeExecution has the result and the details.",
)  # fmt: skip
