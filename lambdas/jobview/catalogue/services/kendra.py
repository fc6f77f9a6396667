"""Amazon Kendra (``kendra`` 2019-02-03): synchronizations of the data sources of indexes."""

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
KENDRA = Service("kendra", rate=1)

INDEX = Parent(KENDRA, "index", list="ListIndices", id="Id")
DATA_SOURCE = Parent(KENDRA, "data-source", list="ListDataSources", id="Id")

SYNC_JOB = Family(
    KENDRA, "data-source-sync-job", "Amazon Kendra data source synchronization",
    under=[INDEX, DATA_SOURCE],
    list="ListDataSourceSyncJobs", inputs={"IndexId": "{index}", "Id": "{parent}"},
    since={"StartTimeFilter": {"StartTime": SINCE}},
    # Unchanged documents are scanned and not added again, so no count gives the number that succeeded.
    job=Job(
        id="ExecutionId", status="Status", created="StartTime", started="StartTime", ended="EndTime",
        reason="ErrorMessage", causes=(Cause(at="DataSourceErrorCode", message="@"),),
        counts=Counts(unit="documents", total="Metrics.DocumentsScanned", failed="Metrics.DocumentsFailed"),
    ),
    # INCOMPLETE: the crawl ended before it had read the whole data source.
    states={
        RUNNING: "SYNCING SYNCING_INDEXING", CANCELLING: "STOPPING", CANCELLED: "ABORTED", SUCCEEDED: "SUCCEEDED",
        PARTIALLY_SUCCEEDED: "INCOMPLETE", FAILED: "FAILED",
    },
    failures="The sync run's log in CloudWatch Logs names each document that failed.",
)  # fmt: skip
