"""AWS Launch Wizard (``launch-wizard`` 2018-05-10): deployments of workloads."""

from jobview.catalogue.language import FAILED, OPEN, RUNNING, SUCCEEDED, UNKNOWN, Family, Job, Service

# A guess on the safe side.
LAUNCH_WIZARD = Service("launch-wizard", rate=1)

DEPLOYMENT = Family(
    LAUNCH_WIZARD, "deployment", "AWS Launch Wizard deployment",
    list="ListDeployments", open_by={"filters": [{"name": "DEPLOYMENT_STATUS", "values": OPEN}]},
    get="GetDeployment",
    job=Job(
        id="id", name="name", status="status", created="createdAt", updated="modifiedAt", ended="modifiedAt",
    ),
    got=Job(tags="tags"),
    # UPDATE_ROLLBACK_COMPLETED: the update failed. A deletion does not show how the deployment ended.
    states={
        RUNNING: "CREATING VALIDATING IN_PROGRESS UPDATE_IN_PROGRESS DELETE_INITIATING DELETE_IN_PROGRESS",
        SUCCEEDED: "COMPLETED UPDATE_COMPLETED",
        FAILED: "FAILED UPDATE_FAILED UPDATE_ROLLBACK_COMPLETED UPDATE_ROLLBACK_FAILED",
        UNKNOWN: "DELETED DELETE_FAILED",
    },
    failures="ListDeploymentEvents has the reason of each event.",
)  # fmt: skip
