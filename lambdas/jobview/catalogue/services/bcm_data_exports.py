"""AWS Billing and Cost Management Data Exports (``bcm-data-exports`` 2023-11-26): executions of exports."""

from jobview.catalogue.language import FAILED, PENDING, RUNNING, SUCCEEDED, Family, Job, Parent, Service

# A guess on the safe side. One region has the service.
DATA_EXPORTS = Service("bcm-data-exports", rate=2, regions=("us-east-1",))

EXPORT = Parent(DATA_EXPORTS, "export", list="ListExports", id="ExportArn")

EXECUTION = Family(
    DATA_EXPORTS, "execution", "AWS Data Exports execution",
    under=[EXPORT],
    list="ListExecutions",
    get="GetExecution",
    job=Job(
        id="ExecutionId", status="ExecutionStatus.StatusCode", created="ExecutionStatus.CreatedAt",
        updated="ExecutionStatus.LastUpdatedAt", ended="ExecutionStatus.CompletedAt",
    ),
    got=Job(parent="Export.ExportArn", name="Export.Name"),
    states={
        PENDING: "INITIATION_IN_PROCESS QUERY_QUEUED", RUNNING: "QUERY_IN_PROCESS DELIVERY_IN_PROCESS",
        SUCCEEDED: "DELIVERY_SUCCESS", FAILED: "QUERY_FAILURE DELIVERY_FAILURE",
    },
    failures="The StatusReason in the native record is a word for the reason.",
    withheld=("Export.DataQuery.QueryStatement",),
)  # fmt: skip
