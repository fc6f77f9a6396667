"""Amazon Comprehend Medical (``comprehendmedical`` 2018-10-30): batch analyses of clinical text."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PARTIALLY_SUCCEEDED,
    PENDING,
    RUNNING,
    SINCE,
    SUCCEEDED,
    Family,
    Job,
    Service,
)

# A guess on the safe side.
COMPREHENDMEDICAL = Service("comprehendmedical", rate=2)

_JOB = Job(
    id="JobId", name="JobName", status="JobStatus", created="SubmitTime", ended="EndTime", reason="Message",
    role="DataAccessRoleArn", inputs=("InputDataConfig",), outputs=("OutputDataConfig",),
)  # fmt: skip


def _analysis(kind: str, noun: str, title: str) -> Family:
    """The jobs of one kind of analysis. All kinds have the same members and words."""
    return Family(
        COMPREHENDMEDICAL, kind, f"Amazon Comprehend Medical {title}",
        list=f"List{noun}Jobs", since={"Filter": {"SubmitTimeAfter": SINCE}}, get=f"Describe{noun}Job",
        job=_JOB,
        states={
            PENDING: "SUBMITTED", RUNNING: "IN_PROGRESS", CANCELLING: "STOP_REQUESTED", CANCELLED: "STOPPED",
            SUCCEEDED: "COMPLETED", PARTIALLY_SUCCEEDED: "PARTIAL_SUCCESS", FAILED: "FAILED",
        },
    )  # fmt: skip


ENTITIES = _analysis("entities-detection-job", "EntitiesDetectionV2", "entities detection job")
ICD10CM = _analysis("icd-inference-job", "ICD10CMInference", "ICD-10-CM inference job")
PHI = _analysis("phi-detection-job", "PHIDetection", "PHI detection job")
RXNORM = _analysis("rxnorm-inference-job", "RxNormInference", "RxNorm inference job")
SNOMEDCT = _analysis("snomedct-inference-job", "SNOMEDCTInference", "SNOMED CT inference job")
