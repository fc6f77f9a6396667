"""AWS DevOps Agent (``devops-agent`` 2026-01-01): tasks of its backlog, such as investigations."""

from jobview.catalogue.language import (
    CANCELLED,
    FAILED,
    PAUSED,
    PENDING,
    RUNNING,
    SINCE,
    SUCCEEDED,
    Family,
    Job,
    Parent,
    Service,
)

# A guess on the safe side.
DEVOPS_AGENT = Service("devops-agent", rate=1)

AGENT_SPACE = Parent(DEVOPS_AGENT, "agent-space", list="ListAgentSpaces", id="agentSpaceId")

BACKLOG_TASK = Family(
    DEVOPS_AGENT, "backlog-task", "AWS DevOps Agent task",
    under=[AGENT_SPACE],
    list="ListBacklogTasks", since={"filter": {"createdAfter": SINCE}},
    get="GetBacklogTask",
    job=Job(
        id="taskId", parent="agentSpaceId", status="status", name="title", created="createdAt",
        updated="updatedAt", ended="updatedAt", reason="statusReason",
    ),
    # LINKED: another task does its work. WAITING: for an answer.
    states={
        PENDING: "PENDING_TRIAGE PENDING_START", RUNNING: "IN_PROGRESS", PAUSED: "PENDING_CUSTOMER_APPROVAL WAITING",
        SUCCEEDED: "COMPLETED", FAILED: "FAILED TIMED_OUT", CANCELLED: "CANCELED SKIPPED LINKED",
    },
    # Texts of persons and of other systems.
    withheld=("description", "reference", "metadata", "supportMetadata"),
)  # fmt: skip
