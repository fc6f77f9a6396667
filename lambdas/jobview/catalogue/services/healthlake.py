"""AWS HealthLake (``healthlake`` 2017-07-01): FHIR import jobs under data stores."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PARTIALLY_SUCCEEDED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Counts,
    Events,
    Family,
    Job,
    Parent,
    Service,
)

# AWS publishes no rate for these operations: a guess on the safe side.
HEALTHLAKE = Service("healthlake", rate=1)

DATASTORE = Parent(HEALTHLAKE, "datastore", list="ListFHIRDatastores", id="DatastoreId")

FHIR_IMPORT = Family(
    HEALTHLAKE,
    "fhir-import",
    "AWS HealthLake FHIR import",
    under=[DATASTORE],
    list="ListFHIRImportJobs",
    # It answers with the same shape as the list.
    get="DescribeFHIRImportJob",
    job=Job(
        id="JobId",
        status="JobStatus",
        parent="DatastoreId",
        name="JobName",
        created="SubmitTime",
        ended="EndTime",
        reason="Message",
        role="DataAccessRoleArn",
        inputs=("InputDataConfig.S3Uri",),
        outputs=("JobOutputDataConfig.S3Configuration.S3Uri",),
        counts=Counts(
            unit="resources",
            total="JobProgressReport.TotalNumberOfResourcesScanned",
            succeeded="JobProgressReport.TotalNumberOfResourcesImported",
            failed="JobProgressReport.TotalNumberOfResourcesWithCustomerError",
        ),
    ),
    states={
        PENDING: "SUBMITTED QUEUED",
        # CANCEL_FAILED: the cancellation failed, not the job.
        RUNNING: "IN_PROGRESS CANCEL_FAILED",
        SUCCEEDED: "COMPLETED",
        PARTIALLY_SUCCEEDED: "COMPLETED_WITH_ERRORS",
        FAILED: "FAILED",
        CANCELLING: "CANCEL_SUBMITTED CANCEL_IN_PROGRESS",
        CANCELLED: "CANCEL_COMPLETED",
    },
    failures="The job's output folder in S3 has a file for each resource that was not imported.",
    events=Events(
        (
            "Import Job Submitted",
            "Import Job Queued",
            "Import Job In Progress",
            "Import Job Completed",
            "Import Job Completed With Errors",
            "Import Job Failed",
        ),
        id="jobId",
        parent="datastoreId",
    ),
)

FHIR_EXPORT = Family(
    HEALTHLAKE,
    "fhir-export",
    "AWS HealthLake FHIR export",
    under=[DATASTORE],
    list="ListFHIRExportJobs",
    get="DescribeFHIRExportJob",
    job=Job(
        id="JobId",
        status="JobStatus",
        parent="DatastoreId",
        name="JobName",
        created="SubmitTime",
        ended="EndTime",
        reason="Message",
        role="DataAccessRoleArn",
        outputs=("OutputDataConfig.S3Configuration.S3Uri",),
    ),
    states=FHIR_IMPORT.states,
)
