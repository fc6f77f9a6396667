"""Amazon Rekognition (``rekognition`` 2016-06-27): bulk analyses of images, analyses of videos, training of models.

No operation lists the analyses of videos, and Rekognition sends no events about them to EventBridge: it publishes an
analysis's end to an SNS topic that the caller names. So such a job is known by its id alone.
"""

from jobview.catalogue.language import (
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    UNKNOWN,
    Family,
    Job,
    Parent,
    Service,
)

# A guess on the safe side.
REKOGNITION = Service("rekognition", rate=2)

MEDIA_ANALYSIS_JOB = Family(
    REKOGNITION, "media-analysis-job", "Amazon Rekognition bulk analysis job",
    list="ListMediaAnalysisJobs",
    get="GetMediaAnalysisJob",
    job=Job(
        id="JobId", name="JobName", status="Status", created="CreationTimestamp", ended="CompletionTimestamp",
        reason="FailureDetails.Message", inputs=("Input.S3Object",),
        outputs=("OutputConfig", "Results.S3Object"),
    ),
    states={PENDING: "CREATED QUEUED", RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED"},
    failures="The results in S3 have an error for each image that could not be analysed.",
)  # fmt: skip

_VIDEO = Job(
    id="JobId", name="JobTag", status="JobStatus", reason="StatusMessage", inputs=("Video.S3Object",),
)  # fmt: skip


def _video(kind: str, noun: str, title: str, found: str) -> Family:
    """One kind of analysis of videos. All kinds have the same members, except for what they find."""
    return Family(
        REKOGNITION, kind, f"Amazon Rekognition {title}",
        # What the video shows cannot be left out of the answer: as little of it as possible.
        get=f"Get{noun}", get_inputs={"MaxResults": 1},
        job=_VIDEO,
        states={RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED"},
        withheld=(found, "NextToken"),
        retention="7 days",
    )  # fmt: skip


LABEL_DETECTION = _video("label-detection", "LabelDetection", "label detection in a video", "Labels")
FACE_DETECTION = _video("face-detection", "FaceDetection", "face detection in a video", "Faces")
FACE_SEARCH = _video("face-search", "FaceSearch", "face search in a video", "Persons")
CONTENT_MODERATION = _video(
    "content-moderation", "ContentModeration", "content moderation of a video", "ModerationLabels"
)
CELEBRITY_RECOGNITION = _video(
    "celebrity-recognition", "CelebrityRecognition", "celebrity recognition in a video", "Celebrities"
)
SEGMENT_DETECTION = _video("segment-detection", "SegmentDetection", "segment detection in a video", "Segments")
TEXT_DETECTION = _video("text-detection", "TextDetection", "text detection in a video", "TextDetections")

PROJECT = Parent(REKOGNITION, "project", list="DescribeProjects", id="ProjectArn")

# A version is first trained, or copied from another project. Later words are about its use.
MODEL_VERSION = Family(
    REKOGNITION, "project-version", "Amazon Rekognition model training",
    under=[PROJECT],
    list="DescribeProjectVersions",
    job=Job(
        id="ProjectVersionArn", name="VersionDescription", status="Status", created="CreationTimestamp",
        ended="TrainingEndTimestamp", reason="StatusMessage", outputs=("OutputConfig",),
    ),
    states={
        RUNNING: "TRAINING_IN_PROGRESS COPYING_IN_PROGRESS", FAILED: "TRAINING_FAILED COPYING_FAILED",
        # FAILED: a trained model could not be started.
        SUCCEEDED: "TRAINING_COMPLETED COPYING_COMPLETED STARTING RUNNING FAILED STOPPING STOPPED DEPRECATED EXPIRED",
        UNKNOWN: "DELETING",
    },
)  # fmt: skip
