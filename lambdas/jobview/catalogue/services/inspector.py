"""Amazon Inspector Classic (``inspector`` 2016-02-16): runs of assessments. AWS shut it down on 20 May 2026."""

from datetime import date

from jobview.catalogue.language import (
    CANCELLED,
    FAILED,
    OPEN,
    PARTIALLY_SUCCEEDED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Family,
    Job,
    Service,
)

# The rate is a guess on the safe side. AWS's notice is in the user guide: "Amazon Inspector Classic end of support".
INSPECTOR_CLASSIC = Service("inspector", rate=1, retired=date(2026, 5, 20))

ASSESSMENT_RUN = Family(
    INSPECTOR_CLASSIC, "assessment-run", "Amazon Inspector Classic assessment run",
    # No documented maximum above 500.
    list="ListAssessmentRuns", page_size=500, open_by={"filter": {"states": OPEN}},
    get="DescribeAssessmentRuns", batch=10,
    job=Job(id="@"),
    got=Job(
        id="arn", status="state", name="name", created="createdAt", started="startedAt", updated="stateChangedAt",
        ended="completedAt",
    ),
    states={
        PENDING: "CREATED START_DATA_COLLECTION_PENDING",
        RUNNING: "START_DATA_COLLECTION_IN_PROGRESS COLLECTING_DATA STOP_DATA_COLLECTION_PENDING DATA_COLLECTED "
        "START_EVALUATING_RULES_PENDING EVALUATING_RULES",
        SUCCEEDED: "COMPLETED", PARTIALLY_SUCCEEDED: "COMPLETED_WITH_ERRORS", FAILED: "FAILED ERROR",
        CANCELLED: "CANCELED",
    },
)  # fmt: skip
