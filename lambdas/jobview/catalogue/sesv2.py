"""Amazon SES (``sesv2`` 2019-09-27): import and export jobs of contacts, suppression lists and metrics.

SES allows one call a second of every operation but sending, and no increase. botocore has no paginator for
either list.
The links to failed records and to exported data are presigned: SES makes a new one at every get.
"""

from jobview.catalogue.declaration import Counts, Family, Fields, GetCall, ListCall, Narrowing
from jobview.model import State

_RATE = 1.0
_STATES = {
    "CREATED": State.PENDING,
    "PROCESSING": State.RUNNING,
    "COMPLETED": State.SUCCEEDED,
    "FAILED": State.FAILED,
    "CANCELLED": State.CANCELLED,
}
# SES tells how many records it has processed, with the failed among them; not how many there will be.
_IMPORTED = Counts(unit="records", total="ProcessedRecordsCount", failed="FailedRecordsCount")

IMPORT = Family(
    service="sesv2",
    type="import",
    title="Amazon SES import job",
    list=ListCall(
        operation="ListImportJobs",
        rate=_RATE,
        action="ses:ListImportJobs",
        items="ImportJobs",
        # No documented maximum.
        page_size=("PageSize", 100),
        tokens=("NextToken", "NextToken"),
    ),
    list_fields=Fields(
        id="JobId",
        status="JobStatus",
        name="ImportDestination.ContactListDestination.ContactListName",
        created="CreatedTimestamp",
        counts=_IMPORTED,
    ),
    get=GetCall(
        operation="GetImportJob",
        inputs={"JobId": "{id}"},
        rate=_RATE,
        action="ses:GetImportJob",
        resource="arn:{partition}:ses:{region}:{account}:import-job/{id}",
        item="@",
        missing=("NotFoundException",),
    ),
    get_fields=Fields(
        id="JobId",
        status="JobStatus",
        name="ImportDestination.ContactListDestination.ContactListName",
        created="CreatedTimestamp",
        ended="CompletedTimestamp",
        reason="FailureInfo.ErrorMessage",
        inputs=("ImportDataSource.S3Url",),
        counts=_IMPORTED,
    ),
    states=_STATES,
    failures_how="SES makes a link to the failed records, valid for minutes: GET the job's links.data.",
    presigned=("FailureInfo.FailedRecordsS3Url",),
    failures_link="FailureInfo.FailedRecordsS3Url",
)

EXPORT = Family(
    service="sesv2",
    type="export",
    title="Amazon SES export job",
    list=ListCall(
        operation="ListExportJobs",
        rate=_RATE,
        action="ses:ListExportJobs",
        items="ExportJobs",
        # No documented maximum.
        page_size=("PageSize", 100),
        tokens=("NextToken", "NextToken"),
        narrowing=Narrowing(inputs=({"JobStatus": "CREATED"}, {"JobStatus": "PROCESSING"}), whole=False),
    ),
    list_fields=Fields(
        id="JobId",
        status="JobStatus",
        created="CreatedTimestamp",
        ended="CompletedTimestamp",
    ),
    get=GetCall(
        operation="GetExportJob",
        inputs={"JobId": "{id}"},
        rate=_RATE,
        action="ses:GetExportJob",
        resource="arn:{partition}:ses:{region}:{account}:export-job/{id}",
        item="@",
        missing=("NotFoundException",),
    ),
    get_fields=Fields(
        id="JobId",
        status="JobStatus",
        created="CreatedTimestamp",
        ended="CompletedTimestamp",
        reason="FailureInfo.ErrorMessage",
        counts=Counts(
            unit="records",
            total="Statistics.ProcessedRecordsCount",
            succeeded="Statistics.ExportedRecordsCount",
        ),
    ),
    states=_STATES,
    failures_how="SES makes a link to the failed records, valid for minutes: GET the job's links.data.",
    presigned=("FailureInfo.FailedRecordsS3Url", "ExportDestination.S3Url"),
    failures_link="FailureInfo.FailedRecordsS3Url",
)
