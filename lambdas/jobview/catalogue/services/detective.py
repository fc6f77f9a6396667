"""Amazon Detective (``detective`` 2018-10-26): investigations of IAM users and roles."""

from jobview.catalogue.language import FAILED, RUNNING, SUCCEEDED, Family, Job, Parent, Service

# A guess on the safe side.
DETECTIVE = Service("detective", rate=2)

GRAPH = Parent(DETECTIVE, "graph", list="ListGraphs", id="Arn")

INVESTIGATION = Family(
    DETECTIVE, "investigation", "Amazon Detective investigation",
    under=[GRAPH],
    # Without a filter it returns no archived investigations.
    list="ListInvestigations", each=[{"FilterCriteria": {"State": {"Value": word}}} for word in ("ACTIVE", "ARCHIVED")],
    get="GetInvestigation",
    job=Job(id="InvestigationId", status="Status", created="CreatedTime", inputs=("EntityArn",)),
    # An investigation that finds something bad has done its work.
    states={RUNNING: "RUNNING", SUCCEEDED: "SUCCESSFUL", FAILED: "FAILED"},
)  # fmt: skip
