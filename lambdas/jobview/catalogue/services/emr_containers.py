"""Amazon EMR on EKS (``emr-containers`` 2020-10-01): job runs of virtual clusters."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PENDING,
    RUNNING,
    SINCE,
    SUCCEEDED,
    Family,
    Job,
    Parent,
    Service,
)

# A guess on the safe side.
EMR_CONTAINERS = Service("emr-containers", rate=1)

# Virtual clusters in every state, because the runs of a terminated cluster are jobs too.
VIRTUAL_CLUSTER = Parent(EMR_CONTAINERS, "virtual-cluster", list="ListVirtualClusters", id="id", page_size=100)

JOB_RUN = Family(
    EMR_CONTAINERS, "job-run", "Amazon EMR on EKS job run",
    under=[VIRTUAL_CLUSTER],
    list="ListJobRuns", page_size=100, since={"createdAfter": SINCE},
    get="DescribeJobRun",
    job=Job(
        id="id", status="state", name="name", created="createdAt", ended="finishedAt", reason="stateDetails",
        role="executionRoleArn", tags="tags",
    ),
    states={
        PENDING: "PENDING SUBMITTED", RUNNING: "RUNNING", SUCCEEDED: "COMPLETED", FAILED: "FAILED",
        CANCELLING: "CANCEL_PENDING", CANCELLED: "CANCELLED",
    },
    withheld=("clientToken",),
)  # fmt: skip
