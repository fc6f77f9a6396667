"""AWS Network Manager (``networkmanager`` 2019-07-05): route analyses, known by their ids alone. A global service."""

from jobview.catalogue.language import FAILED, RUNNING, SUCCEEDED, Family, Job, Parent, Service

# A guess on the safe side.
NETWORK_MANAGER = Service("networkmanager", rate=1)

GLOBAL_NETWORK = Parent(NETWORK_MANAGER, "global-network", list="DescribeGlobalNetworks", id="GlobalNetworkId")

ROUTE_ANALYSIS = Family(
    NETWORK_MANAGER, "route-analysis", "AWS Network Manager route analysis",
    under=[GLOBAL_NETWORK],
    get="GetRouteAnalysis",
    # The analysis of a path that leads nowhere has done its work.
    job=Job(id="RouteAnalysisId", parent="GlobalNetworkId", status="Status", started="StartTimestamp"),
    states={RUNNING: "RUNNING", SUCCEEDED: "COMPLETED", FAILED: "FAILED"},
)  # fmt: skip
