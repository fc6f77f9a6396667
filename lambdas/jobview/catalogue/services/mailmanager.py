"""Amazon SES Mail Manager (``mailmanager`` 2023-10-17): exports and searches of archives, imports of address lists."""

from dataclasses import replace

from jobview.catalogue.language import (
    CANCELLED,
    FAILED,
    NOT_HERE,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Counts,
    Family,
    Job,
    Parent,
    Service,
)

# SES allows one call a second for every operation except sending, and does not increase it.
MAIL_MANAGER = Service("mailmanager", rate=1)

ADDRESS_LIST = Parent(MAIL_MANAGER, "address-list", list="ListAddressLists", id="AddressListId")
ARCHIVE = Parent(MAIL_MANAGER, "archive", list="ListArchives", id="ArchiveId")

ADDRESS_LIST_IMPORT = Family(
    MAIL_MANAGER, "address-list-import-job", "Amazon SES address list import job",
    under=[ADDRESS_LIST],
    list="ListAddressListImportJobs",
    get="GetAddressListImportJob",
    job=Job(
        id="JobId", parent="AddressListId", status="Status", name="Name", created="CreatedTimestamp",
        started="StartTimestamp", ended="CompletedTimestamp", reason="Error",
        counts=Counts(
            unit="addresses", succeeded="ImportedItemsCount", failed="FailedItemsCount",
            total=("ImportedItemsCount", "FailedItemsCount"),
        ),
    ),
    states={
        PENDING: "CREATED", RUNNING: "PROCESSING", SUCCEEDED: "COMPLETED", FAILED: "FAILED", CANCELLED: "STOPPED",
    },
    presigned=("PreSignedUrl",),
)  # fmt: skip

_STATUS = Job(
    status="Status.State", created="Status.SubmissionTimestamp", ended="Status.CompletionTimestamp",
    reason="Status.ErrorMessage",
)  # fmt: skip
# The model has no other code for it, and the id was one of the service.
_MISSING = {"ValidationException": ""}
_GOT = Job(id=NOT_HERE, parent="ArchiveId")

ARCHIVE_EXPORT = Family(
    MAIL_MANAGER, "archive-export", "Amazon SES email archive export",
    under=[ARCHIVE],
    list="ListArchiveExports",
    get="GetArchiveExport", missing=_MISSING,
    job=replace(_STATUS, id="ExportId"),
    got=replace(_GOT, outputs=("ExportDestinationConfiguration.S3.S3Location",)),
    states={
        PENDING: "QUEUED", RUNNING: "PREPROCESSING PROCESSING", SUCCEEDED: "COMPLETED", FAILED: "FAILED",
        CANCELLED: "CANCELLED",
    },
    # The filters may contain addresses of persons.
    withheld=("Filters",),
)  # fmt: skip

ARCHIVE_SEARCH = Family(
    MAIL_MANAGER, "archive-search", "Amazon SES email archive search",
    under=[ARCHIVE],
    list="ListArchiveSearches",
    get="GetArchiveSearch", missing=_MISSING,
    job=replace(_STATUS, id="SearchId"),
    got=_GOT,
    states={
        PENDING: "QUEUED", RUNNING: "RUNNING", SUCCEEDED: "COMPLETED", FAILED: "FAILED", CANCELLED: "CANCELLED",
    },
    withheld=("Filters",),
)  # fmt: skip
