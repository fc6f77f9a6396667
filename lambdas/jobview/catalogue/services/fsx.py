"""Amazon FSx (``fsx`` 2018-03-01): data repository tasks of Lustre file systems and file caches."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    OPEN,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Counts,
    Family,
    Job,
    Service,
)

# A guess on the safe side.
FSX = Service("fsx", rate=2)

DATA_REPOSITORY_TASK = Family(
    FSX, "data-repository-task", "Amazon FSx data repository task",
    list="DescribeDataRepositoryTasks", open_by={"Filters": [{"Name": "task-lifecycle", "Values": OPEN}]},
    get="DescribeDataRepositoryTasks", get_inputs={"TaskIds": ["{id}"]},
    job=Job(
        id="TaskId", status="Lifecycle", created="CreationTime", started="StartTime", updated="Status.LastUpdatedTime",
        ended="EndTime", reason="FailureDetails.Message", outputs=("Report.Path",), tags="Tags",
        counts=Counts(
            unit="files", total="Status.TotalCount", succeeded="Status.SucceededCount", failed="Status.FailedCount"
        ),
    ),
    states={
        PENDING: "PENDING", RUNNING: "EXECUTING", CANCELLING: "CANCELING", CANCELLED: "CANCELED",
        SUCCEEDED: "SUCCEEDED", FAILED: "FAILED",
    },
    failures="The task's report, where it has one, names the files that failed.",
)  # fmt: skip
