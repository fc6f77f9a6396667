"""Amazon Lookout for Equipment (``lookoutequipment`` 2020-12-15): ingestion of data and training of models."""

from datetime import date

from jobview.catalogue.language import (
    CANCELLED,
    FAILED,
    RUNNING,
    SUCCEEDED,
    Counts,
    Family,
    Job,
    Parent,
    Service,
)

# The rate is a guess on the safe side. AWS's notice is in the API Reference: "After October 7, 2026, you will no longer
# be able to access the Lookout for Equipment console or resources."
LOOKOUT_EQUIPMENT = Service("lookoutequipment", rate=1, retired=date(2026, 10, 7))

INGESTION_JOB = Family(
    LOOKOUT_EQUIPMENT, "data-ingestion-job", "Amazon Lookout for Equipment data ingestion job",
    list="ListDataIngestionJobs",
    get="DescribeDataIngestionJob",
    job=Job(id="JobId", status="Status", inputs=("IngestionInputConfiguration.S3InputConfiguration",)),
    got=Job(
        created="CreatedAt", reason="FailedReason", role="RoleArn",
        counts=Counts(
            unit="files", total="IngestedFilesSummary.TotalNumberOfFiles",
            succeeded="IngestedFilesSummary.IngestedNumberOfFiles",
        ),
    ),
    states={RUNNING: "IN_PROGRESS IMPORT_IN_PROGRESS", SUCCEEDED: "SUCCESS", FAILED: "FAILED"},
    failures="The native record has the files that were left out, under IngestedFilesSummary.DiscardedFiles.",
)  # fmt: skip

MODEL = Parent(LOOKOUT_EQUIPMENT, "model", list="ListModels", id="ModelName")

MODEL_VERSION = Family(
    LOOKOUT_EQUIPMENT, "model-version", "Amazon Lookout for Equipment model training",
    under=[MODEL],
    list="ListModelVersions",
    job=Job(id="ModelVersionArn", parent="ModelName", status="Status", created="CreatedAt"),
    states={
        RUNNING: "IN_PROGRESS IMPORT_IN_PROGRESS", SUCCEEDED: "SUCCESS", FAILED: "FAILED", CANCELLED: "CANCELED",
    },
)  # fmt: skip
