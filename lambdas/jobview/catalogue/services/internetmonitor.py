"""Amazon CloudWatch Internet Monitor (``internetmonitor`` 2021-06-03): queries, known by their ids alone."""

from jobview.catalogue.language import CANCELLED, FAILED, PENDING, RUNNING, SUCCEEDED, Family, Job, Parent, Service

# A guess on the safe side.
INTERNET_MONITOR = Service("internetmonitor", rate=2)

MONITOR = Parent(INTERNET_MONITOR, "monitor", list="ListMonitors", id="MonitorName")

QUERY = Family(
    INTERNET_MONITOR, "query", "Amazon CloudWatch Internet Monitor query",
    under=[MONITOR],
    # The model has no other code for it.
    get="GetQueryStatus", missing={"ValidationException": ""},
    job=Job(status="Status"),
    states={
        PENDING: "QUEUED", RUNNING: "RUNNING", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED", CANCELLED: "CANCELED",
    },
)  # fmt: skip
