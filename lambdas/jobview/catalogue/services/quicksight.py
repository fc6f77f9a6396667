"""Amazon QuickSight (``quicksight`` 2018-04-01): ingestions, refreshes of topics, snapshots, and asset bundles."""

from jobview.catalogue.language import (
    CANCELLED,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Counts,
    Family,
    Job,
    Parent,
    Service,
)

# A guess on the safe side.
QUICKSIGHT = Service("quicksight", rate=1)

# Other datasets query their source directly, and ingest nothing.
DATASET = Parent(
    QUICKSIGHT, "dataset", list="ListDataSets", id="DataSetId", only="ImportMode == 'SPICE'",
    inputs={"AwsAccountId": "{account}"},
)  # fmt: skip

INGESTION = Family(
    QUICKSIGHT, "ingestion", "Amazon QuickSight SPICE ingestion",
    under=[DATASET],
    # The documentation gives this rate for each user.
    list="ListIngestions", inputs={"AwsAccountId": "{account}"}, rate=5,
    # It answers with the same shape as the list.
    get="DescribeIngestion",
    job=Job(
        id="IngestionId", status="IngestionStatus", created="CreatedTime", reason="ErrorInfo.Message",
        # The total in RowInfo counts the rows of the dataset, not those of this ingestion.
        counts=Counts(unit="rows", succeeded="RowInfo.RowsIngested", failed="RowInfo.RowsDropped"),
    ),
    states={
        PENDING: "INITIALIZED QUEUED", RUNNING: "RUNNING", SUCCEEDED: "COMPLETED", FAILED: "FAILED",
        CANCELLED: "CANCELLED",
    },
)  # fmt: skip

# The caller chooses the id, and may use it again once the job has ended.
ASSET_BUNDLE_EXPORT = Family(
    QUICKSIGHT, "asset-bundle-export", "Amazon QuickSight asset bundle export",
    list="ListAssetBundleExportJobs", inputs={"AwsAccountId": "{account}"},
    get="DescribeAssetBundleExportJob",
    job=Job(id="AssetBundleExportJobId", status="JobStatus", created="CreatedTime"),
    got=Job(reason="Errors[].Message", inputs=("ResourceArns",)),
    states={
        PENDING: "QUEUED_FOR_IMMEDIATE_EXECUTION", RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCESSFUL", FAILED: "FAILED",
    },
    presigned=("DownloadUrl",),
    retention="14 days",
)  # fmt: skip

ASSET_BUNDLE_IMPORT = Family(
    QUICKSIGHT, "asset-bundle-import", "Amazon QuickSight asset bundle import",
    list="ListAssetBundleImportJobs", inputs={"AwsAccountId": "{account}"},
    get="DescribeAssetBundleImportJob",
    job=Job(id="AssetBundleImportJobId", status="JobStatus", created="CreatedTime"),
    got=Job(reason="Errors[].Message", inputs=("AssetBundleImportSource.S3Uri",)),
    # FAILED_ROLLBACK_IN_PROGRESS: QuickSight still undoes what the failed import did.
    states={
        PENDING: "QUEUED_FOR_IMMEDIATE_EXECUTION", RUNNING: "IN_PROGRESS FAILED_ROLLBACK_IN_PROGRESS",
        SUCCEEDED: "SUCCESSFUL", FAILED: "FAILED FAILED_ROLLBACK_COMPLETED FAILED_ROLLBACK_ERROR",
    },
    presigned=("AssetBundleImportSource.Body",),
    withheld=("OverrideParameters",),
    retention="14 days",
)  # fmt: skip

TOPIC = Parent(QUICKSIGHT, "topic", list="ListTopics", id="TopicId", inputs={"AwsAccountId": "{account}"})

TOPIC_REFRESH = Family(
    QUICKSIGHT, "topic-refresh", "Amazon QuickSight topic refresh",
    under=[TOPIC],
    # No operation lists them.
    get="DescribeTopicRefresh",
    get_inputs={"AwsAccountId": "{account}", "TopicId": "{parent}", "RefreshId": "{id}"},
    job=Job(id="RefreshId", status="RefreshStatus"),
    states={
        PENDING: "INITIALIZED", RUNNING: "RUNNING", SUCCEEDED: "COMPLETED", FAILED: "FAILED", CANCELLED: "CANCELLED",
    },
)  # fmt: skip

DASHBOARD = Parent(
    QUICKSIGHT, "dashboard", list="ListDashboards", id="DashboardId", inputs={"AwsAccountId": "{account}"}
)  # fmt: skip

DASHBOARD_SNAPSHOT_JOB = Family(
    QUICKSIGHT, "dashboard-snapshot-job", "Amazon QuickSight dashboard snapshot job",
    under=[DASHBOARD],
    # No operation lists them. A job that a QuickSight user started is visible to that user alone.
    get="DescribeDashboardSnapshotJob",
    get_inputs={"AwsAccountId": "{account}", "DashboardId": "{parent}", "SnapshotJobId": "{id}"},
    job=Job(
        id="SnapshotJobId", status="JobStatus", parent="DashboardId", created="CreatedTime",
        updated="LastUpdatedTime", ended="LastUpdatedTime",
    ),
    states={PENDING: "QUEUED", RUNNING: "RUNNING", SUCCEEDED: "COMPLETED", FAILED: "FAILED"},
    failures="DescribeDashboardSnapshotJobResult has the error of the job.",
    withheld=("SnapshotConfiguration.Parameters", "UserConfiguration"),
)  # fmt: skip
