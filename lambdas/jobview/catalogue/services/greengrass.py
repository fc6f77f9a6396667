"""AWS IoT Greengrass Version 1 (``greengrass`` 2017-06-07): deployments. AWS shut it down on 7 October 2026."""

from datetime import date

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    NOT_HERE,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Counts,
    Family,
    Grant,
    Job,
    Parent,
    Service,
)

# A guess on the safe side. So is the size of pages, for which the model has no maximum. AWS's notice is
# in the API Reference: "On October 7th, 2026, AWS will discontinue support for AWS IoT Greengrass Version 1."
GREENGRASS = Service("greengrass", rate=1, retired=date(2026, 10, 7))

GROUP = Parent(GREENGRASS, "group", list="ListGroups", id="Id", page_size=50)

# The model has no other code, and the id was one of the service.
_MISSING = {"BadRequestException": ""}

DEPLOYMENT = Family(
    GREENGRASS, "deployment", "AWS IoT Greengrass V1 deployment",
    under=[GROUP],
    list="ListDeployments", page_size=50,
    get="GetDeploymentStatus", get_resource="deployment", missing=_MISSING,
    job=Job(id="DeploymentId"),
    got=Job(id=NOT_HERE, status="DeploymentStatus", reason="ErrorMessage"),
    # The model allows any text; AWS documents these words.
    states={RUNNING: "InProgress Building", SUCCEEDED: "Success", FAILED: "Failure"},
    grants=(
        Grant(
            action="greengrass:GetDeploymentStatus",
            resource="arn:{partition}:greengrass:{region}:{account}:/greengrass/groups/*",
            reason="A deployment belongs to a group, and the reference lists both as its resources.",
        ),
    ),
)  # fmt: skip

BULK_DEPLOYMENT = Family(
    GREENGRASS, "bulk-deployment", "AWS IoT Greengrass V1 bulk deployment",
    list="ListBulkDeployments", page_size=50,
    get="GetBulkDeploymentStatus", missing=_MISSING,
    job=Job(id="BulkDeploymentId"),
    got=Job(
        id=NOT_HERE, status="BulkDeploymentStatus", created="CreatedAt", reason="ErrorMessage", tags="tags",
        counts=Counts(
            unit="records", total="BulkDeploymentMetrics.RecordsProcessed",
            failed="BulkDeploymentMetrics.InvalidInputRecords",
        ),
    ),
    states={
        PENDING: "Initializing", RUNNING: "Running", SUCCEEDED: "Completed", FAILED: "Failed",
        CANCELLING: "Stopping", CANCELLED: "Stopped",
    },
    failures="The operation ListBulkDeploymentDetailedReports returns the single deployments.",
)  # fmt: skip
