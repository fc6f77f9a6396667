"""Amazon Redshift (``redshift`` 2012-12-01): restores of single tables from a snapshot of a cluster."""

from jobview.catalogue.language import CANCELLED, FAILED, PENDING, RUNNING, SUCCEEDED, Family, Job, Service

# A guess on the safe side.
REDSHIFT = Service("redshift", rate=2)

TABLE_RESTORE = Family(
    REDSHIFT, "table-restore", "Amazon Redshift table restore",
    list="DescribeTableRestoreStatus", page_size=100,
    get="DescribeTableRestoreStatus",
    job=Job(
        id="TableRestoreRequestId", status="Status", name="NewTableName", created="RequestTime", reason="Message",
    ),
    starts="RestoreTableFromClusterSnapshot",
    states={
        PENDING: "PENDING", RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED", CANCELLED: "CANCELED",
    },
)  # fmt: skip
