"""Amazon RDS (``rds`` 2014-10-31): exports to S3, blue/green deployments, and backtracks of Aurora clusters.

The events about exports name the snapshot or cluster, not the export, so none are declared.
"""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PAUSED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    UNKNOWN,
    Family,
    Job,
    Parent,
    Parts,
    Service,
)

# Documented: 12 calls a second for all operations of the API together. Most of them are left to others.
RDS = Service("rds", rate=2)

EXPORT_TASK = Family(
    RDS, "export-task", "Amazon RDS export to S3",
    list="DescribeExportTasks",
    get="DescribeExportTasks",
    job=Job(
        id="ExportTaskIdentifier", name="ExportTaskIdentifier", status="Status", reason="FailureCause",
        started="TaskStartTime", ended="TaskEndTime", progress="PercentProgress",
        role="IamRoleArn", inputs=("SourceArn",),
    ),
    # The model allows any text; AWS documents these words.
    states={
        PENDING: "STARTING", RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETE", FAILED: "FAILED",
        CANCELLING: "CANCELING", CANCELLED: "CANCELED",
    },
)  # fmt: skip

BLUE_GREEN_DEPLOYMENT = Family(
    RDS, "blue-green-deployment", "Amazon RDS blue/green deployment",
    list="DescribeBlueGreenDeployments",
    get="DescribeBlueGreenDeployments",
    job=Job(
        id="BlueGreenDeploymentIdentifier", status="Status", name="BlueGreenDeploymentName", created="CreateTime",
        reason="StatusDetails", inputs=("Source",), outputs=("Target",), tags="TagList",
        parts=Parts(
            unit="databases", path="SwitchoverDetails", status="Status", uri="SourceMember",
            # A source or a target that is missing was deleted, which may be after the switchover.
            outcomes={
                "PROVISIONING": PENDING, "AVAILABLE": PENDING, "SWITCHOVER_IN_PROGRESS": RUNNING,
                "SWITCHOVER_COMPLETED": SUCCEEDED, "SWITCHOVER_FAILED": FAILED,
            },
        ),
    ),
    # AVAILABLE: it waits until somebody starts the switchover. DELETING says nothing about the switchover.
    states={
        RUNNING: "PROVISIONING SWITCHOVER_IN_PROGRESS", PAUSED: "AVAILABLE", SUCCEEDED: "SWITCHOVER_COMPLETED",
        FAILED: "SWITCHOVER_FAILED INVALID_CONFIGURATION", UNKNOWN: "DELETING",
    },
)  # fmt: skip

# Only clusters of Aurora MySQL that have backtracking enabled have a window.
CLUSTER = Parent(
    RDS, "cluster", list="DescribeDBClusters", id="DBClusterIdentifier", only="BacktrackWindow > `0`", page_size=100
)

BACKTRACK = Family(
    RDS, "backtrack", "Amazon Aurora backtrack",
    under=[CLUSTER],
    list="DescribeDBClusterBacktracks", page_size=100,
    get="DescribeDBClusterBacktracks",
    get_inputs={"DBClusterIdentifier": "{parent}", "BacktrackIdentifier": "{id}"},
    job=Job(
        id="BacktrackIdentifier", status="Status", parent="DBClusterIdentifier", created="BacktrackRequestCreationTime",
    ),
    starts="BacktrackDBCluster",
    # The model allows any text; AWS documents these words.
    states={PENDING: "pending", RUNNING: "applying", SUCCEEDED: "completed", FAILED: "failed"},
)  # fmt: skip
