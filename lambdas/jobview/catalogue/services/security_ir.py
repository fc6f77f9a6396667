"""AWS Security Incident Response (``security-ir`` 2018-05-10): investigations by its agent."""

from jobview.catalogue.language import (
    CANCELLED,
    FAILED,
    PAUSED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Family,
    Job,
    Parent,
    Service,
)

# A guess on the safe side.
SECURITY_IR = Service("security-ir", rate=2)

CASE = Parent(SECURITY_IR, "case", list="ListCases", id="caseId")

INVESTIGATION = Family(
    SECURITY_IR, "investigation", "AWS Security Incident Response investigation",
    under=[CASE],
    list="ListInvestigations",
    job=Job(id="investigationId", status="status", name="title", updated="lastUpdated", ended="lastUpdated"),
    states={
        PENDING: "Pending", RUNNING: "InProgress", PAUSED: "Waiting", SUCCEEDED: "Completed", FAILED: "Failed",
        CANCELLED: "Cancelled",
    },
    # What the agent found.
    withheld=("content", "feedback"),
)  # fmt: skip
