"""AWS Database Migration Service (``dms`` 2016-01-01): replication tasks.

A task is one job, and each of its starts is a generation of that job.
"""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    UNKNOWN,
    Cause,
    Counts,
    Events,
    Family,
    Job,
    OfEvent,
    Service,
    When,
)

# AWS publishes no rates of these operations: a guess on the safe side.
DMS = Service("dms", rate=2)

# The reasons of tasks that stopped by themselves. After the last two reasons DMS restarts the task.
_STOPPED = {
    SUCCEEDED: "NORMAL FULL_LOAD_ONLY_FINISHED STOPPED_AFTER_FULL_LOAD STOPPED_AFTER_CACHED_EVENTS "
    "STOPPED_AFTER_DDL_APPLY STOPPED_AT_SERVER_TIME STOPPED_AT_COMMIT_TIME",
    FAILED: "RECOVERABLE_ERROR FATAL_ERROR EXPRESS_LICENSE_LIMITS_REACHED "
    "STOPPED_DUE_TO_LOW_MEMORY STOPPED_DUE_TO_LOW_DISK",
    UNKNOWN: "RECONFIGURATION_RESTART RECYCLE_TASK",
}

_TABLES = Counts(
    unit="tables", succeeded="ReplicationTaskStats.TablesLoaded", failed="ReplicationTaskStats.TablesErrored",
    total=tuple(f"ReplicationTaskStats.Tables{name}" for name in ("Loaded", "Loading", "Queued", "Errored")),
)  # fmt: skip

REPLICATION_TASK = Family(
    DMS, "replication-task", "AWS DMS replication task",
    list="DescribeReplicationTasks", inputs={"WithoutSettings": True}, page_size=100,
    get="DescribeReplicationTasks",
    get_inputs={
        "Filters": [{"Name": "replication-task-arn", "Values": ["arn:{partition}:dms:{region}:{account}:task:{id}"]}]
    },
    job=Job(
        id="ReplicationTaskArn", name="ReplicationTaskIdentifier", status="Status",
        reason="StopReason", causes=(Cause(at="LastFailureMessage", message="@"),),
        created="ReplicationTaskCreationDate", started="ReplicationTaskStats.StartDate",
        ended="ReplicationTaskStats.StopDate", progress="ReplicationTaskStats.FullLoadProgressPercent",
        counts=_TABLES,
        when=tuple(
            When(CANCELLED, "StopReason", tuple(f"Stop Reason {word}" for word in words.split()), then)
            for then, words in _STOPPED.items()
        ),
    ),
    # The model allows any text; AWS documents these words. The last five do not describe the migration.
    states={
        PENDING: "creating ready starting", RUNNING: "running", CANCELLING: "stopping", CANCELLED: "stopped",
        FAILED: "failed", UNKNOWN: "modifying testing moving failed-move deleting",
    },
    events=Events("DMS Replication Task State Change", id=OfEvent("resources[0]")),
)  # fmt: skip
