"""AWS Supply Chain (``supplychain`` 2024-01-01): data integrations, and bill of materials imports."""

from jobview.catalogue.language import FAILED, PENDING, RUNNING, SUCCEEDED, Family, Job, Parent, Service

# A guess on the safe side.
SUPPLY_CHAIN = Service("supplychain", rate=1)

INSTANCE = Parent(SUPPLY_CHAIN, "instance", list="ListInstances", id="instanceId")
FLOW = Parent(SUPPLY_CHAIN, "data-integration-flow", list="ListDataIntegrationFlows", id="name")

FLOW_EXECUTION = Family(
    SUPPLY_CHAIN, "data-integration-flow-execution", "AWS Supply Chain data integration flow execution",
    under=[INSTANCE, FLOW],
    list="ListDataIntegrationFlowExecutions",
    get="GetDataIntegrationFlowExecution",
    job=Job(
        id="executionId", parent="flowName", status="status", started="startTime", ended="endTime", reason="message",
        inputs=("sourceInfo.s3Source",), outputs=("outputMetadata.diagnosticReportsRootS3URI",),
    ),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED"},
)  # fmt: skip

DATA_INTEGRATION_EVENT = Family(
    SUPPLY_CHAIN, "data-integration-event", "AWS Supply Chain data integration event",
    under=[INSTANCE],
    # The other events are not loaded into a data set, and have no status.
    list="ListDataIntegrationEvents", inputs={"eventType": "scn.data.dataset"},
    get="GetDataIntegrationEvent",
    job=Job(
        id="eventId", parent="instanceId", status="datasetTargetDetails.datasetLoadExecution.status",
        created="eventTimestamp", reason="datasetTargetDetails.datasetLoadExecution.message",
    ),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED"},
)  # fmt: skip

BILL_OF_MATERIALS_IMPORT = Family(
    SUPPLY_CHAIN, "bill-of-materials-import-job", "AWS Supply Chain bill of materials import",
    under=[INSTANCE],
    get="GetBillOfMaterialsImportJob",
    job=Job(id="jobId", parent="instanceId", status="status", reason="message", inputs=("s3uri",)),
    states={PENDING: "NEW QUEUED", RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCESS", FAILED: "FAILED"},
)  # fmt: skip
