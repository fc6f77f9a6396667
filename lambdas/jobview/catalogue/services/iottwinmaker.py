"""AWS IoT TwinMaker (``iottwinmaker`` 2021-11-29): metadata transfer jobs."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Counts,
    Family,
    Job,
    Service,
)

# A guess on the safe side.
TWINMAKER = Service("iottwinmaker", rate=1)

METADATA_TRANSFER_JOB = Family(
    TWINMAKER, "metadata-transfer-job", "AWS IoT TwinMaker metadata transfer job",
    list="ListMetadataTransferJobs", inputs={"sourceType": "s3", "destinationType": "iottwinmaker"},
    # The list needs a source and a destination: these are the pairs that a job may have.
    each=tuple(
        {"sourceType": source, "destinationType": destination}
        for source, destination in (
            ("s3", "iottwinmaker"), ("iottwinmaker", "s3"), ("s3", "iotsitewise"), ("iotsitewise", "s3"),
            ("iotsitewise", "iottwinmaker"),
        )
    ),
    get="GetMetadataTransferJob",
    job=Job(
        id="metadataTransferJobId", status="status.state", created="creationDateTime", updated="updateDateTime",
        ended="updateDateTime", reason="status.error.message",
        counts=Counts(
            unit="resources", total="progress.totalCount", succeeded="progress.succeededCount",
            failed="progress.failedCount", skipped="progress.skippedCount",
        ),
    ),
    got=Job(
        role="metadataTransferJobRole", inputs=("sources[].s3Configuration.location",),
        outputs=("destination.s3Configuration.location",),
    ),
    states={
        PENDING: "VALIDATING PENDING", RUNNING: "RUNNING", CANCELLING: "CANCELLING", CANCELLED: "CANCELLED",
        SUCCEEDED: "COMPLETED", FAILED: "ERROR",
    },
    presigned=("reportUrl",),
    failures="The job's report has the resources that failed: GET this job's links.",
    failures_link="reportUrl",
)  # fmt: skip
