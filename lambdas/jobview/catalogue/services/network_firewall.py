"""AWS Network Firewall (``network-firewall`` 2020-11-12): traffic analysis reports and flow operations."""

from jobview.catalogue.language import FAILED, PARTIALLY_SUCCEEDED, RUNNING, SUCCEEDED, Family, Job, Parent, Service

# A guess on the safe side.
NETWORK_FIREWALL = Service("network-firewall", rate=1)

FIREWALL = Parent(NETWORK_FIREWALL, "firewall", list="ListFirewalls", id="FirewallArn")

ANALYSIS_REPORT = Family(
    NETWORK_FIREWALL, "analysis-report", "AWS Network Firewall analysis report",
    under=[FIREWALL],
    # The operation that returns a report returns its results, once it is complete.
    list="ListAnalysisReports", inputs={"FirewallArn": "{parent}"},
    job=Job(id="AnalysisReportId", status="Status", started="ReportTime"),
    # The model allows any text; AWS documents these words.
    states={RUNNING: "RUNNING", SUCCEEDED: "COMPLETED", FAILED: "FAILED"},
    retention="30 days",
)  # fmt: skip

FLOW_OPERATION = Family(
    NETWORK_FIREWALL, "flow-operation", "AWS Network Firewall flow operation",
    under=[FIREWALL],
    list="ListFlowOperations", inputs={"FirewallArn": "{parent}"},
    get="DescribeFlowOperation", get_inputs={"FirewallArn": "{parent}"},
    job=Job(id="FlowOperationId", status="FlowOperationStatus", created="FlowRequestTimestamp"),
    got=Job(parent="FirewallArn", reason="StatusMessage"),
    states={
        RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED", PARTIALLY_SUCCEEDED: "COMPLETED_WITH_ERRORS",
        FAILED: "FAILED",
    },
)  # fmt: skip
