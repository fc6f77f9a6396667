"""Amazon WorkSpaces (``workspaces`` 2015-04-08): imports of custom images, known by the image's id alone."""

from jobview.catalogue.language import FAILED, PENDING, RUNNING, SUCCEEDED, Cause, Family, Job, Service

# AWS publishes no rates of these operations: a guess on the safe side.
WORKSPACES = Service("workspaces", rate=1)

CUSTOM_IMAGE_IMPORT = Family(
    WORKSPACES, "custom-image-import", "Amazon WorkSpaces custom image import",
    # No operation lists the imports, only the images.
    get="DescribeCustomWorkspaceImageImport",
    job=Job(
        id="ImageId", status="State", created="Created", updated="LastUpdatedTime", ended="LastUpdatedTime",
        progress="ProgressPercentage", reason="StateMessage",
        causes=(Cause(at="ErrorDetails[]", message="ErrorMessage"),),
    ),
    states={
        PENDING: "PENDING",
        RUNNING: "IN_PROGRESS PROCESSING_SOURCE_IMAGE IMAGE_TESTING_START UPDATING_OPERATING_SYSTEM "
        "IMAGE_COMPATIBILITY_CHECKING IMAGE_TESTING_GENERALIZATION CREATING_TEST_INSTANCE INSTALLING_COMPONENTS "
        "GENERALIZING VALIDATING PUBLISHING",
        SUCCEEDED: "COMPLETED", FAILED: "ERROR",
    },
)  # fmt: skip
