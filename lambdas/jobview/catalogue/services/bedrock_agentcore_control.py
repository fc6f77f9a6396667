"""Amazon Bedrock AgentCore Control (``bedrock-agentcore-control`` 2023-06-05): generation of policies from texts."""

from jobview.catalogue.language import FAILED, RUNNING, SUCCEEDED, UNKNOWN, Family, Job, Parent, Service

# A guess on the safe side.
AGENTCORE_CONTROL = Service("bedrock-agentcore-control", rate=1)

POLICY_ENGINE = Parent(AGENTCORE_CONTROL, "policy-engine", list="ListPolicyEngines", id="policyEngineId")

POLICY_GENERATION = Family(
    AGENTCORE_CONTROL, "policy-generation", "Amazon Bedrock AgentCore policy generation",
    under=[POLICY_ENGINE],
    list="ListPolicyGenerations",
    # IAM asks for both, and the ARN of an engine with a wildcard covers its generations.
    get="GetPolicyGeneration", get_resource="policy-engine",
    job=Job(
        id="policyGenerationId", parent="policyEngineId", name="name", status="status", created="createdAt",
        updated="updatedAt", ended="updatedAt", reason="statusReasons",
    ),
    # DELETE_FAILED: the generation had ended before, and the word does not say how.
    states={RUNNING: "GENERATING", SUCCEEDED: "GENERATED", FAILED: "GENERATE_FAILED", UNKNOWN: "DELETE_FAILED"},
)  # fmt: skip
