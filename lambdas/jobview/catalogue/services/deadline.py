"""AWS Deadline Cloud (``deadline`` 2023-10-12): jobs in the queues of farms, and aggregations of statistics.

Steps, tasks and sessions are parts of a job.
"""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PAUSED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Counts,
    Events,
    Family,
    Job,
    Parent,
    Service,
    When,
)

# AWS publishes no rates of these operations: a guess on the safe side.
DEADLINE = Service("deadline", rate=2)

FARM = Parent(DEADLINE, "farm", list="ListFarms", id="farmId")
QUEUE = Parent(DEADLINE, "queue", list="ListQueues", id="queueId")

# NOT_COMPATIBLE: no fleet of the queue can run it yet.
_TASKS = {
    PENDING: "PENDING READY ASSIGNED SCHEDULED STARTING NOT_COMPATIBLE", PAUSED: "SUSPENDED",
    SUCCEEDED: "SUCCEEDED", FAILED: "FAILED", CANCELLED: "CANCELED",
}  # fmt: skip

JOB = Family(
    DEADLINE, "job", "AWS Deadline Cloud job",
    under=[FARM, QUEUE],
    list="ListJobs",
    get="GetJob",
    # Until the job is created, only its life cycle has a status. Then its tasks have one.
    job=Job(
        id="jobId", status="lifecycleStatus", name="name", created="createdAt", started="startedAt",
        updated="updatedAt", ended="endedAt",
        when=(
            *(When(RUNNING, "taskRunStatus", tuple(words.split()), state) for state, words in _TASKS.items()),
            When(RUNNING, "targetTaskRunStatus", ("CANCELED",), CANCELLING),
        ),
        counts=Counts(
            unit="tasks", succeeded="taskRunStatusCounts.SUCCEEDED", failed="taskRunStatusCounts.FAILED",
            skipped="taskRunStatusCounts.CANCELED",
        ),
    ),
    states={
        PENDING: "CREATE_IN_PROGRESS UPLOAD_IN_PROGRESS", FAILED: "CREATE_FAILED UPLOAD_FAILED",
        RUNNING: "CREATE_COMPLETE UPDATE_IN_PROGRESS UPDATE_FAILED UPDATE_SUCCEEDED ARCHIVED",
    },
    failures="ListTasks lists the failed tasks. If the job was not created, its lifecycleStatusMessage has the reason.",
    events=Events(
        ("Job Lifecycle Status Change", "Job Run Status Change"), id="jobId", parent=("farmId", "queueId"),
    ),
)  # fmt: skip

STATISTICS_AGGREGATION = Family(
    DEADLINE, "statistics-aggregation", "AWS Deadline Cloud statistics aggregation",
    under=[FARM],
    # No operation lists the aggregations. The statistics cannot be left out of the answer: as few as possible.
    get="GetSessionsStatisticsAggregation", get_inputs={"maxResults": 1, "aggregationId": "{id}"},
    job=Job(status="status", reason="statusMessage"),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED", FAILED: "FAILED TIMEOUT"},
    withheld=("statistics", "nextToken"),
    retention="1 hour after the aggregation was started",
)  # fmt: skip
