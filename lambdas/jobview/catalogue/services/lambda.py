"""AWS Lambda (``lambda`` 2015-03-31): durable executions of functions."""  # noqa: N999 (it is the name of the service)

from jobview.catalogue.language import (
    CANCELLED,
    FAILED,
    PAUSED,
    RUNNING,
    SINCE,
    SUCCEEDED,
    UNKNOWN,
    Family,
    Job,
    Parent,
    Service,
)

# AWS publishes no rates of these operations: a guess on the safe side.
LAMBDA = Service("lambda", rate=2)

# Other functions have no durable executions.
FUNCTION = Parent(
    LAMBDA, "function", list="ListFunctions", id="FunctionName", only="DurableConfig != `null`", page_size=50,
)  # fmt: skip

DURABLE_EXECUTION = Family(
    LAMBDA, "durable-execution", "AWS Lambda durable execution",
    under=[FUNCTION],
    # Without a qualifier it lists the executions of all versions.
    list="ListDurableExecutionsByFunction", inputs={"ReverseOrder": True}, since={"StartedAfter": SINCE},
    open_by="Statuses",
    get="GetDurableExecution", get_inputs={"IncludeExecutionData": False},
    # A missing key is no missing execution.
    missing={"KMSNotFoundException": "durable execution"},
    job=Job(
        id="DurableExecutionArn", status="Status", name="DurableExecutionName", created="StartTimestamp",
        started="StartTimestamp", ended="EndTimestamp",
    ),
    # AWS marks the error as sensitive, as it does input and result.
    failures="GetDurableExecution and the console show the error, which AWS marks as sensitive.",
    # PAUSING: an invocation still runs. DELETING: the word does not say how the execution ended.
    states={
        RUNNING: "RUNNING PAUSING", PAUSED: "PAUSED", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED TIMED_OUT",
        CANCELLED: "STOPPED", UNKNOWN: "DELETING",
    },
)  # fmt: skip
