"""AWS Storage Gateway (``storagegateway`` 2013-06-30): cache reports of file shares."""

from jobview.catalogue.language import CANCELLED, FAILED, RUNNING, SUCCEEDED, Family, Job, Service

# AWS publishes no rates of these operations: a guess on the safe side.
STORAGE_GATEWAY = Service("storagegateway", rate=1)

CACHE_REPORT = Family(
    STORAGE_GATEWAY, "cache-report", "AWS Storage Gateway cache report",
    # It returns everything that DescribeCacheReport does.
    list="ListCacheReports",
    job=Job(
        id="CacheReportARN", status="CacheReportStatus", name="ReportName", started="StartTime", ended="EndTime",
        progress="ReportCompletionPercent", role="Role", inputs=("FileShareARN",), outputs=("LocationARN",),
        tags="Tags",
    ),
    # ERROR: the report is not complete either.
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED", FAILED: "FAILED ERROR", CANCELLED: "CANCELED"},
)  # fmt: skip
