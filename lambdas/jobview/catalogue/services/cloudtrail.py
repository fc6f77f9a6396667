"""AWS CloudTrail (``cloudtrail`` 2013-11-01): imports into CloudTrail Lake, and its queries."""

from jobview.catalogue.language import (
    CANCELLED,
    FAILED,
    PENDING,
    RUNNING,
    SINCE,
    SUCCEEDED,
    Counts,
    Family,
    Job,
    Parent,
    Service,
)

# A guess on the safe side.
CLOUDTRAIL = Service("cloudtrail", rate=1)

EVENT_DATA_STORE = Parent(CLOUDTRAIL, "event-data-store", list="ListEventDataStores", id="EventDataStoreArn")

IMPORT = Family(
    CLOUDTRAIL, "import", "AWS CloudTrail Lake import",
    list="ListImports", open_by="ImportStatus",
    get="GetImport",
    job=Job(
        id="ImportId", status="ImportStatus", created="CreatedTimestamp", updated="UpdatedTimestamp",
        ended="UpdatedTimestamp", outputs=("Destinations",),
    ),
    got=Job(
        role="ImportSource.S3.S3BucketAccessRoleArn", inputs=("ImportSource.S3.S3LocationUri",),
        # The number of all entries is not known.
        counts=Counts(unit="entries", failed="ImportStatistics.FailedEntries"),
    ),
    states={
        PENDING: "INITIALIZING", RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED", FAILED: "FAILED",
        CANCELLED: "STOPPED",
    },
    failures="The operation ListImportFailures returns the failed entries, and why they failed.",
)  # fmt: skip

QUERY = Family(
    CLOUDTRAIL, "query", "AWS CloudTrail Lake query",
    under=[EVENT_DATA_STORE],
    list="ListQueries", since={"StartTime": SINCE}, open_by="QueryStatus",
    get="DescribeQuery", missing={"QueryIdNotFoundException": ""},
    job=Job(id="QueryId", status="QueryStatus", created="CreationTime"),
    got=Job(created="QueryStatistics.CreationTime", reason="ErrorMessage", outputs=("DeliveryS3Uri",)),
    states={
        PENDING: "QUEUED", RUNNING: "RUNNING", SUCCEEDED: "FINISHED", FAILED: "FAILED TIMED_OUT",
        CANCELLED: "CANCELLED",
    },
    withheld=("QueryString", "Prompt"),
    lists_only="queries of the last seven days",
)  # fmt: skip
