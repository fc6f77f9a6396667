"""Amazon Q Business (``qbusiness`` 2023-11-27): synchronizations of the data sources of applications."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PARTIALLY_SUCCEEDED,
    RUNNING,
    SINCE,
    SUCCEEDED,
    Cause,
    Counts,
    Family,
    Job,
    Parent,
    Service,
)

# A guess on the safe side.
QBUSINESS = Service("qbusiness", rate=1)

APPLICATION = Parent(QBUSINESS, "application", list="ListApplications", id="applicationId")
INDEX = Parent(QBUSINESS, "index", list="ListIndices", id="indexId")
DATA_SOURCE = Parent(QBUSINESS, "data-source", list="ListDataSources", id="dataSourceId")

SYNC_JOB = Family(
    QBUSINESS, "data-source-sync-job", "Amazon Q Business data source synchronization",
    under=[APPLICATION, INDEX, DATA_SOURCE],
    list="ListDataSourceSyncJobs", since={"startTime": SINCE},
    # Unchanged documents are scanned and not added again, so no count gives the number that succeeded.
    job=Job(
        id="executionId", status="status", created="startTime", started="startTime", ended="endTime",
        reason="error.errorMessage", causes=(Cause(at="dataSourceErrorCode", message="@"),),
        counts=Counts(unit="documents", total="metrics.documentsScanned", failed="metrics.documentsFailed"),
    ),
    # INCOMPLETE: the crawl ended before it had read the whole data source.
    states={
        RUNNING: "SYNCING SYNCING_INDEXING", CANCELLING: "STOPPING", CANCELLED: "ABORTED", SUCCEEDED: "SUCCEEDED",
        PARTIALLY_SUCCEEDED: "INCOMPLETE", FAILED: "FAILED",
    },
    failures="The sync run's log in CloudWatch Logs names each document that failed.",
)  # fmt: skip
