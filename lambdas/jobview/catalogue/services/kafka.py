"""Amazon MSK (``kafka`` 2018-11-14): operations on clusters."""

from jobview.catalogue.language import FAILED, PENDING, RUNNING, SUCCEEDED, Family, Job, Parent, Service

# A guess on the safe side.
KAFKA = Service("kafka", rate=2)

CLUSTER = Parent(KAFKA, "cluster", list="ListClustersV2", id="ClusterArn")

CLUSTER_OPERATION = Family(
    KAFKA, "cluster-operation", "Amazon MSK cluster operation",
    under=[CLUSTER],
    list="ListClusterOperationsV2",
    get="DescribeClusterOperationV2",
    job=Job(
        id="OperationArn", status="OperationState", parent="ClusterArn", name="OperationType", started="StartTime",
        ended="EndTime",
    ),
    got=Job(reason="ErrorInfo.ErrorString"),
    # The model allows any text, and no document lists the words. These are known from use.
    states={
        PENDING: "PENDING", RUNNING: "UPDATE_IN_PROGRESS", SUCCEEDED: "UPDATE_COMPLETE", FAILED: "UPDATE_FAILED",
    },
)  # fmt: skip
