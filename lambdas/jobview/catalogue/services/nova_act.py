"""Amazon Nova Act (``nova-act`` 2025-08-22): runs of workflows, and the acts in them."""

from jobview.catalogue.language import FAILED, PAUSED, RUNNING, SUCCEEDED, UNKNOWN, Family, Job, Parent, Service

# A guess on the safe side.
NOVA_ACT = Service("nova-act", rate=1)

WORKFLOW_DEFINITION = Parent(
    NOVA_ACT, "workflow-definition", list="ListWorkflowDefinitions", id="workflowDefinitionName"
)

WORKFLOW_RUN = Family(
    NOVA_ACT, "workflow-run", "Amazon Nova Act workflow run",
    under=[WORKFLOW_DEFINITION],
    list="ListWorkflowRuns", inputs={"sortOrder": "Descending"}, newest_first="the sort order in the inputs",
    # IAM asks for both, and the ARN of a definition with a wildcard covers its runs.
    get="GetWorkflowRun", get_resource="workflow-definition",
    job=Job(id="workflowRunId", status="status", created="startedAt", started="startedAt", ended="endedAt"),
    # DELETING: the run had ended before, and the word does not say how.
    states={RUNNING: "RUNNING", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED TIMED_OUT", UNKNOWN: "DELETING"},
    failures="The run's log group has what each act did.",
)  # fmt: skip

ACT = Family(
    NOVA_ACT, "act", "Amazon Nova Act act",
    under=[WORKFLOW_DEFINITION],
    list="ListActs", inputs={"sortOrder": "Descending"}, newest_first="the sort order in the inputs",
    job=Job(
        id="actId", status="status", created="startedAt", started="startedAt", ended="endedAt",
        outputs=("traceLocation.location",),
    ),
    # An act and its client take turns, but a person may take any time.
    states={
        RUNNING: "RUNNING PENDING_CLIENT_ACTION", PAUSED: "PENDING_HUMAN_ACTION", SUCCEEDED: "SUCCEEDED",
        FAILED: "FAILED TIMED_OUT",
    },
)  # fmt: skip
