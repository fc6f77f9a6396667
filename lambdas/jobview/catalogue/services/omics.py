"""AWS HealthOmics (``omics`` 2022-11-28): workflow runs, and imports, exports and activations of stored data."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PARTIALLY_SUCCEEDED,
    PENDING,
    RUNNING,
    SINCE,
    SUCCEEDED,
    UNKNOWN,
    Cause,
    Events,
    Family,
    Items,
    Job,
    Logs,
    Parent,
    Parts,
    Service,
)

# Documented: 5 calls a second for all reads of reference imports together, and 5 for the list of stores. The same holds
# for read set imports, exports and activations. Variant and annotation imports have 1, and runs have 10.
OMICS = Service("omics", rate=5)

REFERENCE_STORE = Parent(OMICS, "reference-store", list="ListReferenceStores", id="id")
SEQUENCE_STORE = Parent(OMICS, "sequence-store", list="ListSequenceStores", id="id")

_STATES = {
    PENDING: "SUBMITTED", RUNNING: "IN_PROGRESS", CANCELLING: "CANCELLING", CANCELLED: "CANCELLED",
    FAILED: "FAILED", SUCCEEDED: "COMPLETED", PARTIALLY_SUCCEEDED: "COMPLETED_WITH_FAILURES",
}  # fmt: skip
_OUTCOMES = {"NOT_STARTED": PENDING, "IN_PROGRESS": RUNNING, "FINISHED": SUCCEEDED, "FAILED": FAILED}

REFERENCE_IMPORT = Family(
    OMICS, "reference-import", "AWS HealthOmics reference import",
    under=[REFERENCE_STORE],
    list="ListReferenceImportJobs", quota="ReferenceImport",
    since={"filter": {"createdAfter": SINCE}},
    get="GetReferenceImportJob", get_quota="ReferenceImport",
    job=Job(
        id="id", status="status", parent="referenceStoreId", created="creationTime", ended="completionTime",
        role="roleArn",
    ),
    got=Job(
        reason="statusMessage", inputs=("sources[].sourceFile",),
        parts=Parts(
            unit="sources", path="sources", status="status", outcomes=_OUTCOMES,
            uri="sourceFile", message="statusMessage",
        ),
    ),
    states=_STATES,
    failures="Each source of the job has a status and a message: GET this job's items.",
    events=Events(
        "Reference Import Job Status Change", id="id", parent="referenceStoreId", status="status",
        reason="statusMessage",
    ),
)  # fmt: skip

READ_SET_IMPORT = Family(
    OMICS, "read-set-import", "AWS HealthOmics read set import",
    under=[SEQUENCE_STORE],
    list="ListReadSetImportJobs", quota="ReadSetImport",
    since={"filter": {"createdAfter": SINCE}},
    get="GetReadSetImportJob", get_quota="ReadSetImport",
    job=Job(
        id="id", status="status", parent="sequenceStoreId", created="creationTime", ended="completionTime",
        role="roleArn",
    ),
    got=Job(
        reason="statusMessage", inputs=("sources[].sourceFiles.source1",),
        parts=Parts(
            unit="sources", path="sources", status="status", outcomes=_OUTCOMES,
            uri="sourceFiles.source1", message="statusMessage",
        ),
    ),
    states=_STATES,
    failures="Each source of the job has a status and a message: GET this job's items.",
    events=Events(
        "Read Set Import Job Status Change", id="id", parent="sequenceStoreId", status="status",
        reason="statusMessage",
    ),
)  # fmt: skip

READ_SET_EXPORT = Family(
    OMICS, "read-set-export", "AWS HealthOmics read set export",
    under=[SEQUENCE_STORE],
    list="ListReadSetExportJobs", quota="ReadSetExport",
    since={"filter": {"createdAfter": SINCE}},
    get="GetReadSetExportJob", get_quota="ReadSetExport",
    job=Job(
        id="id", status="status", parent="sequenceStoreId", created="creationTime", ended="completionTime",
        outputs=("destination",),
    ),
    got=Job(
        reason="statusMessage",
        parts=Parts(
            unit="read sets", path="readSets", status="status", outcomes=_OUTCOMES, uri="id", message="statusMessage",
        ),
    ),
    states=_STATES,
    failures="Each read set of the job has a status and a message: GET this job's items.",
    events=Events(
        "Read Set Export Job Status Change", id="id", parent="sequenceStoreId", status="status",
        reason="statusMessage",
    ),
)  # fmt: skip

READ_SET_ACTIVATION = Family(
    OMICS, "read-set-activation", "AWS HealthOmics read set activation",
    under=[SEQUENCE_STORE],
    list="ListReadSetActivationJobs", quota="ReadSetActivation",
    since={"filter": {"createdAfter": SINCE}},
    get="GetReadSetActivationJob", get_quota="ReadSetActivation",
    job=Job(id="id", status="status", parent="sequenceStoreId", created="creationTime", ended="completionTime"),
    got=Job(
        reason="statusMessage",
        parts=Parts(
            unit="read sets", path="sources", status="status", outcomes=_OUTCOMES, uri="readSetId",
            message="statusMessage",
        ),
    ),
    states=_STATES,
    failures="Each read set of the job has a status and a message: GET this job's items.",
    events=Events(
        "Read Set Activation Job Status Change", id="id", parent="sequenceStoreId", status="status",
        reason="statusMessage",
    ),
)  # fmt: skip

# Their imports have no word for a cancellation that has begun.
_STORE_STATES = {state: words for state, words in _STATES.items() if state is not CANCELLING}
_STORE_JOB = Job(
    id="id", status="status", name="destinationName", created="creationTime", updated="updateTime",
    ended="completionTime", role="roleArn",
)  # fmt: skip
# Of a file with failures it is not known whether anything was imported.
_STORE_OUTCOMES = {
    "SUBMITTED": PENDING, "IN_PROGRESS": RUNNING, "CANCELLED": CANCELLED, "COMPLETED": SUCCEEDED, "FAILED": FAILED,
    "COMPLETED_WITH_FAILURES": UNKNOWN,
}  # fmt: skip

VARIANT_IMPORT = Family(
    OMICS, "variant-import", "AWS HealthOmics variant import",
    list="ListVariantImportJobs", rate=1, quota="VariantImport",
    get="GetVariantImportJob", get_rate=1, get_quota="VariantImport",
    job=_STORE_JOB,
    got=Job(
        reason="statusMessage", inputs=("items[].source",),
        parts=Parts(
            unit="files", path="items", status="jobStatus", outcomes=_STORE_OUTCOMES, uri="source",
            message="statusMessage",
        ),
    ),
    states=_STORE_STATES,
    failures="Each file of the job has a status and a message: GET this job's items.",
    withheld=("annotationFields",),
    events=Events("Variant Import Job Status Change", id="jobId", status="status"),
)  # fmt: skip

ANNOTATION_IMPORT = Family(
    OMICS, "annotation-import", "AWS HealthOmics annotation import",
    list="ListAnnotationImportJobs", rate=1, quota="AnnotationImport",
    get="GetAnnotationImportJob", get_rate=1, get_quota="AnnotationImport",
    job=_STORE_JOB,
    got=Job(
        reason="statusMessage", inputs=("items[].source",),
        parts=Parts(unit="files", path="items", status="jobStatus", outcomes=_STORE_OUTCOMES, uri="source"),
    ),
    states=_STORE_STATES,
    failures="Each file of the job has a status: GET this job's items.",
    withheld=("annotationFields", "formatOptions"),
    events=Events("Annotation Import Job Status Change", id="jobId", status="status"),
)  # fmt: skip

RUN = Family(
    OMICS, "run", "AWS HealthOmics run",
    list="ListRuns", rate=10, open_by="status",
    get="GetRun", get_rate=10,
    # HealthOmics gives the id of a deleted run to a later one, which then has another creation time.
    job=Job(id="id", status="status", name="name", created="creationTime", started="startTime", ended="stopTime"),
    got=Job(
        reason="statusMessage", role="roleArn", outputs=("runOutputUri",), tags="tags",
        causes=(Cause(at="failureReason", message="@"),),
        logs=(Logs(group="{logLocation.runLogStream}"), Logs(group="{logLocation.engineLogStream}")),
    ),
    # DELETED: its result was deleted too, so the word does not say how the run ended.
    states={
        PENDING: "PENDING", RUNNING: "STARTING RUNNING", CANCELLING: "STOPPING", SUCCEEDED: "COMPLETED",
        FAILED: "FAILED", CANCELLED: "CANCELLED", UNKNOWN: "DELETED",
    },
    withheld=("parameters", "definition", "sessionPolicy", "engineSettings"),
    items_list=Items(
        "ListRunTasks", rate=10, unit="tasks",
        item=Job(id="taskId", status="status", name="name", started="startTime", ended="stopTime"),
        states={
            PENDING: "PENDING", RUNNING: "STARTING RUNNING", CANCELLING: "STOPPING", SUCCEEDED: "COMPLETED",
            FAILED: "FAILED", CANCELLED: "CANCELLED",
        },
    ),
    events=Events("Run Status Change", id="runId", status="status"),
)  # fmt: skip
