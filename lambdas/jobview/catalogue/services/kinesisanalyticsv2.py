"""Amazon Managed Service for Apache Flink (``kinesisanalyticsv2`` 2018-05-23): operations on applications."""

from jobview.catalogue.language import CANCELLED, FAILED, NOT_HERE, RUNNING, SUCCEEDED, Family, Job, Parent, Service

# A guess on the safe side.
KINESIS_ANALYTICS = Service("kinesisanalyticsv2", rate=2)

# Studio notebooks have no list of operations.
APPLICATION = Parent(
    KINESIS_ANALYTICS, "application", list="ListApplications", id="ApplicationName",
    only="ApplicationMode == 'STREAMING'",
)  # fmt: skip

APPLICATION_OPERATION = Family(
    KINESIS_ANALYTICS, "application-operation", "Amazon Managed Service for Apache Flink operation",
    under=[APPLICATION],
    list="ListApplicationOperations", open_by="OperationStatus",
    get="DescribeApplicationOperation",
    job=Job(
        id="OperationId", status="OperationStatus", name="Operation", created="StartTime", ended="EndTime",
    ),
    got=Job(id=NOT_HERE, reason="OperationFailureDetails.ErrorInfo.ErrorString"),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCESSFUL", FAILED: "FAILED", CANCELLED: "CANCELLED"},
)  # fmt: skip
