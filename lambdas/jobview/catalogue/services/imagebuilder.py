"""EC2 Image Builder (``imagebuilder`` 2019-12-02): image builds, and executions of lifecycle policies.

The lists return everything about them. The models of the gets have no error code for an unknown job.
"""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Events,
    Family,
    Items,
    Job,
    OfEvent,
    Parent,
    Service,
)

# AWS publishes no rates of these operations: a guess on the safe side.
IMAGE_BUILDER = Service("imagebuilder", rate=2)

IMAGE_BUILD = Family(
    IMAGE_BUILDER, "image-build", "EC2 Image Builder image build",
    # Without an image version it lists all builds of the account.
    list="ListImageBuildVersions",
    job=Job(
        id="arn", status="state.status", name="name", created="dateCreated", reason="state.reason",
        outputs=("outputResources.amis[].image", "outputResources.containers[].imageUris[]"), tags="tags",
    ),
    # A built image may be deprecated, disabled or deleted later. The build succeeded.
    states={
        PENDING: "PENDING", RUNNING: "CREATING BUILDING TESTING DISTRIBUTING INTEGRATING",
        SUCCEEDED: "AVAILABLE DEPRECATED DISABLED DELETED", FAILED: "FAILED", CANCELLED: "CANCELLED",
    },
    items_list=Items(
        "ListWorkflowExecutions", unit="workflows",
        item=Job(
            id="workflowExecutionId", status="status", name="workflowBuildVersionArn", started="startTime",
            ended="endTime", reason="message",
        ),
        # ROLLBACK_COMPLETED: what a failed workflow had made is removed again.
        states={
            PENDING: "PENDING", RUNNING: "RUNNING ROLLBACK_IN_PROGRESS", SUCCEEDED: "COMPLETED",
            FAILED: "FAILED ROLLBACK_COMPLETED", CANCELLED: "CANCELLED SKIPPED",
        },
        group="type",
    ),
    events=Events("EC2 Image Builder Image State Change", id=OfEvent("resources[0]"), status="state.status"),
)  # fmt: skip

LIFECYCLE_POLICY = Parent(IMAGE_BUILDER, "lifecycle-policy", list="ListLifecyclePolicies", id="arn")

LIFECYCLE_EXECUTION = Family(
    IMAGE_BUILDER, "lifecycle-execution", "EC2 Image Builder lifecycle execution",
    under=[LIFECYCLE_POLICY],
    list="ListLifecycleExecutions",
    lists_only="executions of lifecycle policies, without executions for a single image that somebody started",
    job=Job(
        id="lifecycleExecutionId", status="state.status", started="startTime", ended="endTime", reason="state.reason",
    ),
    states={
        PENDING: "PENDING", RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCESS", FAILED: "FAILED", CANCELLING: "CANCELLING",
        CANCELLED: "CANCELLED",
    },
    items_list=Items(
        "ListLifecycleExecutionResources", unit="images", group="region",
        item=Job(
            id="resourceId", status="state.status", started="startTime", ended="endTime", reason="state.reason",
        ),
        states={RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCESS", FAILED: "FAILED", CANCELLED: "SKIPPED"},
    ),
    failures="GET this job's items: the images, each with its reason.",
)  # fmt: skip
