"""AWS Batch (``batch`` 2016-08-10): jobs and service jobs in job queues."""

from jobview.catalogue.language import (
    CANCELLED,
    FAILED,
    PENDING,
    RUNNING,
    SINCE,
    SUCCEEDED,
    Cause,
    Counts,
    Events,
    Family,
    Items,
    Job,
    Logs,
    Milliseconds,
    Parent,
    Service,
    When,
)

# AWS publishes no rates of these operations.
BATCH = Service("batch", rate=5)

# The jobs of a queue for SageMaker training are service jobs, which ListJobs does not list.
JOB_QUEUE = Parent(
    BATCH, "job-queue", list="DescribeJobQueues", id="jobQueueName", only="jobQueueType != 'SAGEMAKER_TRAINING'",
    page_size=100,
)  # fmt: skip

# Only an array job has counts: of its children. It is PENDING until the last child has ended.
_CHILDREN = Counts(
    container=True, running=("arrayProperties.statusSummary.STARTING", "arrayProperties.statusSummary.RUNNING"),
    unit="children", total="arrayProperties.size", succeeded="arrayProperties.statusSummary.SUCCEEDED",
    failed="arrayProperties.statusSummary.FAILED",
)  # fmt: skip
_ECS = "ecsProperties.taskProperties[].containers[]"
_EKS = "eksProperties.podProperties"
_NODES = "nodeProperties.nodeRangeProperties[]"


def _cause(at: str) -> Cause:
    return Cause(at=at, message="reason", exit_code="exitCode")


# "Essential container in task exited" only says that a container ended. The container itself has the reason.
_CONTAINERS = (
    "container", "attempts[-1].container", _ECS, "attempts[-1].taskProperties[].containers[]",
    f"{_EKS}.containers[]", f"{_EKS}.initContainers[]",
    "eksAttempts[-1].containers[]", "eksAttempts[-1].initContainers[]",
)  # fmt: skip
_STOPPED = tuple(When(FAILED, flag, (True,), CANCELLED) for flag in ("isCancelled", "isTerminated"))
_CAUSES = tuple(_cause(at) for at in _CONTAINERS)

# Batch sends the log to its own group unless the job definition names a driver or a group.
_DRIVER = "container.logConfiguration.logDriver"
_GROUP = 'container.logConfiguration.options."awslogs-group"'
_STREAM = "{container.logStreamName}"
_LOGS = (
    Logs(group=f"{{{_GROUP}}}", stream=_STREAM, where={_DRIVER: "awslogs"}),
    Logs(group="/aws/batch/job", stream=_STREAM, where={_DRIVER: "awslogs", _GROUP: None}),
    Logs(group="/aws/batch/job", stream=_STREAM, where={_DRIVER: None}),
)

# Command lines, environments, parameters and options of log drivers may contain secrets. A container's end, host and
# log stream do not.
_OF_A_CONTAINER = (
    "command", "environment", "secrets", "logConfiguration.options", "logConfiguration.secretOptions",
    "repositoryCredentials",
)  # fmt: skip
_OF_A_TASK = (*_OF_A_CONTAINER, "firelensConfiguration.options")
_OF_A_POD = (
    "imagePullSecrets", "metadata.annotations", "volumes[].secret",
    *(f"{kind}[].{name}" for kind in ("containers", "initContainers") for name in ("command", "args", "env")),
)  # fmt: skip
_WITHHELD = (
    "parameters", *(f"container.{name}" for name in _OF_A_CONTAINER),
    *(f"{_NODES}.container.{name}" for name in _OF_A_CONTAINER),
    *(f"{within}{_ECS}.{name}" for within in ("", f"{_NODES}.") for name in _OF_A_TASK),
    *(f"{within}{_EKS}.{name}" for within in ("", f"{_NODES}.") for name in _OF_A_POD),
)  # fmt: skip

JOB = Family(
    BATCH, "job", "AWS Batch job",
    under=[JOB_QUEUE],
    list="ListJobs", page_size=1000,
    # A call lists the jobs of one status: RUNNING by default.
    per_status="jobStatus",
    # With a filter Batch ignores the status, and a page has 100 jobs.
    since={"filters": [{"name": "AFTER_CREATED_AT", "values": [SINCE.milliseconds_text]}], "maxResults": 100},
    get="DescribeJobs", batch=100,
    job=Job(
        id="jobId", status="status", name="jobName", created="createdAt",
        # Only DescribeJobs documents the unit of these two.
        started=Milliseconds("startedAt"), ended=Milliseconds("stoppedAt"), reason="statusReason",
        causes=(_cause("container"),),
        when=_STOPPED,
        counts=_CHILDREN,
    ),
    got=Job(causes=_CAUSES, role="container.jobRoleArn", tags="tags", logs=_LOGS),
    states={
        PENDING: "SUBMITTED PENDING RUNNABLE STARTING", RUNNING: "RUNNING", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED",
    },
    # A child has an id of its own, which DescribeJobs knows.
    items_list=Items(
        "ListJobs", inputs={"arrayJobId": "{id}"}, page_size=1000, per_status="jobStatus", unit="children", job="job",
        item=Job(
            id="jobId", status="status", name="jobName", created="createdAt", started=Milliseconds("startedAt"),
            ended=Milliseconds("stoppedAt"), reason="statusReason", causes=(_cause("container"),), when=_STOPPED,
        ),
    ),
    failures="GET this job's items: the children of an array job, each with its state and its reason.",
    withheld=_WITHHELD,
    console="batch/home#jobs/detail/{id}",
    events=Events(
        "Batch Job State Change",
        # Not children of array jobs (id:index) or nodes of parallel jobs (id#index): the list does not have them.
        id="(!contains(jobId, ':') && !contains(jobId, '#') && jobId) || null", parent="jobQueue", status="status",
        reason="statusReason",
    ),
    retention="7 days",
)  # fmt: skip

SERVICE_JOB_QUEUE = Parent(
    BATCH, "job-queue", list="DescribeJobQueues", id="jobQueueName", only="jobQueueType == 'SAGEMAKER_TRAINING'",
    page_size=100,
)  # fmt: skip

SERVICE_JOB = Family(
    BATCH, "service-job", "AWS Batch service job",
    under=[SERVICE_JOB_QUEUE],
    list="ListServiceJobs", page_size=100,
    # A call lists the jobs of one status: RUNNING by default. With a filter Batch ignores the status.
    per_status="jobStatus",
    since={"filters": [{"name": "AFTER_CREATED_AT", "values": [SINCE.milliseconds_text]}]},
    # The model has no error code for an unknown job, so there is no get.
    job=Job(
        id="jobId", status="status", name="jobName", created="createdAt", started="startedAt", ended="stoppedAt",
        reason="statusReason", outputs=("latestAttempt.serviceResourceId.value",),
        when=(When(FAILED, "isTerminated", (True,), CANCELLED),),
    ),
    states={
        PENDING: "SUBMITTED PENDING RUNNABLE SCHEDULED STARTING", RUNNING: "RUNNING", SUCCEEDED: "SUCCEEDED",
        FAILED: "FAILED",
    },
)  # fmt: skip
