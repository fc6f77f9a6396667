"""AWS Step Functions (``stepfunctions`` 2016-11-23): executions of standard state machines, and Map Runs in them.

The service does not keep Express executions and cannot list them.
"""

from jobview.catalogue.language import (
    CANCELLED,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Counts,
    Events,
    Family,
    Items,
    Job,
    Parent,
    Service,
)

# The documented refill rates of the smaller Regions' token buckets.
STEP_FUNCTIONS = Service("stepfunctions", rate=5)

STATE_MACHINE = Parent(STEP_FUNCTIONS, "state-machine", list="ListStateMachines", id="name", only="type == 'STANDARD'")

_EXECUTION = "arn:{partition}:states:{region}:{account}:execution:{parent}:{id}"

EXECUTION = Family(
    STEP_FUNCTIONS, "execution", "AWS Step Functions execution",
    under=[STATE_MACHINE],
    list="ListExecutions",
    inputs={"stateMachineArn": "arn:{partition}:states:{region}:{account}:stateMachine:{parent}"}, rate=2,
    # Running executions are ordered by their start (or redrive), others by their end.
    newest_first=True,
    get="DescribeExecution",
    # Without input and output, which may contain any data.
    get_inputs={"executionArn": _EXECUTION, "includedData": "METADATA_ONLY"}, get_rate=10,
    job=Job(id="name", status="status", name="name", started="startDate", ended="stopDate", counter="redriveCount"),
    states={
        RUNNING: "RUNNING", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED TIMED_OUT", CANCELLED: "ABORTED",
        PENDING: "PENDING_REDRIVE",
    },
    # AWS marks error and cause as sensitive, as it does input and output.
    failures="DescribeExecution and the console show error and cause, which AWS marks as sensitive.",
    console=f"states/home#/v2/executions/details/{_EXECUTION}",
    events=Events(
        "Step Functions Execution Status Change", id="executionArn", parent="stateMachineArn", status="status",
    ),
    retention="90 days",
)  # fmt: skip

# Only executions that still run, because an account may have a million that have ended.
RUNNING_EXECUTION = Parent(
    STEP_FUNCTIONS, "execution", list="ListExecutions",
    inputs={
        "stateMachineArn": "arn:{partition}:states:{region}:{account}:stateMachine:{parent}", "statusFilter": "RUNNING",
    },
    id="name", rate=2,
)  # fmt: skip

MAP_RUN = Family(
    STEP_FUNCTIONS, "map-run", "AWS Step Functions Map Run",
    under=[STATE_MACHINE, RUNNING_EXECUTION],
    list="ListMapRuns", rate=1,
    inputs={"executionArn": "arn:{partition}:states:{region}:{account}:execution:{state-machine}:{parent}"},
    lists_only="the Map Runs of running executions",
    get="DescribeMapRun", get_rate=1,
    job=Job(id="mapRunArn"),
    got=Job(
        status="status", counter="redriveCount", started="startDate", ended="stopDate",
        # A Map Run succeeds with failed items, if they are not more than it tolerates.
        counts=Counts(
            unit="items", total="itemCounts.total", succeeded="itemCounts.succeeded",
            failed=("itemCounts.failed", "itemCounts.timedOut"), skipped="itemCounts.aborted",
        ),
    ),
    states={RUNNING: "RUNNING", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED", CANCELLED: "ABORTED"},
    # Its child executions. No state machine lists them.
    items_list=Items(
        "ListExecutions", inputs={"mapRunArn": "{id}"}, rate=2, unit="child executions",
        item=Job(id="executionArn", status="status", name="name", started="startDate", ended="stopDate"),
        states={
            RUNNING: "RUNNING", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED TIMED_OUT", CANCELLED: "ABORTED",
            PENDING: "PENDING_REDRIVE",
        },
    ),
    failures="GET this job's items: the child executions, each with its state.",
    retention="90 days",
)  # fmt: skip
