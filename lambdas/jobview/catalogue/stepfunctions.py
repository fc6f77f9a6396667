"""AWS Step Functions (``stepfunctions`` 2016-11-23): executions of standard state machines.

Express executions are not kept by the service and cannot be listed. Rates are the documented refill rates
of the smaller Regions' token buckets.
"""

from jobview.catalogue.declaration import Events, Family, Fields, GetCall, ListCall, ParentKind
from jobview.model import State

_STATE_MACHINE = "arn:{partition}:states:{region}:{account}:stateMachine:{parent}"
_EXECUTION = "arn:{partition}:states:{region}:{account}:execution:{parent}:{id}"

EXECUTION = Family(
    service="stepfunctions",
    type="execution",
    title="AWS Step Functions execution",
    parent=ParentKind(
        type="state-machine",
        call=ListCall(
            operation="ListStateMachines",
            rate=5,
            action="states:ListStateMachines",
            items="stateMachines[?type == 'STANDARD']",
            page_size=("maxResults", 1000),
        ),
        id="name",
    ),
    list=ListCall(
        operation="ListExecutions",
        inputs={"stateMachineArn": _STATE_MACHINE},
        rate=2,
        action="states:ListExecutions",
        resource=_STATE_MACHINE,
        items="executions",
        page_size=("maxResults", 1000),
        # Running executions by their start (or redrive), others by their end.
        newest_first=True,
    ),
    list_fields=Fields(
        id="name",
        status="status",
        name="name",
        started="startDate",
        ended="stopDate",
        generation="redriveCount",
    ),
    get=GetCall(
        operation="DescribeExecution",
        # Without the input and the output, which may be anyone's data.
        inputs={"executionArn": _EXECUTION, "includedData": "METADATA_ONLY"},
        rate=10,
        action="states:DescribeExecution",
        resource=_EXECUTION,
        item="@",
        missing=("ExecutionDoesNotExist",),
    ),
    get_fields=Fields(
        id="name",
        status="status",
        name="name",
        started="startDate",
        ended="stopDate",
        generation="redriveCount",
    ),
    states={
        "RUNNING": State.RUNNING,
        "SUCCEEDED": State.SUCCEEDED,
        "FAILED": State.FAILED,
        "TIMED_OUT": State.FAILED,
        "ABORTED": State.CANCELLED,
        "PENDING_REDRIVE": State.PENDING,
    },
    # AWS marks error and cause as sensitive, as it does input and output.
    failures_how="DescribeExecution and the console tell error and cause, which AWS marks as sensitive.",
    console=f"https://{{region}}.console.aws.amazon.com/states/home?region={{region}}#/v2/executions/details/{_EXECUTION}",
    events=Events(
        source="aws.states",
        detail_types=("Step Functions Execution Status Change",),
        id="detail.executionArn",
        parent="detail.stateMachineArn",
        status="detail.status",
    ),
    retention="90 days",
)
