"""Amazon CloudWatch Logs (``logs`` 2014-03-28): exports to S3, imports, and Logs Insights queries."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    UNKNOWN,
    Family,
    Items,
    Job,
    Seconds,
    Service,
)

# AWS publishes no rates of these operations: a guess on the safe side.
LOGS = Service("logs", rate=2)

EXPORT_TASK = Family(
    LOGS, "export-task", "Amazon CloudWatch Logs export to S3",
    list="DescribeExportTasks", open_by="statusCode",
    get="DescribeExportTasks",
    job=Job(
        id="taskId", name="taskName", status="status.code", reason="status.message",
        created="executionInfo.creationTime", ended="executionInfo.completionTime",
    ),
    states={
        PENDING: "PENDING", RUNNING: "RUNNING", SUCCEEDED: "COMPLETED", FAILED: "FAILED",
        CANCELLING: "PENDING_CANCEL", CANCELLED: "CANCELLED",
    },
)  # fmt: skip

QUERY = Family(
    LOGS, "query", "Amazon CloudWatch Logs Insights query",
    list="DescribeQueries", lists_only="scheduled and running queries, and queries that ended recently",
    # There is no get: GetQueryResults returns the log data. Only an example in the API reference shows the unit.
    job=Job(id="queryId", status="status", created=Seconds("createTime")),
    states={
        PENDING: "Scheduled", RUNNING: "Running", SUCCEEDED: "Complete", FAILED: "Failed Timeout",
        CANCELLED: "Cancelled", UNKNOWN: "Unknown",
    },
    withheld=("queryString",),
)  # fmt: skip

IMPORT_TASK = Family(
    LOGS, "import-task", "Amazon CloudWatch Logs import from CloudTrail Lake",
    list="DescribeImportTasks", open_by="importStatus",
    get="DescribeImportTasks",
    job=Job(
        id="importId", status="importStatus", created="creationTime", updated="lastUpdatedTime",
        ended="lastUpdatedTime", reason="errorMessage", inputs=("importSourceArn",), outputs=("importDestinationArn",),
    ),
    items_list=Items(
        "DescribeImportTaskBatches", unit="batches", item=Job(id="batchId", status="status", reason="errorMessage"),
    ),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED", FAILED: "FAILED", CANCELLED: "CANCELLED"},
)  # fmt: skip
