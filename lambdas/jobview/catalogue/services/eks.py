"""Amazon EKS (``eks`` 2017-11-01): updates of clusters."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    RUNNING,
    SUCCEEDED,
    Family,
    Job,
    Parent,
    Service,
    When,
)

# A guess on the safe side.
EKS = Service("eks", rate=2)

CLUSTER = Parent(EKS, "cluster", list="ListClusters", id="@")

CLUSTER_UPDATE = Family(
    EKS, "cluster-update", "Amazon EKS cluster update",
    under=[CLUSTER],
    # Without another name it lists the updates of the cluster, not those of its node groups and add-ons.
    list="ListUpdates", inputs={"name": "{parent}"},
    get="DescribeUpdate", get_inputs={"name": "{parent}", "updateId": "{id}"},
    job=Job(id="@"),
    got=Job(
        id="id", status="status", created="createdAt", reason="errors[].errorMessage",
        when=(When(RUNNING, "cancellation.status", ("InProgress",), CANCELLING),),
    ),
    starts="UpdateClusterConfig UpdateClusterVersion",
    states={RUNNING: "InProgress", SUCCEEDED: "Successful", CANCELLED: "Cancelled", FAILED: "Failed"},
    console="eks/clusters/{parent}/updates/{id}",
)  # fmt: skip
