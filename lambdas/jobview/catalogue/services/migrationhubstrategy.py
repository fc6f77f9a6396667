"""Migration Hub Strategy Recommendations (``migrationhubstrategy`` 2020-02-19): imports, assessments and reports.

No operation lists assessments and reports: the account has one assessment at a time.
"""

from jobview.catalogue.language import (
    CANCELLED,
    FAILED,
    PARTIALLY_SUCCEEDED,
    RUNNING,
    SUCCEEDED,
    UNKNOWN,
    Counts,
    Family,
    Job,
    Service,
)

# A guess on the safe side.
STRATEGY = Service("migrationhubstrategy", rate=1)

IMPORT_FILE_TASK = Family(
    STRATEGY, "import-file-task", "AWS Migration Hub Strategy Recommendations import",
    list="ListImportFileTask", page_size=100,
    get="GetImportFileTask",
    job=Job(
        id="id", name="importName", status="status", started="startTime", ended="completionTime",
        counts=Counts(unit="records", succeeded="numberOfRecordsSuccess", failed="numberOfRecordsFailed"),
    ),
    # The deletion of imported records is work of the same task, and its end does not say how the import ended.
    states={
        RUNNING: "ImportInProgress DeleteInProgress", SUCCEEDED: "ImportSuccess",
        PARTIALLY_SUCCEEDED: "ImportPartialSuccess", FAILED: "ImportFailed",
        UNKNOWN: "DeleteSuccess DeletePartialSuccess DeleteFailed",
    },
    failures="A report in S3 has the result of each record: statusReportS3Bucket and statusReportS3Key name it.",
)  # fmt: skip

ASSESSMENT = Family(
    STRATEGY, "assessment", "AWS Migration Hub Strategy Recommendations assessment",
    get="GetAssessment",
    job=Job(
        id="id", status="dataCollectionDetails.status", started="dataCollectionDetails.startTime",
        ended="dataCollectionDetails.completionTime", reason="dataCollectionDetails.statusMessage",
        counts=Counts(
            unit="servers", total="dataCollectionDetails.servers", succeeded="dataCollectionDetails.success",
            failed="dataCollectionDetails.failed",
        ),
    ),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETE", FAILED: "FAILED", CANCELLED: "STOPPED"},
)  # fmt: skip

RECOMMENDATION_REPORT = Family(
    STRATEGY, "recommendation-report", "AWS Migration Hub Strategy Recommendations report",
    get="GetRecommendationReportDetails",
    job=Job(
        id="id", status="recommendationReportDetails.status", started="recommendationReportDetails.startTime",
        ended="recommendationReportDetails.completionTime", reason="recommendationReportDetails.statusMessage",
    ),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCESS", FAILED: "FAILED"},
)  # fmt: skip
