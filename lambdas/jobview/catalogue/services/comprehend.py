"""Amazon Comprehend (``comprehend`` 2017-11-27): analysis jobs, and the iterations of flywheels."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PENDING,
    RUNNING,
    SINCE,
    SUCCEEDED,
    Family,
    Job,
    Parent,
    Service,
)

# A guess on the safe side.
COMPREHEND = Service("comprehend", rate=2)

_JOB = Job(
    id="JobId", name="JobName", status="JobStatus", created="SubmitTime", ended="EndTime", reason="Message",
    role="DataAccessRoleArn", inputs=("InputDataConfig.S3Uri",), outputs=("OutputDataConfig.S3Uri",),
)  # fmt: skip


def _analysis(kind: str, noun: str, title: str) -> Family:
    """The jobs of one kind of analysis. All kinds have the same members and words."""
    return Family(
        COMPREHEND, kind, f"Amazon Comprehend {title}",
        list=f"List{noun}Jobs", since={"Filter": {"SubmitTimeAfter": SINCE}}, get=f"Describe{noun}Job",
        job=_JOB,
        states={
            PENDING: "SUBMITTED", RUNNING: "IN_PROGRESS", CANCELLING: "STOP_REQUESTED", CANCELLED: "STOPPED",
            SUCCEEDED: "COMPLETED", FAILED: "FAILED",
        },
    )  # fmt: skip


DOCUMENT_CLASSIFICATION = _analysis(
    "document-classification-job", "DocumentClassification", "document classification job"
)
DOMINANT_LANGUAGE = _analysis(
    "dominant-language-detection-job", "DominantLanguageDetection", "dominant language detection job"
)
ENTITIES = _analysis("entities-detection-job", "EntitiesDetection", "entities detection job")
EVENTS = _analysis("events-detection-job", "EventsDetection", "events detection job")
KEY_PHRASES = _analysis("key-phrases-detection-job", "KeyPhrasesDetection", "key phrases detection job")
PII_ENTITIES = _analysis("pii-entities-detection-job", "PiiEntitiesDetection", "PII entities detection job")
SENTIMENT = _analysis("sentiment-detection-job", "SentimentDetection", "sentiment detection job")
TARGETED_SENTIMENT = _analysis(
    "targeted-sentiment-detection-job", "TargetedSentimentDetection", "targeted sentiment detection job"
)
TOPICS = _analysis("topics-detection-job", "TopicsDetection", "topics detection job")

FLYWHEEL = Parent(COMPREHEND, "flywheel", list="ListFlywheels", id="FlywheelArn")

FLYWHEEL_ITERATION = Family(
    COMPREHEND, "flywheel-iteration", "Amazon Comprehend flywheel iteration",
    under=[FLYWHEEL],
    list="ListFlywheelIterationHistory", since={"Filter": {"CreationTimeAfter": SINCE}},
    get="DescribeFlywheelIteration",
    job=Job(
        id="FlywheelIterationId", parent="FlywheelArn", status="Status", created="CreationTime", ended="EndTime",
        reason="Message", outputs=("EvaluationManifestS3Prefix",),
    ),
    # An iteration trains a model and then evaluates it.
    states={
        RUNNING: "TRAINING EVALUATING", CANCELLING: "STOP_REQUESTED", CANCELLED: "STOPPED", SUCCEEDED: "COMPLETED",
        FAILED: "FAILED",
    },
)  # fmt: skip
