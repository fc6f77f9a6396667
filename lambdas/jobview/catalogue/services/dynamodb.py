"""Amazon DynamoDB (``dynamodb`` 2012-08-10): exports of tables to S3, and imports of tables from S3."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    RUNNING,
    SUCCEEDED,
    Counts,
    Family,
    Job,
    Logs,
    Service,
)

# A guess on the safe side.
DYNAMODB = Service("dynamodb", rate=2)

EXPORT = Family(
    DYNAMODB, "export", "Amazon DynamoDB export to S3",
    list="ListExports",
    get="DescribeExport",
    job=Job(id="ExportArn", status="ExportStatus"),
    got=Job(
        name="TableArn", started="StartTime", ended="EndTime", reason="FailureMessage",
        counts=Counts(unit="items", succeeded="ItemCount"),
    ),
    starts="ExportTableToPointInTime",
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED", FAILED: "FAILED"},
    # It may quote values of the table.
    withheld=("FilterSpecification",),
    retention="90 days",
)  # fmt: skip

IMPORT = Family(
    DYNAMODB, "import", "Amazon DynamoDB import from S3",
    list="ListImports",
    get="DescribeImport",
    job=Job(
        id="ImportArn", name="TableArn", status="ImportStatus", started="StartTime", ended="EndTime",
        inputs=("S3BucketSource",), logs=Logs(group="{CloudWatchLogGroupArn}"),
    ),
    got=Job(
        reason="FailureMessage",
        # An import with errors is COMPLETED too.
        counts=Counts(
            unit="items", total="ProcessedItemCount", succeeded="ImportedItemCount", failed="ErrorCount"
        ),
    ),
    starts="ImportTable",
    states={
        RUNNING: "IN_PROGRESS", CANCELLING: "CANCELLING", CANCELLED: "CANCELLED", SUCCEEDED: "COMPLETED",
        FAILED: "FAILED",
    },
    failures="The import's log group in CloudWatch has the errors.",
    retention="90 days",
)  # fmt: skip
