"""AWS App Runner (``apprunner`` 2020-05-15): operations on services, such as deployments."""

from jobview.catalogue.language import FAILED, PENDING, RUNNING, SUCCEEDED, Family, Job, Parent, Service

# AWS publishes no rates of these operations: a guess on the safe side.
APP_RUNNER = Service("apprunner", rate=2)

SERVICE = Parent(APP_RUNNER, "service", list="ListServices", id="ServiceArn")

OPERATION = Family(
    APP_RUNNER, "operation", "AWS App Runner operation",
    under=[SERVICE],
    list="ListOperations", newest_first="the model: in reverse chronological order",
    job=Job(
        id="Id", status="Status", created="StartedAt", started="StartedAt", updated="UpdatedAt",
        ended="EndedAt",
    ),
    # A rollback follows a failure. Its success does not make the operation one.
    states={
        PENDING: "PENDING", RUNNING: "IN_PROGRESS ROLLBACK_IN_PROGRESS", SUCCEEDED: "SUCCEEDED",
        FAILED: "FAILED ROLLBACK_FAILED ROLLBACK_SUCCEEDED",
    },
)  # fmt: skip
