"""AWS Clean Rooms ML (``cleanroomsml`` 2023-09-06): audiences, and training, inference and exports of models."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
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
from jobview.catalogue.services.cleanrooms import CLEAN_ROOMS, MEMBERSHIP

# A guess on the safe side.
CLEAN_ROOMS_ML = Service("cleanroomsml", rate=2)

# The words of a deletion say nothing about how the job ended.
_CREATED = {PENDING: "CREATE_PENDING", RUNNING: "CREATE_IN_PROGRESS", SUCCEEDED: "ACTIVE", FAILED: "CREATE_FAILED"}
_DELETED = "DELETE_PENDING DELETE_IN_PROGRESS DELETE_FAILED"

AUDIENCE_GENERATION_JOB = Family(
    CLEAN_ROOMS_ML, "audience-generation-job", "AWS Clean Rooms ML audience generation job",
    list="ListAudienceGenerationJobs",
    get="GetAudienceGenerationJob",
    job=Job(
        id="audienceGenerationJobArn", status="status", name="name", created="createTime", updated="updateTime",
        ended="updateTime",
    ),
    got=Job(
        reason="statusDetails.message", role="seedAudience.roleArn", inputs=("seedAudience.dataSource.s3Uri",),
        tags="tags",
    ),
    states={**_CREATED, UNKNOWN: _DELETED},
)  # fmt: skip

AUDIENCE_MODEL = Family(
    CLEAN_ROOMS_ML, "audience-model", "AWS Clean Rooms ML audience model training",
    list="ListAudienceModels",
    get="GetAudienceModel",
    job=Job(
        id="audienceModelArn", status="status", name="name", created="createTime", updated="updateTime",
        ended="updateTime", inputs=("trainingDatasetArn",),
    ),
    got=Job(reason="statusDetails.message", tags="tags"),
    states={**_CREATED, UNKNOWN: _DELETED},
)  # fmt: skip

AUDIENCE_EXPORT_JOB = Family(
    CLEAN_ROOMS_ML, "audience-export-job", "AWS Clean Rooms ML audience export job",
    list="ListAudienceExportJobs",
    # It has no id. A later export of the same name is another generation.
    job=Job(
        id="name", status="status", name="name", created="createTime",
        updated="updateTime", ended="updateTime", reason="statusDetails.message", outputs=("outputLocation",),
    ),
    states=_CREATED,
)  # fmt: skip

TRAINED_MODEL = Family(
    CLEAN_ROOMS_ML, "trained-model", "AWS Clean Rooms ML model training",
    under=[MEMBERSHIP],
    list="ListTrainedModels",
    get="GetTrainedModel",
    # Each version of a model is trained anew, and is another generation.
    job=Job(
        id="trainedModelArn", status="status", parent="membershipIdentifier", name="name", created="createTime",
        updated="updateTime", ended="updateTime",
    ),
    got=Job(reason="statusDetails.message", inputs=("dataChannels[].mlInputChannelArn",), tags="tags"),
    # CANCEL_FAILED: the training may still run. No document describes INACTIVE.
    states={
        **_CREATED, RUNNING: "CREATE_IN_PROGRESS CANCEL_FAILED", CANCELLING: "CANCEL_PENDING CANCEL_IN_PROGRESS",
        UNKNOWN: f"{_DELETED} INACTIVE",
    },
    withheld=("environment", "hyperparameters"),
)  # fmt: skip

TRAINED_MODEL_INFERENCE_JOB = Family(
    CLEAN_ROOMS_ML, "trained-model-inference-job", "AWS Clean Rooms ML inference job",
    under=[MEMBERSHIP],
    list="ListTrainedModelInferenceJobs",
    get="GetTrainedModelInferenceJob",
    job=Job(
        id="trainedModelInferenceJobArn", status="status", parent="membershipIdentifier", name="name",
        created="createTime", updated="updateTime", ended="updateTime", inputs=("trainedModelArn",),
    ),
    got=Job(
        reason="statusDetails.message", inputs=("trainedModelArn", "dataSource.mlInputChannelArn"), tags="tags",
    ),
    # CANCEL_FAILED: the job may still run. Only INACTIVE can be the end of a cancellation; no document describes it.
    states={
        **_CREATED, RUNNING: "CREATE_IN_PROGRESS CANCEL_FAILED", CANCELLING: "CANCEL_PENDING CANCEL_IN_PROGRESS",
        CANCELLED: "INACTIVE",
    },
    withheld=("environment", "containerExecutionParameters"),
)  # fmt: skip

COLLABORATION = Parent(CLEAN_ROOMS, "collaboration", list="ListCollaborations", id="id")
COLLABORATION_TRAINED_MODEL = Parent(
    CLEAN_ROOMS_ML, "trained-model", list="ListCollaborationTrainedModels", id="trainedModelArn"
)  # fmt: skip

TRAINED_MODEL_EXPORT_JOB = Family(
    CLEAN_ROOMS_ML, "trained-model-export-job", "AWS Clean Rooms ML model export job",
    under=[COLLABORATION, COLLABORATION_TRAINED_MODEL],
    list="ListCollaborationTrainedModelExportJobs",
    # It has no id. A later export of the same name is another generation.
    job=Job(
        id="name", status="status", parent="trainedModelArn", name="name", created="createTime",
        updated="updateTime", ended="updateTime", reason="statusDetails.message",
    ),
    states=_CREATED,
)  # fmt: skip
