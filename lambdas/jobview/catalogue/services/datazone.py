"""Amazon DataZone (``datazone`` 2018-05-10): runs of data sources, lineage and metadata, and notebook exports.

Data sources are listed under projects, which the list of their runs does not take, and no operation lists lineage jobs
or exports. So these jobs are known by their ids.
"""

from jobview.catalogue.language import (
    CANCELLED,
    FAILED,
    PARTIALLY_SUCCEEDED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Counts,
    Family,
    Job,
    Parent,
    Service,
)

# A guess on the safe side.
DATAZONE = Service("datazone", rate=2)

DOMAIN = Parent(DATAZONE, "domain", list="ListDomains", id="id")

METADATA_GENERATION_RUN = Family(
    DATAZONE, "metadata-generation-run", "Amazon DataZone metadata generation run",
    under=[DOMAIN],
    list="ListMetadataGenerationRuns", open_by="status",
    get="GetMetadataGenerationRun", get_inputs={"domainIdentifier": "{parent}", "identifier": "{id}"},
    job=Job(id="id", status="status", parent="domainId", created="createdAt"),
    got=Job(reason="typeStats[].errorMessage"),
    states={
        PENDING: "SUBMITTED", RUNNING: "IN_PROGRESS", CANCELLED: "CANCELED", SUCCEEDED: "SUCCEEDED",
        PARTIALLY_SUCCEEDED: "PARTIALLY_SUCCEEDED", FAILED: "FAILED",
    },
)  # fmt: skip

DATA_SOURCE_RUN = Family(
    DATAZONE, "data-source-run", "Amazon DataZone data source run",
    under=[DOMAIN],
    get="GetDataSourceRun", get_inputs={"domainIdentifier": "{parent}", "identifier": "{id}"},
    job=Job(
        id="id", status="status", parent="domainId", created="createdAt", started="startedAt", updated="updatedAt",
        ended="stoppedAt", reason="errorMessage.errorDetail",
        counts=Counts(
            unit="assets", failed="runStatisticsForAssets.failed", skipped="runStatisticsForAssets.skipped",
            succeeded=tuple(f"runStatisticsForAssets.{name}" for name in ("added", "updated", "unchanged")),
        ),
    ),
    states={
        PENDING: "REQUESTED", RUNNING: "RUNNING", SUCCEEDED: "SUCCESS", PARTIALLY_SUCCEEDED: "PARTIALLY_SUCCEEDED",
        FAILED: "FAILED",
    },
    # The filters of the data source may quote values of tables.
    withheld=("dataSourceConfigurationSnapshot",),
)  # fmt: skip

LINEAGE_RUN = Family(
    DATAZONE, "lineage-run", "Amazon DataZone lineage run",
    under=[DOMAIN],
    get="GetJobRun", get_inputs={"domainIdentifier": "{parent}", "identifier": "{id}"},
    job=Job(
        id="id", status="status", parent="domainId", created="createdAt", started="startTime", ended="endTime",
        reason="error.message",
        counts=Counts(
            unit="queries", total="details.lineageRunDetails.sqlQueryRunDetails.totalQueriesProcessed",
            failed="details.lineageRunDetails.sqlQueryRunDetails.numQueriesFailed",
        ),
    ),
    # ABORTED: nobody cancelled it, which is CANCELED.
    states={
        PENDING: "SCHEDULED", RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCESS",
        PARTIALLY_SUCCEEDED: "PARTIALLY_SUCCEEDED", FAILED: "FAILED ABORTED TIMED_OUT", CANCELLED: "CANCELED",
    },
)  # fmt: skip

NOTEBOOK_EXPORT = Family(
    DATAZONE, "notebook-export", "Amazon DataZone notebook export",
    under=[DOMAIN],
    get="GetNotebookExport", get_inputs={"domainIdentifier": "{parent}", "identifier": "{id}"},
    job=Job(
        id="id", status="status", parent="domainId", created="createdAt", ended="completedAt", reason="error.message",
    ),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED"},
)  # fmt: skip
