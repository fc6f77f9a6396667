"""AWS IoT Greengrass (``greengrassv2`` 2020-11-30): deployments of components to core devices."""

from jobview.catalogue.language import CANCELLED, FAILED, RUNNING, SUCCEEDED, Family, Job, Service

# A guess on the safe side.
GREENGRASS = Service("greengrassv2", rate=2)

DEPLOYMENT = Family(
    GREENGRASS, "deployment", "AWS IoT Greengrass deployment",
    # Without the filter it returns the latest revision for each target only.
    list="ListDeployments", inputs={"historyFilter": "ALL"},
    get="GetDeployment",
    job=Job(
        id="deploymentId", status="deploymentStatus", name="deploymentName", created="creationTimestamp",
    ),
    got=Job(tags="tags"),
    # A deployment to a group of things stays active, because things may join the group. INACTIVE: a later revision
    # has replaced it.
    states={
        RUNNING: "ACTIVE", SUCCEEDED: "COMPLETED", FAILED: "FAILED", CANCELLED: "CANCELED INACTIVE",
    },
    failures="The deployment's IoT job (iotJobId in the native record) has one execution for each core device.",
    withheld=("components.*.configurationUpdate",),
)  # fmt: skip
