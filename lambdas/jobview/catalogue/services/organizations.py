"""AWS Organizations (``organizations`` 2016-11-28): creations of accounts. A global service."""

from jobview.catalogue.language import FAILED, RUNNING, SUCCEEDED, Cause, Family, Job, Service

# A guess on the safe side.
ORGANIZATIONS = Service("organizations", rate=1)

ACCOUNT_CREATION = Family(
    ORGANIZATIONS, "account-creation", "AWS Organizations account creation",
    list="ListCreateAccountStatus", open_by="States",
    get="DescribeCreateAccountStatus",
    job=Job(
        id="Id", status="State", created="RequestedTimestamp", ended="CompletedTimestamp",
        causes=(Cause(at="FailureReason", message="@"),),
    ),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED"},
)  # fmt: skip
