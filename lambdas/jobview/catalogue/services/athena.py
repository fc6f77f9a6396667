"""Amazon Athena (``athena`` 2017-05-18): queries in workgroups, and calculations in Spark sessions."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Cause,
    Events,
    Family,
    Job,
    Parent,
    Service,
    Unanswered,
)

# Documented, except for ListWorkGroups, which gets the lowest of these rates.
ATHENA = Service("athena", rate=5)

WORKGROUP = Parent(ATHENA, "workgroup", list="ListWorkGroups", id="Name")

QUERY_EXECUTION = Family(
    ATHENA, "query-execution", "Amazon Athena query",
    under=[WORKGROUP],
    # The list returns ids alone.
    list="ListQueryExecutions", newest_first="experience; no document says so",
    get="BatchGetQueryExecution", get_rate=20,
    unanswered=Unanswered(
        path="UnprocessedQueryExecutionIds", id="QueryExecutionId", code="ErrorCode", message="ErrorMessage",
        # No document lists the codes; GetQueryExecution returns the first as its AthenaErrorCode.
        missing={
            "QUERY_EXECUTION_NOT_FOUND": "", "INVALID_QUERY_EXECUTION_ID": "", "INVALID_QUERY_ID": "",
            "INVALID_INPUT": "not found", "InvalidRequestException": "not found", "INTERNAL_FAILURE": "not found",
        },
    ),
    job=Job(id="@"),
    got=Job(
        id="QueryExecutionId", status="Status.State", parent="WorkGroup", created="Status.SubmissionDateTime",
        ended="Status.CompletionDateTime", reason="Status.StateChangeReason",
        causes=(Cause(at="Status.AthenaError", message="ErrorMessage"),),
        outputs=("ResultConfiguration.OutputLocation",),
    ),
    states={PENDING: "QUEUED", RUNNING: "RUNNING", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED", CANCELLED: "CANCELLED"},
    withheld=("Query", "ExecutionParameters"),
    console="athena/home#/query-editor/history/{id}",
    events=Events("Athena Query State Change", id="queryExecutionId", parent="workgroupName", status="currentState"),
    retention="45 days",
)  # fmt: skip

# Workgroups with the SQL engine have no sessions.
SPARK_WORKGROUP = Parent(
    ATHENA, "spark-workgroup", list="ListWorkGroups", id="Name",
    only="EngineVersion.EffectiveEngineVersion != 'Athena engine version 3'",
)  # fmt: skip
SESSION = Parent(ATHENA, "session", list="ListSessions", id="SessionId")

CALCULATION_EXECUTION = Family(
    ATHENA, "calculation-execution", "Amazon Athena calculation",
    under=[SPARK_WORKGROUP, SESSION],
    list="ListCalculationExecutions", newest_first="the documentation of the list",
    lists_only="calculations of sessions that are active",
    get="GetCalculationExecution",
    job=Job(
        id="CalculationExecutionId", status="Status.State", created="Status.SubmissionDateTime",
        ended="Status.CompletionDateTime", reason="Status.StateChangeReason",
    ),
    got=Job(parent="SessionId", outputs=("Result.ResultS3Uri",)),
    states={
        PENDING: "CREATING CREATED QUEUED", RUNNING: "RUNNING", CANCELLING: "CANCELING", CANCELLED: "CANCELED",
        SUCCEEDED: "COMPLETED", FAILED: "FAILED",
    },
)  # fmt: skip
