"""AWS Security Agent (``securityagent`` 2025-09-06): penetration tests."""

from jobview.catalogue.language import CANCELLED, CANCELLING, FAILED, RUNNING, SUCCEEDED, Family, Job, Parent, Service

# A guess on the safe side. So are the sizes of pages and batches, for which the model has no maximum.
SECURITY_AGENT = Service("securityagent", rate=1)

AGENT_SPACE = Parent(SECURITY_AGENT, "agent-space", list="ListAgentSpaces", id="agentSpaceId", page_size=20)
PENTEST = Parent(SECURITY_AGENT, "pentest", list="ListPentests", id="pentestId", page_size=20)

PENTEST_JOB = Family(
    SECURITY_AGENT, "pentest-job", "AWS Security Agent penetration test",
    under=[AGENT_SPACE, PENTEST],
    list="ListPentestJobsForPentest", page_size=20,
    get="BatchGetPentestJobs", batch=5,
    job=Job(
        id="pentestJobId", parent="pentestId", status="status", name="title", created="createdAt",
        updated="updatedAt", ended="updatedAt",
    ),
    got=Job(reason="errorInformation.message", role="serviceRole"),
    # A test that finds a weakness has done its work.
    states={
        RUNNING: "IN_PROGRESS", CANCELLING: "STOPPING", CANCELLED: "STOPPED", SUCCEEDED: "COMPLETED",
        FAILED: "FAILED",
    },
    # What the agent found, and how it signs in.
    withheld=(
        "overview", "executionContext", "actors", "networkTrafficConfig", "clientCertificates",
        "scopeResult",
    ),
)  # fmt: skip
