"""AWS Clean Rooms (``cleanrooms`` 2022-02-17): protected queries and jobs under memberships."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Family,
    Job,
    Parent,
    Service,
)

# A guess on the safe side.
CLEAN_ROOMS = Service("cleanrooms", rate=2)

MEMBERSHIP = Parent(CLEAN_ROOMS, "membership", list="ListMemberships", id="id")

PROTECTED_QUERY = Family(
    CLEAN_ROOMS, "protected-query", "AWS Clean Rooms protected query",
    under=[MEMBERSHIP],
    list="ListProtectedQueries", newest_first="the documentation of the list",
    get="GetProtectedQuery",
    job=Job(id="id", status="status", parent="membershipId", created="createTime"),
    got=Job(reason="error.message", outputs=("result.output.s3.location",)),
    states={
        PENDING: "SUBMITTED", RUNNING: "STARTED", CANCELLING: "CANCELLING", CANCELLED: "CANCELLED",
        SUCCEEDED: "SUCCESS", FAILED: "FAILED TIMED_OUT",
    },
    withheld=("differentialPrivacy",),
)  # fmt: skip

PROTECTED_JOB = Family(
    CLEAN_ROOMS, "protected-job", "AWS Clean Rooms protected job",
    under=[MEMBERSHIP],
    list="ListProtectedJobs", newest_first="the documentation of the list",
    get="GetProtectedJob",
    job=Job(id="id", status="status", parent="membershipId", created="createTime"),
    got=Job(reason="error.message", outputs=("result.output.s3.location",)),
    states={
        PENDING: "SUBMITTED", RUNNING: "STARTED", CANCELLING: "CANCELLING", CANCELLED: "CANCELLED",
        SUCCEEDED: "SUCCESS", FAILED: "FAILED",
    },
    withheld=("jobParameters",),
)  # fmt: skip
