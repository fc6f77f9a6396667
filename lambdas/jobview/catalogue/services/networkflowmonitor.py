"""Amazon CloudWatch Network Flow Monitor (``networkflowmonitor`` 2023-04-19): queries, known by their ids alone."""

from jobview.catalogue.language import CANCELLED, FAILED, PENDING, RUNNING, SUCCEEDED, Family, Job, Parent, Service

# A guess on the safe side.
NETWORK_FLOW_MONITOR = Service("networkflowmonitor", rate=2)

MONITOR = Parent(NETWORK_FLOW_MONITOR, "monitor", list="ListMonitors", id="monitorName")
SCOPE = Parent(NETWORK_FLOW_MONITOR, "scope", list="ListScopes", id="scopeId")

_STATES = {
    PENDING: "QUEUED", RUNNING: "RUNNING", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED", CANCELLED: "CANCELED",
}  # fmt: skip
# The model has no other code for it.
_MISSING = {"ValidationException": ""}

MONITOR_QUERY = Family(
    NETWORK_FLOW_MONITOR, "monitor-query", "Amazon CloudWatch Network Flow Monitor query of a monitor",
    under=[MONITOR],
    get="GetQueryStatusMonitorTopContributors", missing=_MISSING,
    job=Job(status="status"), states=_STATES,
)  # fmt: skip

WORKLOAD_QUERY = Family(
    NETWORK_FLOW_MONITOR, "workload-query", "Amazon CloudWatch Network Flow Monitor query of workloads",
    under=[SCOPE],
    get="GetQueryStatusWorkloadInsightsTopContributors", missing=_MISSING,
    job=Job(status="status"), states=_STATES,
)  # fmt: skip
