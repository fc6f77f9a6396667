"""AWS Directory Service (``ds`` 2015-04-16): assessments of directories, and schema extensions."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Family,
    Job,
    Parent,
    Service,
)

# A guess on the safe side.
DIRECTORY_SERVICE = Service("ds", rate=1)

ASSESSMENT = Family(
    DIRECTORY_SERVICE, "directory-assessment", "AWS Directory Service directory assessment",
    # Without a directory it lists all assessments of the account.
    list="ListADAssessments",
    get="DescribeADAssessment",
    job=Job(
        id="AssessmentId", name="DnsName", status="Status", started="StartTime", updated="LastUpdateDateTime",
        ended="LastUpdateDateTime",
    ),
    got=Job(reason="StatusReason"),
    # The model allows any text; AWS documents these words.
    states={PENDING: "PENDING", RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCESS", FAILED: "FAILED"},
    failures="DescribeADAssessment has the reason of each validation, under AssessmentReports.",
)  # fmt: skip

# Only a Microsoft AD of the account itself has schema extensions. The model has no largest size of a page: a guess on
# the safe side.
DIRECTORY = Parent(
    DIRECTORY_SERVICE, "directory", list="DescribeDirectories", id="DirectoryId", only="Type == 'MicrosoftAD'",
    page_size=25,
)  # fmt: skip

SCHEMA_EXTENSION = Family(
    DIRECTORY_SERVICE, "schema-extension", "AWS Directory Service schema extension",
    under=[DIRECTORY],
    list="ListSchemaExtensions", page_size=25,
    job=Job(
        id="SchemaExtensionId", parent="DirectoryId", name="Description", status="SchemaExtensionStatus",
        started="StartDateTime", ended="EndDateTime", reason="SchemaExtensionStatusReason",
    ),
    # RollbackInProgress: the extension has failed, and the directory is restored from the snapshot.
    states={
        PENDING: "Initializing", RUNNING: "CreatingSnapshot UpdatingSchema Replicating RollbackInProgress",
        CANCELLING: "CancelInProgress", CANCELLED: "Cancelled", SUCCEEDED: "Completed", FAILED: "Failed",
    },
)  # fmt: skip
