"""Amazon Neptune Analytics (``neptune-graph`` 2023-11-29): imports into graphs and exports of graphs."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    UNKNOWN,
    Counts,
    Family,
    Job,
    Service,
)

# A guess on the safe side.
NEPTUNE_GRAPH = Service("neptune-graph", rate=2)

EXPORT_TASK = Family(
    NEPTUNE_GRAPH, "export-task", "Amazon Neptune Analytics export",
    list="ListExportTasks",
    get="GetExportTask", get_inputs={"taskIdentifier": "{id}"},
    job=Job(id="taskId", status="status", reason="statusReason", role="roleArn", outputs=("destination",)),
    got=Job(started="exportTaskDetails.startTime", progress="exportTaskDetails.progressPercentage"),
    # DELETED says nothing about how the task ended.
    states={
        PENDING: "INITIALIZING", RUNNING: "EXPORTING", CANCELLING: "CANCELLING", CANCELLED: "CANCELLED",
        SUCCEEDED: "SUCCEEDED", FAILED: "FAILED", UNKNOWN: "DELETED",
    },
    # It may quote values of the graph.
    withheld=("exportFilter",),
)  # fmt: skip

IMPORT_TASK = Family(
    NEPTUNE_GRAPH, "import-task", "Amazon Neptune Analytics import",
    list="ListImportTasks",
    get="GetImportTask", get_inputs={"taskIdentifier": "{id}"},
    job=Job(id="taskId", status="status", role="roleArn", inputs=("source",)),
    got=Job(
        reason="statusReason", started="importTaskDetails.startTime", progress="importTaskDetails.progressPercentage",
        # An import that may skip errors succeeds with them.
        counts=Counts(unit="statements", failed="importTaskDetails.errorCount"),
    ),
    # EXPORTING: the data comes from a Neptune database. ROLLING_BACK: the failed import is undone.
    states={
        PENDING: "INITIALIZING", RUNNING: "EXPORTING ANALYZING_DATA IMPORTING REPROVISIONING ROLLING_BACK",
        CANCELLING: "CANCELLING", CANCELLED: "CANCELLED", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED",
        UNKNOWN: "DELETED",
    },
    failures="The errorDetails in the native record describe the errors.",
)  # fmt: skip
