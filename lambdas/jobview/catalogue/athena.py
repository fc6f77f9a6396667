"""Amazon Athena (``athena`` 2017-05-18): query executions in workgroups.

The list tells ids alone, newest first; the batch get tells the rest. Rates are the documented ones.
"""

from jobview.catalogue.declaration import (
    IDS,
    Cause,
    Events,
    Family,
    Fields,
    GetCall,
    ListCall,
    ParentKind,
    Unanswered,
)
from jobview.model import State

_WORKGROUP = "arn:{partition}:athena:{region}:{account}:workgroup/{parent}"

QUERY_EXECUTION = Family(
    service="athena",
    type="query-execution",
    title="Amazon Athena query",
    parent=ParentKind(
        type="workgroup",
        call=ListCall(
            operation="ListWorkGroups",
            # Not among the documented ones: as the lowest of them.
            rate=5,
            action="athena:ListWorkGroups",
            items="WorkGroups",
            page_size=("MaxResults", 50),
            tokens=("NextToken", "NextToken"),
        ),
        id="Name",
    ),
    list=ListCall(
        operation="ListQueryExecutions",
        inputs={"WorkGroup": "{parent}"},
        rate=5,
        action="athena:ListQueryExecutions",
        resource=_WORKGROUP,
        items="QueryExecutionIds",
        page_size=("MaxResults", 50),
        newest_first=True,
    ),
    list_fields=Fields(id="@"),
    get=GetCall(
        operation="BatchGetQueryExecution",
        inputs={"QueryExecutionIds": IDS},
        rate=20,
        action="athena:BatchGetQueryExecution",
        resource=_WORKGROUP,
        item="QueryExecutions",
        batch=50,
        unanswered=Unanswered(
            path="UnprocessedQueryExecutionIds",
            id="QueryExecutionId",
            code="ErrorCode",
            message="ErrorMessage",
            # No document names the codes; GetQueryExecution tells the first as its AthenaErrorCode.
            missing={
                "QUERY_EXECUTION_NOT_FOUND": "",
                "INVALID_QUERY_EXECUTION_ID": "",
                "INVALID_QUERY_ID": "",
                "INVALID_INPUT": "not found",
                "InvalidRequestException": "not found",
                "INTERNAL_FAILURE": "not found",
            },
        ),
    ),
    get_fields=Fields(
        id="QueryExecutionId",
        status="Status.State",
        parent="WorkGroup",
        created="Status.SubmissionDateTime",
        ended="Status.CompletionDateTime",
        reason="Status.StateChangeReason",
        causes=(Cause(at="Status.AthenaError", message="ErrorMessage"),),
        outputs=("ResultConfiguration.OutputLocation",),
    ),
    states={
        "QUEUED": State.PENDING,
        "RUNNING": State.RUNNING,
        "SUCCEEDED": State.SUCCEEDED,
        "FAILED": State.FAILED,
        "CANCELLED": State.CANCELLED,
    },
    withheld=("Query", "ExecutionParameters"),
    console="https://{region}.console.aws.amazon.com/athena/home?region={region}#/query-editor/history/{id}",
    events=Events(
        source="aws.athena",
        detail_types=("Athena Query State Change",),
        id="detail.queryExecutionId",
        parent="detail.workgroupName",
        status="detail.currentState",
    ),
    retention="45 days",
)
