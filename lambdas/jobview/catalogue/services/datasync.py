"""AWS DataSync (``datasync`` 2018-11-09): executions of transfer tasks."""

from jobview.catalogue.language import (
    CANCELLING,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Counts,
    Events,
    Family,
    Job,
    OfEvent,
    Parent,
    Service,
)

# AWS publishes no rates of these operations: a guess on the safe side.
DATASYNC = Service("datasync", rate=2)

TASK = Parent(DATASYNC, "task", list="ListTasks", id="TaskArn")

_TASK = "arn:{partition}:datasync:{region}:{account}:task/{parent}"

TASK_EXECUTION = Family(
    DATASYNC, "task-execution", "AWS DataSync task execution",
    under=[TASK],
    list="ListTaskExecutions", inputs={"TaskArn": _TASK},
    get="DescribeTaskExecution", get_inputs={"TaskExecutionArn": f"{_TASK}/execution/{{id}}"},
    # The service has no own code for "no such execution". Terraform's provider looks for the same text.
    missing={"InvalidRequestException": "not found"},
    job=Job(id="TaskExecutionArn", status="Status"),
    got=Job(
        created="StartTime", started="LaunchTime", ended="EndTime", reason="Result.ErrorDetail",
        # Failed files are counted in Enhanced mode only.
        counts=Counts(
            unit="files", succeeded="FilesTransferred", skipped="FilesSkipped",
            failed=("FilesFailed.Prepare", "FilesFailed.Transfer", "FilesFailed.Verify", "FilesFailed.Delete"),
        ),
    ),
    # A cancelled execution ends as ERROR too, and no document says how to recognise it.
    states={
        PENDING: "QUEUED LAUNCHING", RUNNING: "PREPARING TRANSFERRING VERIFYING", CANCELLING: "CANCELLING",
        SUCCEEDED: "SUCCESS", FAILED: "ERROR",
    },
    failures="The execution's task report in S3, where one is configured, names each file.",
    events=Events(
        "DataSync Task Execution State Change",
        id=OfEvent("resources[0]"), arn="task/{task}/execution/{id}", status="State",
    ),
)  # fmt: skip
