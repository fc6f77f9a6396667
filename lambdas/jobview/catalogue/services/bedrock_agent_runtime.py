"""Agents for Amazon Bedrock Runtime (``bedrock-agent-runtime`` 2023-07-26): executions of flows."""

from jobview.catalogue.language import CANCELLED, FAILED, RUNNING, SUCCEEDED, Family, Job, Parent, Service
from jobview.catalogue.services.bedrock_agent import BEDROCK_AGENT

# A guess on the safe side.
BEDROCK_AGENT_RUNTIME = Service("bedrock-agent-runtime", rate=1)

FLOW = Parent(BEDROCK_AGENT, "flow", list="ListFlows", id="id")
FLOW_ALIAS = Parent(BEDROCK_AGENT, "flow-alias", list="ListFlowAliases", id="id")

FLOW_EXECUTION = Family(
    BEDROCK_AGENT_RUNTIME, "flow-execution", "Amazon Bedrock flow execution",
    under=[FLOW, FLOW_ALIAS],
    list="ListFlowExecutions", inputs={"flowIdentifier": "{flow}", "flowAliasIdentifier": "{parent}"},
    # GetFlowExecution would add the errors' messages, but it needs the ids of flow and alias twice.
    job=Job(id="executionArn", status="status", created="createdAt", ended="endedAt"),
    # TimedOut: after 24 hours.
    states={RUNNING: "Running", SUCCEEDED: "Succeeded", FAILED: "Failed TimedOut", CANCELLED: "Aborted"},
)  # fmt: skip
