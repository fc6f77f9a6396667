"""AWS Backup search (``backupsearch`` 2018-05-10): search jobs, and exports of their results."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    RUNNING,
    SUCCEEDED,
    Counts,
    Family,
    Job,
    Service,
)

# AWS publishes no rates of these operations: a guess on the safe side.
BACKUP_SEARCH = Service("backupsearch", rate=2)

SEARCH_JOB = Family(
    BACKUP_SEARCH, "search-job", "AWS Backup search job",
    list="ListSearchJobs", open_by="ByStatus",
    get="GetSearchJob",
    job=Job(
        id="SearchJobIdentifier", status="Status", name="Name", created="CreationTime", ended="CompletionTime",
        reason="StatusMessage",
    ),
    got=Job(
        inputs=("SearchScope.SourceResourceArns[]", "SearchScope.BackupResourceArns[]"),
        counts=Counts(
            unit="recovery points", total="SearchScopeSummary.TotalRecoveryPointsToScanCount",
            succeeded="CurrentSearchProgress.RecoveryPointsScannedCount",
        ),
    ),
    states={
        RUNNING: "RUNNING", SUCCEEDED: "COMPLETED", FAILED: "FAILED", CANCELLING: "STOPPING", CANCELLED: "STOPPED",
    },
    withheld=("ItemFilters",),
    retention="7 days",
)  # fmt: skip

EXPORT_JOB = Family(
    BACKUP_SEARCH, "export-job", "AWS Backup search result export",
    list="ListSearchResultExportJobs", open_by="Status",
    get="GetSearchResultExportJob",
    job=Job(
        id="ExportJobIdentifier", status="Status", created="CreationTime", ended="CompletionTime",
        reason="StatusMessage", inputs=("SearchJobArn",),
    ),
    states={RUNNING: "RUNNING", SUCCEEDED: "COMPLETED", FAILED: "FAILED"},
)  # fmt: skip
