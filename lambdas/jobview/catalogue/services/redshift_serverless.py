"""Amazon Redshift Serverless (``redshift-serverless`` 2021-04-21): restores of single tables."""

from jobview.catalogue.language import CANCELLED, FAILED, PENDING, RUNNING, SUCCEEDED, Family, Job, Service

# A guess on the safe side.
REDSHIFT_SERVERLESS = Service("redshift-serverless", rate=2)

TABLE_RESTORE = Family(
    REDSHIFT_SERVERLESS, "table-restore", "Amazon Redshift Serverless table restore",
    list="ListTableRestoreStatus",
    # It answers with the same shape as the list.
    get="GetTableRestoreStatus",
    job=Job(
        id="tableRestoreRequestId", status="status", name="newTableName", created="requestTime", reason="message",
    ),
    # The model allows any text; AWS documents these words.
    states={
        PENDING: "PENDING", RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED", CANCELLED: "CANCELED",
    },
)  # fmt: skip
