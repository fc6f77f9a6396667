"""Amazon SES (``sesv2`` 2019-09-27): import and export jobs, and inbox placement tests.

The links to failed records and to exported data are presigned: SES makes a new one with every get.
"""

from jobview.catalogue.language import CANCELLED, FAILED, PENDING, RUNNING, SUCCEEDED, Counts, Family, Job, Service

# SES allows one call a second for every operation except sending, and does not increase it.
SES = Service("sesv2", rate=1)

_STATES = {PENDING: "CREATED", RUNNING: "PROCESSING", SUCCEEDED: "COMPLETED", FAILED: "FAILED", CANCELLED: "CANCELLED"}
_FAILED_RECORDS = "SES makes a link to the failed records, valid for minutes: GET the job's links.data."

IMPORT = Family(
    SES, "import", "Amazon SES import job",
    list="ListImportJobs",
    # No documented maximum.
    page_size=100,
    get="GetImportJob",
    job=Job(
        id="JobId", status="JobStatus", name="ImportDestination.ContactListDestination.ContactListName",
        created="CreatedTimestamp",
        # The records processed so far, including the failed ones; not the final number.
        counts=Counts(unit="records", total="ProcessedRecordsCount", failed="FailedRecordsCount"),
    ),
    got=Job(ended="CompletedTimestamp", reason="FailureInfo.ErrorMessage", inputs=("ImportDataSource.S3Url",)),
    states=_STATES,
    failures=_FAILED_RECORDS,
    presigned=("FailureInfo.FailedRecordsS3Url",),
    failures_link="FailureInfo.FailedRecordsS3Url",
)  # fmt: skip

EXPORT = Family(
    SES, "export", "Amazon SES export job",
    list="ListExportJobs",
    # No documented maximum.
    page_size=100, open_by="JobStatus",
    get="GetExportJob",
    job=Job(id="JobId", status="JobStatus", created="CreatedTimestamp", ended="CompletedTimestamp"),
    got=Job(
        reason="FailureInfo.ErrorMessage",
        counts=Counts(
            unit="records", total="Statistics.ProcessedRecordsCount", succeeded="Statistics.ExportedRecordsCount",
        ),
    ),
    states=_STATES,
    failures=_FAILED_RECORDS,
    presigned=("FailureInfo.FailedRecordsS3Url", "ExportDestination.S3Url"),
    failures_link="FailureInfo.FailedRecordsS3Url",
)  # fmt: skip

DELIVERABILITY_TEST = Family(
    SES, "deliverability-test", "Amazon SES inbox placement test",
    list="ListDeliverabilityTestReports",
    # No documented maximum.
    page_size=100,
    get="GetDeliverabilityTestReport",
    job=Job(id="ReportId", status="DeliverabilityTestStatus", name="ReportName", created="CreateDate"),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED"},
    withheld=("Subject", "FromEmailAddress"),
)  # fmt: skip
