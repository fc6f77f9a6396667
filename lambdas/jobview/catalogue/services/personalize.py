"""Amazon Personalize (``personalize`` 2018-05-22): batch jobs, and imports, exports and deletions of data."""

from collections.abc import Mapping

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Family,
    Job,
    Service,
)
from jobview.model import State

# A guess on the safe side.
PERSONALIZE = Service("personalize", rate=2)

# No model has these words: they stand in the documentation of the member "status".
_CREATED = {
    PENDING: ("CREATE PENDING",), RUNNING: ("CREATE IN_PROGRESS",), SUCCEEDED: ("ACTIVE",), FAILED: ("CREATE FAILED",),
}  # fmt: skip
_BATCH = {PENDING: ("PENDING",), RUNNING: ("IN PROGRESS",), SUCCEEDED: ("ACTIVE",), FAILED: ("CREATE FAILED",)}
_DELETED = {PENDING: "PENDING", RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED", FAILED: "FAILED"}


def _job(noun: str, kind: str, title: str, states: Mapping[State, str | tuple[str, ...]], got: Job) -> Family:
    """The jobs of one kind. Each kind names its ARN after itself."""
    member = f"{noun[0].lower()}{noun[1:]}Arn"
    return Family(
        PERSONALIZE, kind, f"Amazon Personalize {title}",
        list=f"List{noun}s",
        get=f"Describe{noun}",
        get_inputs={member: f"arn:{{partition}}:personalize:{{region}}:{{account}}:{kind}/{{id}}"},
        job=Job(
            id=member, name="jobName", status="status", created="creationDateTime", updated="lastUpdatedDateTime",
            ended="lastUpdatedDateTime", reason="failureReason",
        ),
        got=got,
        states=states,
    )  # fmt: skip


_IN, _OUT = "jobInput.s3DataSource.path", "jobOutput.s3DataDestination.path"

BATCH_INFERENCE = _job(
    "BatchInferenceJob", "batch-inference-job", "batch inference job", _BATCH,
    Job(role="roleArn", inputs=(_IN,), outputs=(_OUT,)),
)  # fmt: skip
BATCH_SEGMENT = _job(
    "BatchSegmentJob", "batch-segment-job", "batch segment job", _BATCH,
    Job(role="roleArn", inputs=(_IN,), outputs=(_OUT,)),
)  # fmt: skip
DATA_DELETION = _job(
    "DataDeletionJob", "data-deletion-job", "data deletion job", _DELETED,
    Job(role="roleArn", inputs=("dataSource.dataLocation",)),
)  # fmt: skip
DATASET_EXPORT = _job(
    "DatasetExportJob", "dataset-export-job", "dataset export job", _CREATED, Job(role="roleArn", outputs=(_OUT,))
)
DATASET_IMPORT = _job(
    "DatasetImportJob", "dataset-import-job", "dataset import job", _CREATED,
    Job(role="roleArn", inputs=("dataSource.dataLocation",)),
)  # fmt: skip

SOLUTION_VERSION = Family(
    PERSONALIZE, "solution-version", "Amazon Personalize solution version training",
    list="ListSolutionVersions",
    get="DescribeSolutionVersion",
    job=Job(
        id="solutionVersionArn", status="status", created="creationDateTime", updated="lastUpdatedDateTime",
        ended="lastUpdatedDateTime", reason="failureReason",
    ),
    got=Job(name="name"),
    states=_CREATED | {CANCELLING: ("CREATE STOPPING",), CANCELLED: ("CREATE STOPPED",)},
    withheld=(
        "solutionConfig.algorithmHyperParameters", "solutionConfig.featureTransformationParameters",
        "tunedHPOParams.algorithmHyperParameters",
    ),
)  # fmt: skip
