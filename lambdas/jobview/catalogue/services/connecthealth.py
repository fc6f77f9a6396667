"""Amazon Connect Health (``connecthealth`` 2025-01-29): patient insights and scribe sessions, known by their ids."""

from jobview.catalogue.language import (
    FAILED,
    PARTIALLY_SUCCEEDED,
    PAUSED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Cause,
    Family,
    Job,
    Parent,
    Service,
    When,
)

# A guess on the safe side.
CONNECT_HEALTH = Service("connecthealth", rate=2)

DOMAIN = Parent(CONNECT_HEALTH, "domain", list="ListDomains", id="domainId")
SUBSCRIPTION = Parent(CONNECT_HEALTH, "subscription", list="ListSubscriptions", id="subscriptionId")

PATIENT_INSIGHTS_JOB = Family(
    CONNECT_HEALTH, "patient-insights-job", "Amazon Connect Health patient insights job",
    under=[DOMAIN],
    # The ARN of a domain, with a wildcard, covers its jobs too.
    get="GetPatientInsightsJob", get_resource="Domain",
    job=Job(
        id="jobId", status="jobStatus", created="creationTime", updated="updatedTime", ended="updatedTime",
        reason="statusDetails", inputs=("inputDataConfig.s3Sources[].uri",), outputs=("insightsOutput.uri",),
    ),
    states={PENDING: "SUBMITTED", RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED"},
    # Health data, and how to sign in to where it is.
    withheld=("patientContext", "encounterContext", "userContext", "inputDataConfig.fhirServer"),
)  # fmt: skip

_NOTES = "postStreamActionResult.clinicalNoteGenerationResult"
_ARTIFACTS = (
    *(f"{_NOTES}.{name}Result" for name in ("note", "transcript", "afterVisitSummary")),
    "postStreamActionResult.medicalCodeGenerationResult.medicalCodesResult",
)

SCRIBE_SESSION = Family(
    CONNECT_HEALTH, "medical-scribe-session", "Amazon Connect Health medical scribe session",
    under=[DOMAIN, SUBSCRIPTION],
    get="GetMedicalScribeListeningSession", get_resource="Domain",
    job=Job(
        id="sessionId", parent="subscriptionId", status="streamStatus", created="streamCreationTime",
        ended="streamEndTime", outputs=("postStreamActionSettings.outputS3Uri",),
        # Once the stream is complete, the notes and codes are made from it.
        when=(
            *(When(SUCCEEDED, f"{each}.status", ("PENDING", "IN_PROGRESS"), RUNNING) for each in _ARTIFACTS),
            *(When(SUCCEEDED, f"{each}.status", ("FAILED",), PARTIALLY_SUCCEEDED) for each in _ARTIFACTS),
        ),
        causes=tuple(Cause(at=each, message="failureReason") for each in _ARTIFACTS),
    ),
    states={RUNNING: "IN_PROGRESS", PAUSED: "PAUSED", SUCCEEDED: "COMPLETED", FAILED: "FAILED"},
)  # fmt: skip
