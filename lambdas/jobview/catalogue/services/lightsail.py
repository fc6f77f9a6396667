"""Amazon Lightsail (``lightsail`` 2016-11-28): operations, exports of snapshots and set-ups of HTTPS."""

from jobview.catalogue.language import FAILED, PENDING, RUNNING, SUCCEEDED, Family, Job, Parent, Service

# AWS publishes no rates of these operations: a guess on the safe side.
LIGHTSAIL = Service("lightsail", rate=1)

OPERATION = Family(
    LIGHTSAIL, "operation", "Amazon Lightsail operation",
    list="GetOperations",
    get="GetOperation",
    job=Job(
        id="id", status="status", name="resourceName", created="createdAt", updated="statusChangedAt",
        ended="statusChangedAt", reason="errorDetails",
    ),
    # Both of the words for an end mean success.
    states={PENDING: "NotStarted", RUNNING: "Started", SUCCEEDED: "Completed Succeeded", FAILED: "Failed"},
)  # fmt: skip

EXPORT_SNAPSHOT = Family(
    LIGHTSAIL, "export-snapshot", "Amazon Lightsail snapshot export",
    list="GetExportSnapshotRecords",
    job=Job(
        id="name", status="state", name="name", created="createdAt", inputs=("sourceInfo.arn",),
        outputs=("destinationInfo.id",),
    ),
    states={RUNNING: "Started", SUCCEEDED: "Succeeded", FAILED: "Failed"},
)  # fmt: skip

CLOUD_FORMATION_STACK = Family(
    LIGHTSAIL, "cloud-formation-stack", "Amazon Lightsail export to Amazon EC2",
    list="GetCloudFormationStackRecords",
    job=Job(
        id="name", status="state", name="name", created="createdAt", inputs=("sourceInfo[].arn",),
        outputs=("destinationInfo.id",),
    ),
    states={RUNNING: "Started", SUCCEEDED: "Succeeded", FAILED: "Failed"},
)  # fmt: skip

INSTANCE = Parent(LIGHTSAIL, "instance", list="GetInstances", id="name")

HTTPS_SETUP = Family(
    LIGHTSAIL, "https-setup", "Amazon Lightsail HTTPS set-up",
    under=[INSTANCE],
    list="GetSetupHistory", lists_only="the five latest set-ups of each instance",
    job=Job(id="operationId", status="status", name="request.instanceName"),
    states={RUNNING: "inProgress", SUCCEEDED: "succeeded", FAILED: "failed"},
    withheld=("executionDetails[].command",),
    failures="The executionDetails of the native record have the output of each command.",
)  # fmt: skip
