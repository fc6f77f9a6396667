"""AWS HealthOmics (``omics`` 2022-11-28): reference import jobs under reference stores."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PARTIALLY_SUCCEEDED,
    PENDING,
    RUNNING,
    SINCE,
    SUCCEEDED,
    Events,
    Family,
    Job,
    Parent,
    Parts,
    Service,
)

# Documented: 5 calls a second for all reads of reference imports together, and 5 for the list of stores.
OMICS = Service("omics", rate=5)

REFERENCE_STORE = Parent(OMICS, "reference-store", list="ListReferenceStores", id="id")

REFERENCE_IMPORT = Family(
    OMICS, "reference-import", "AWS HealthOmics reference import",
    under=[REFERENCE_STORE],
    list="ListReferenceImportJobs", quota="ReferenceImport",
    since={"filter": {"createdAfter": SINCE}},
    get="GetReferenceImportJob", get_quota="ReferenceImport",
    job=Job(
        id="id", status="status", parent="referenceStoreId", created="creationTime", ended="completionTime",
        role="roleArn",
    ),
    got=Job(
        reason="statusMessage", inputs=("sources[].sourceFile",),
        parts=Parts(
            unit="sources", path="sources", status="status",
            outcomes={"NOT_STARTED": PENDING, "IN_PROGRESS": RUNNING, "FINISHED": SUCCEEDED, "FAILED": FAILED},
            uri="sourceFile", message="statusMessage",
        ),
    ),
    states={
        PENDING: "SUBMITTED", RUNNING: "IN_PROGRESS", CANCELLING: "CANCELLING", CANCELLED: "CANCELLED",
        FAILED: "FAILED", SUCCEEDED: "COMPLETED", PARTIALLY_SUCCEEDED: "COMPLETED_WITH_FAILURES",
    },
    failures="Each source of the job has a status and a message: GET this job's items.",
    events=Events(
        "Reference Import Job Status Change", id="id", parent="referenceStoreId", status="status",
        reason="statusMessage",
    ),
)  # fmt: skip
