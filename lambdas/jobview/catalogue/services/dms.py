"""AWS Database Migration Service (``dms`` 2016-01-01): replications and premigration assessments.

A replication task, and a serverless replication, is one job, and each of its starts is a generation of that job.
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
    Items,
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
_WHY_STOPPED = tuple(
    When(CANCELLED, "StopReason", tuple(f"Stop Reason {word}" for word in words.split()), then)
    for then, words in _STOPPED.items()
)


def _tables(stats: str) -> Counts:
    """The tables of the full load, in the statistics at this path."""
    return Counts(
        unit="tables", succeeded=f"{stats}.TablesLoaded", failed=f"{stats}.TablesErrored",
        total=tuple(f"{stats}.Tables{name}" for name in ("Loaded", "Loading", "Queued", "Errored")),
    )  # fmt: skip


# The model allows any text; its documentation has these words.
_TABLE_STATES = {
    PENDING: ("Before load",), RUNNING: ("Full load", "Table is being reloaded"),
    SUCCEEDED: ("Table completed",), CANCELLED: ("Table cancelled",),
    FAILED: ("Table error", "Table does not exist"),
}  # fmt: skip

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
        counts=_tables("ReplicationTaskStats"),
        when=_WHY_STOPPED,
    ),
    # The model allows any text; AWS documents these words. The last five do not describe the migration.
    states={
        PENDING: "creating ready starting", RUNNING: "running", CANCELLING: "stopping", CANCELLED: "stopped",
        FAILED: "failed", UNKNOWN: "modifying testing moving failed-move deleting",
    },
    items_list=Items(
        "DescribeTableStatistics", inputs={"ReplicationTaskArn": "arn:{partition}:dms:{region}:{account}:task:{id}"},
        page_size=500, unit="tables", group="SchemaName",
        item=Job(status="TableState", name="TableName", started="FullLoadStartTime", ended="FullLoadEndTime"),
        states=_TABLE_STATES,
    ),
    events=Events("DMS Replication Task State Change", id=OfEvent("resources[0]")),
)  # fmt: skip

REPLICATION = Family(
    DMS, "serverless-replication", "AWS DMS Serverless replication",
    list="DescribeReplications", page_size=100,
    get="DescribeReplications",
    get_inputs={
        "Filters": [
            {
                "Name": "replication-config-arn",
                "Values": ["arn:{partition}:dms:{region}:{account}:replication-config:{id}"],
            }
        ]
    },
    job=Job(
        id="ReplicationConfigArn", name="ReplicationConfigIdentifier", status="Status",
        reason="StopReason", causes=(Cause(at="FailureMessages", message="@"),),
        created="ReplicationCreateTime", started="ReplicationStats.StartDate", updated="ReplicationUpdateTime",
        ended="ReplicationLastStopTime", progress="ReplicationStats.FullLoadProgressPercent",
        counts=_tables("ReplicationStats"), when=_WHY_STOPPED,
    ),
    # The model allows any text. Before it runs, a replication reads the source's metadata and provisions capacity.
    states={
        PENDING: "created ready initializing preparing_metadata_resources testing_connection fetching_metadata "
        "calculating_capacity provisioning_capacity replication_starting",
        RUNNING: "running", CANCELLING: "stopping", CANCELLED: "stopped", FAILED: "failed",
        UNKNOWN: "modifying deleting",
    },
    items_list=Items(
        "DescribeReplicationTableStatistics",
        inputs={"ReplicationConfigArn": "arn:{partition}:dms:{region}:{account}:replication-config:{id}"},
        page_size=500, unit="tables", group="SchemaName",
        item=Job(status="TableState", name="TableName", started="FullLoadStartTime", ended="FullLoadEndTime"),
        states=_TABLE_STATES,
    ),
)  # fmt: skip

_RESULTS = "ResultStatistic"

ASSESSMENT_RUN = Family(
    DMS, "premigration-assessment-run", "AWS DMS premigration assessment run",
    list="DescribeReplicationTaskAssessmentRuns", page_size=100,
    get="DescribeReplicationTaskAssessmentRuns", get_resource="ReplicationTaskAssessmentRun",
    get_inputs={
        "Filters": [
            {
                "Name": "replication-task-assessment-run-arn",
                "Values": ["arn:{partition}:dms:{region}:{account}:assessment-run:{id}"],
            }
        ]
    },
    job=Job(
        id="ReplicationTaskAssessmentRunArn", name="AssessmentRunName", status="Status", reason="LastFailureMessage",
        created="ReplicationTaskAssessmentRunCreationDate", role="ServiceAccessRoleArn",
        counts=Counts(
            unit="assessments", total="AssessmentProgress.IndividualAssessmentCount",
            succeeded=(f"{_RESULTS}.Passed", f"{_RESULTS}.Warning"), failed=(f"{_RESULTS}.Failed", f"{_RESULTS}.Error"),
            skipped=(f"{_RESULTS}.Cancelled", f"{_RESULTS}.Skipped"),
        ),
    ),
    # warning: some assessments have warnings, or all were skipped. A cancelled run is deleted, and has no word of its
    # own. The last two words do not say how the run ended.
    states={
        PENDING: ("starting", "provisioning"), RUNNING: ("running",), CANCELLING: ("cancelling",),
        SUCCEEDED: ("passed", "warning"), FAILED: ("failed", "error-provisioning", "error-executing"),
        UNKNOWN: ("deleting", "invalid state"),
    },
    failures="The bucket of the results has a report of each assessment.",
    items_list=Items(
        "DescribeReplicationTaskIndividualAssessments", page_size=100, unit="assessments",
        resource="ReplicationTaskAssessmentRun",
        inputs={
            "Filters": [
                {
                    "Name": "replication-task-assessment-run-arn",
                    "Values": ["arn:{partition}:dms:{region}:{account}:assessment-run:{id}"],
                }
            ]
        },
        item=Job(
            id="ReplicationTaskIndividualAssessmentArn", name="IndividualAssessmentName", status="Status",
            started="ReplicationTaskIndividualAssessmentStartDate",
        ),
        states={
            PENDING: "pending", RUNNING: "running", SUCCEEDED: "passed warning", FAILED: "failed error",
            CANCELLED: "cancelled skipped",
        },
    ),
)  # fmt: skip
