"""Amazon Route 53 Domains (``route53domains`` 2014-05-15): operations on domains."""

from jobview.catalogue.language import FAILED, PAUSED, PENDING, RUNNING, SINCE, SUCCEEDED, Family, Job, Service, When

# A guess on the safe side.
DOMAINS = Service("route53domains", rate=1)

# Somebody has to do something before the operation goes on.
_ASKED = ("PENDING_ACCEPTANCE", "PENDING_CUSTOMER_ACTION", "PENDING_AUTHORIZATION")

OPERATION = Family(
    DOMAINS, "operation", "Amazon Route 53 domain operation",
    list="ListOperations", since={"SubmittedSince": SINCE}, page_size=100,
    get="GetOperationDetail", missing={"InvalidInput": "not found"},
    job=Job(
        id="OperationId", name="DomainName", status="Status", created="SubmittedDate", updated="LastUpdatedDate",
        ended="LastUpdatedDate", reason="Message",
        when=(When(PENDING, "StatusFlag", _ASKED, PAUSED), When(RUNNING, "StatusFlag", _ASKED, PAUSED)),
    ),
    states={PENDING: "SUBMITTED", RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCESSFUL", FAILED: "ERROR FAILED"},
)  # fmt: skip
