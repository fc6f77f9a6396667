"""Amazon RDS (``rds`` 2014-10-31): exports of snapshots and clusters to S3.

Its events are about the snapshot or cluster, not about the export, so none are declared.
"""

from jobview.catalogue.language import CANCELLED, CANCELLING, FAILED, PENDING, RUNNING, SUCCEEDED, Family, Job, Service

# Documented: 12 calls a second for all operations of the API together. Most of them are left to others.
RDS = Service("rds", rate=2)

EXPORT_TASK = Family(
    RDS, "export-task", "Amazon RDS export to S3",
    list="DescribeExportTasks",
    get="DescribeExportTasks",
    job=Job(
        id="ExportTaskIdentifier", name="ExportTaskIdentifier", status="Status", reason="FailureCause",
        started="TaskStartTime", ended="TaskEndTime", progress="PercentProgress",
        role="IamRoleArn", inputs=("SourceArn",),
    ),
    # The model allows any text; AWS documents these words.
    states={
        PENDING: "STARTING", RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETE", FAILED: "FAILED",
        CANCELLING: "CANCELING", CANCELLED: "CANCELED",
    },
)  # fmt: skip
