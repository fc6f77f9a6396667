"""Amazon Comprehend (``comprehend`` 2017-11-27): analysis jobs, training of models, and jobs of flywheels."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PENDING,
    RUNNING,
    SINCE,
    SUCCEEDED,
    UNKNOWN,
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

# A call without a flywheel lists the datasets of all flywheels.
FLYWHEEL_DATASET = Family(
    COMPREHEND, "dataset", "Amazon Comprehend flywheel dataset creation",
    list="ListDatasets", since={"Filter": {"CreationTimeAfter": SINCE}},
    get="DescribeDataset",
    job=Job(
        id="DatasetArn", name="DatasetName", status="Status", created="CreationTime", ended="EndTime",
        reason="Message", outputs=("DatasetS3Uri",),
    ),
    states={RUNNING: "CREATING", SUCCEEDED: "COMPLETED", FAILED: "FAILED"},
)  # fmt: skip


def _training(kind: str, noun: str, title: str, got: Job, withheld: tuple[str, ...] = ()) -> Family:
    """The training of one kind of model. Both kinds have the same words."""
    return Family(
        COMPREHEND, kind, f"Amazon Comprehend {title} training",
        list=f"List{noun}s", since={"Filter": {"SubmitTimeAfter": SINCE}}, get=f"Describe{noun}",
        job=Job(
            id=f"{noun}Arn", name="VersionName", status="Status", created="SubmitTime", started="TrainingStartTime",
            ended="EndTime", reason="Message", role="DataAccessRoleArn",
        ),
        got=got,
        withheld=withheld,
        # TRAINED_WITH_WARNING: the model is complete. Deleting begins after the end, and the word does not say which.
        states={
            PENDING: "SUBMITTED", RUNNING: "TRAINING", CANCELLING: "STOP_REQUESTED", CANCELLED: "STOPPED",
            SUCCEEDED: "TRAINED TRAINED_WITH_WARNING", FAILED: "IN_ERROR", UNKNOWN: "DELETING",
        },
    )  # fmt: skip


DOCUMENT_CLASSIFIER = _training(
    "document-classifier", "DocumentClassifier", "document classifier",
    Job(inputs=("InputDataConfig.S3Uri", "InputDataConfig.TestS3Uri"), outputs=("OutputDataConfig.S3Uri",)),
)  # fmt: skip
ENTITY_RECOGNIZER = _training(
    "entity-recognizer", "EntityRecognizer", "entity recognizer", Job(inputs=("InputDataConfig.Documents.S3Uri",)),
    withheld=("InputDataConfig.Annotations",),
)  # fmt: skip
