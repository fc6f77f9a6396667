"""Amazon Connect Voice ID (``voice-id`` 2021-09-27): batch jobs. AWS shut the service down on 20 May 2026."""

from datetime import date

from jobview.catalogue.language import (
    FAILED,
    PARTIALLY_SUCCEEDED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Family,
    Job,
    Parent,
    Service,
)

# The rate is a guess on the safe side. AWS's notice is in the administrator guide of Amazon Connect: "Amazon Connect
# Voice ID end of support".
VOICE_ID = Service("voice-id", rate=1, retired=date(2026, 5, 20))

DOMAIN = Parent(VOICE_ID, "domain", list="ListDomains", id="DomainId", page_size=10)


def _batch(kind: str, noun: str, title: str) -> Family:
    """The jobs of one kind. Both kinds have the same members and words."""
    return Family(
        VOICE_ID, kind, f"Amazon Connect Voice ID {title}",
        under=[DOMAIN],
        list=f"List{noun}Jobs", open_by="JobStatus",
        get=f"Describe{noun}Job",
        job=Job(
            id="JobId", parent="DomainId", status="JobStatus", created="CreatedAt", ended="EndedAt",
            reason="FailureDetails.Message", progress="JobProgress.PercentComplete",
        ),
        got=Job(
            role="DataAccessRoleArn", inputs=("InputDataConfig.S3Uri",), outputs=("OutputDataConfig.S3Uri",),
        ),
        states={
            PENDING: "SUBMITTED", RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED",
            PARTIALLY_SUCCEEDED: "COMPLETED_WITH_ERRORS", FAILED: "FAILED",
        },
        failures="The job's output file in S3 has the single requests that failed.",
    )  # fmt: skip


FRAUDSTER_REGISTRATION = _batch("fraudster-registration-job", "FraudsterRegistration", "fraudster registration job")
SPEAKER_ENROLLMENT = _batch("speaker-enrollment-job", "SpeakerEnrollment", "speaker enrollment job")
