"""Amazon AppFlow (``appflow`` 2020-08-23): executions of flows."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    RUNNING,
    SUCCEEDED,
    Counts,
    Family,
    Job,
    Parent,
    Service,
)

# A guess on the safe side.
APPFLOW = Service("appflow", rate=2)

FLOW = Parent(APPFLOW, "flow", list="ListFlows", id="flowName")

FLOW_EXECUTION = Family(
    APPFLOW, "flow-execution", "Amazon AppFlow flow execution",
    under=[FLOW],
    list="DescribeFlowExecutionRecords",
    job=Job(
        id="executionId", status="executionStatus", started="startedAt", updated="lastUpdatedAt",
        ended="lastUpdatedAt", reason="executionResult.errorInfo.executionMessage",
        # AWS does not say whether the processed records include the failed ones.
        counts=Counts(unit="records", failed="executionResult.errorInfo.putFailuresCount"),
    ),
    states={
        RUNNING: "InProgress", CANCELLING: "CancelStarted", CANCELLED: "Canceled", SUCCEEDED: "Successful",
        FAILED: "Error",
    },
)  # fmt: skip
