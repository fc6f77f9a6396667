"""AWS Batch (``batch`` 2016-08-10): jobs in job queues.

One list call tells one status (RUNNING unless asked for another), so the list is swept. IAM knows no
resources for these operations, and AWS publishes no rates of them.
"""

from jobview.catalogue.declaration import (
    IDS,
    SINCE_MILLISECONDS,
    Cause,
    Counts,
    Events,
    Family,
    Fields,
    GetCall,
    ListCall,
    Narrowing,
    ParentKind,
)
from jobview.model import State

_RATE = 5.0
_STATES = {
    "SUBMITTED": State.PENDING,
    "PENDING": State.PENDING,
    "RUNNABLE": State.PENDING,
    "STARTING": State.PENDING,
    "RUNNING": State.RUNNING,
    "SUCCEEDED": State.SUCCEEDED,
    "FAILED": State.FAILED,
}
# Only an array job counts anything: its children. It is PENDING until the last of them has ended.
_CHILDREN = Counts(
    container=True,
    running=("arrayProperties.statusSummary.STARTING", "arrayProperties.statusSummary.RUNNING"),
    unit="children",
    total="arrayProperties.size",
    succeeded="arrayProperties.statusSummary.SUCCEEDED",
    failed="arrayProperties.statusSummary.FAILED",
)
_CANCELLED = ("isCancelled", "isTerminated")
_ECS = "ecsProperties.taskProperties[].containers[]"
_EKS = "eksProperties.podProperties"
_NODES = "nodeProperties.nodeRangeProperties[]"


def _cause(at: str) -> Cause:
    return Cause(at=at, message="reason", exit_code="exitCode")


# "Essential container in task exited" says that a container ended; how it ended stands with the container.
_CAUSES = tuple(
    _cause(at)
    for at in (
        "container",
        "attempts[-1].container",
        _ECS,
        "attempts[-1].taskProperties[].containers[]",
        f"{_EKS}.containers[]",
        f"{_EKS}.initContainers[]",
        "eksAttempts[-1].containers[]",
        "eksAttempts[-1].initContainers[]",
    )
)

# Command lines, environments, parameters and options of log drivers may hold secrets; how a container ended, where it
# ran and where its log is do not.
_OF_A_CONTAINER = (
    "command",
    "environment",
    "secrets",
    "logConfiguration.options",
    "logConfiguration.secretOptions",
    "repositoryCredentials",
)
_OF_A_TASK = (*_OF_A_CONTAINER, "firelensConfiguration.options")
_OF_A_POD = (
    "imagePullSecrets",
    "metadata.annotations",
    "volumes[].secret",
    *(f"{kind}[].{name}" for kind in ("containers", "initContainers") for name in ("command", "args", "env")),
)
_WITHHELD = (
    "parameters",
    *(f"container.{name}" for name in _OF_A_CONTAINER),
    *(f"{_NODES}.container.{name}" for name in _OF_A_CONTAINER),
    *(f"{within}{_ECS}.{name}" for within in ("", f"{_NODES}.") for name in _OF_A_TASK),
    *(f"{within}{_EKS}.{name}" for within in ("", f"{_NODES}.") for name in _OF_A_POD),
)

JOB = Family(
    service="batch",
    type="job",
    title="AWS Batch job",
    parent=ParentKind(
        type="job-queue",
        call=ListCall(
            operation="DescribeJobQueues",
            rate=_RATE,
            action="batch:DescribeJobQueues",
            # The jobs of a queue for SageMaker training are service jobs, which ListJobs does not tell.
            items="jobQueues[?jobQueueType != 'SAGEMAKER_TRAINING']",
            page_size=("maxResults", 100),
        ),
        id="jobQueueName",
    ),
    list=ListCall(
        operation="ListJobs",
        inputs={"jobQueue": "{parent}"},
        rate=_RATE,
        action="batch:ListJobs",
        items="jobSummaryList",
        page_size=("maxResults", 1000),
        sweep=("jobStatus", tuple(_STATES)),
        # With a filter Batch looks at no status, and a page has 100 jobs.
        narrowing=Narrowing(
            inputs=({"filters": [{"name": "AFTER_CREATED_AT", "values": [SINCE_MILLISECONDS]}], "maxResults": 100},),
            whole=True,
        ),
    ),
    list_fields=Fields(
        id="jobId",
        status="status",
        name="jobName",
        created="createdAt",
        started="startedAt",
        ended="stoppedAt",
        milliseconds=True,
        reason="statusReason",
        causes=(_cause("container"),),
        cancelled=_CANCELLED,
        counts=_CHILDREN,
    ),
    get=GetCall(
        operation="DescribeJobs",
        inputs={"jobs": IDS},
        rate=_RATE,
        action="batch:DescribeJobs",
        item="jobs",
        batch=100,
    ),
    get_fields=Fields(
        id="jobId",
        status="status",
        name="jobName",
        created="createdAt",
        started="startedAt",
        ended="stoppedAt",
        milliseconds=True,
        reason="statusReason",
        causes=_CAUSES,
        role="container.jobRoleArn",
        tags="tags",
        cancelled=_CANCELLED,
        counts=_CHILDREN,
    ),
    states=_STATES,
    failures_how="Of an array job, ListJobs with its id as arrayJobId and jobStatus FAILED tells the failed children.",
    withheld=_WITHHELD,
    console="https://{region}.console.aws.amazon.com/batch/home?region={region}#jobs/detail/{id}",
    events=Events(
        source="aws.batch",
        detail_types=("Batch Job State Change",),
        # Not the children of an array job (id:index) or the nodes of a parallel one (id#index): the list has them not.
        id="(!contains(detail.jobId, ':') && !contains(detail.jobId, '#') && detail.jobId) || null",
        parent="detail.jobQueue",
        status="detail.status",
        reason="detail.statusReason",
    ),
    retention="7 days",
)
