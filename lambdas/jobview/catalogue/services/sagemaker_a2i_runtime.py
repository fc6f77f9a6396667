"""Amazon Augmented AI Runtime (``sagemaker-a2i-runtime`` 2019-11-07): human loops, which are reviews by people."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    RUNNING,
    SINCE,
    SUCCEEDED,
    Events,
    Family,
    Job,
    Parent,
    Service,
)
from jobview.catalogue.services.sagemaker import SAGEMAKER

# A guess on the safe side.
AUGMENTED_AI = Service("sagemaker-a2i-runtime", rate=1)

FLOW_DEFINITION = Parent(SAGEMAKER, "flow-definition", list="ListFlowDefinitions", id="FlowDefinitionArn")

HUMAN_LOOP = Family(
    AUGMENTED_AI, "human-loop", "Amazon Augmented AI human loop",
    under=[FLOW_DEFINITION],
    list="ListHumanLoops", since={"CreationTimeAfter": SINCE},
    get="DescribeHumanLoop",
    job=Job(
        id="HumanLoopName", name="HumanLoopName", parent="FlowDefinitionArn", status="HumanLoopStatus",
        created="CreationTime", reason="FailureReason",
    ),
    got=Job(outputs=("HumanLoopOutput.OutputS3Uri",)),
    states={
        RUNNING: "InProgress", CANCELLING: "Stopping", CANCELLED: "Stopped", SUCCEEDED: "Completed", FAILED: "Failed",
    },
    events=Events(
        "SageMaker A2I HumanLoop Status Change", id="humanLoopName", parent="flowDefinitionArn",
        status="humanLoopStatus", reason="failureReason",
    ),
)  # fmt: skip
