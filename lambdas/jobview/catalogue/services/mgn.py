"""AWS Application Migration Service (``mgn`` 2020-02-26): launches, imports, exports and network migrations.

A launch job ends with COMPLETED whatever became of its servers: only its servers show whether it succeeded.
"""

from jobview.catalogue.language import (
    FAILED,
    PENDING,
    RUNNING,
    SINCE,
    SUCCEEDED,
    Family,
    Job,
    Parent,
    Parts,
    Service,
)

# A guess on the safe side.
MGN = Service("mgn", rate=1)

_STATES = {PENDING: "PENDING", RUNNING: "STARTED", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED"}

JOB = Family(
    MGN, "job", "AWS Application Migration Service job",
    list="DescribeJobs", since={"filters": {"fromDate": SINCE.text}},
    get="DescribeJobs", get_inputs={"filters": {"jobIDs": ["{id}"]}},
    job=Job(
        id="jobID", status="status", created="creationDateTime", ended="endDateTime",
        # TERMINATED is the aim of the jobs that terminate servers.
        parts=Parts(
            unit="servers", path="participatingServers", status="launchStatus", uri="sourceServerID",
            outcomes={
                "PENDING": PENDING, "IN_PROGRESS": RUNNING, "LAUNCHED": SUCCEEDED, "TERMINATED": SUCCEEDED,
                "FAILED": FAILED,
            },
        ),
    ),
    states={PENDING: "PENDING", RUNNING: "STARTED", SUCCEEDED: "COMPLETED"},
    withheld=("participatingServers[].postLaunchActionsStatus.postLaunchActionsLaunchStatusList[].ssmDocument",),
    failures="DescribeJobLogItems has the events of the job, with the errors of each server.",
)  # fmt: skip

EXPORT = Family(
    MGN, "export", "AWS Application Migration Service export",
    list="ListExports",
    get="ListExports", get_inputs={"filters": {"exportIDs": ["{id}"]}},
    job=Job(
        id="exportID", status="status", created="creationDateTime", ended="endDateTime", progress="progressPercentage",
    ),
    states=_STATES,
    failures="ListExportErrors has the errors of the export.",
)  # fmt: skip

IMPORT = Family(
    MGN, "import", "AWS Application Migration Service import",
    list="ListImports",
    get="ListImports", get_inputs={"filters": {"importIDs": ["{id}"]}},
    job=Job(
        id="importID", status="status", created="creationDateTime", ended="endDateTime", progress="progressPercentage",
    ),
    states=_STATES,
    failures="ListImportErrors has the errors of the import.",
)  # fmt: skip

IMPORT_FILE_ENRICHMENT = Family(
    MGN, "import-file-enrichment", "AWS Application Migration Service import file enrichment",
    list="ListImportFileEnrichments",
    get="ListImportFileEnrichments", get_inputs={"filters": {"jobIDs": ["{id}"]}},
    job=Job(id="jobID", status="status", created="createdAt", ended="endedAt", reason="statusDetails"),
    # With warnings the enriched file is there.
    states={**_STATES, SUCCEEDED: "SUCCEEDED SUCCEEDED_WITH_WARNINGS"},
)  # fmt: skip

DEFINITION = Parent(
    MGN, "network-migration-definition", list="ListNetworkMigrationDefinitions", id="networkMigrationDefinitionID"
)
EXECUTION = Parent(
    MGN, "network-migration-execution", list="ListNetworkMigrationExecutions", id="networkMigrationExecutionID"
)


def _network(kind: str, operation: str, title: str) -> Family:
    """One stage of a network migration. All stages have the same members and words."""
    return Family(
        MGN, kind, f"AWS Application Migration Service {title}",
        under=[DEFINITION, EXECUTION],
        list=operation,
        get=operation, get_inputs={"filters": {"jobIDs": ["{id}"]}},
        job=Job(
            id="jobID", status="status", parent="networkMigrationExecutionID", created="createdAt", ended="endedAt",
            reason="statusDetails",
        ),
        states=_STATES,
    )  # fmt: skip


MAPPING = _network("network-migration-mapping", "ListNetworkMigrationMappings", "network mapping")
MAPPING_UPDATE = _network(
    "network-migration-mapping-update", "ListNetworkMigrationMappingUpdates", "network mapping update"
)
CODE_GENERATION = _network(
    "network-migration-code-generation", "ListNetworkMigrationCodeGenerations", "network code generation"
)
ANALYSIS = _network("network-migration-analysis", "ListNetworkMigrationAnalyses", "network analysis")
DEPLOYMENT = _network("network-migration-deployment", "ListNetworkMigrationDeployments", "network deployment")
