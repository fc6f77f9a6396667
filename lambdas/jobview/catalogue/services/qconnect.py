"""Amazon Q in Connect (``qconnect`` 2020-10-19): imports of quick responses."""

from jobview.catalogue.language import CANCELLING, FAILED, RUNNING, SUCCEEDED, UNKNOWN, Family, Job, Parent, Service

# A guess on the safe side.
Q_IN_CONNECT = Service("qconnect", rate=2)

KNOWLEDGE_BASE = Parent(Q_IN_CONNECT, "knowledge-base", list="ListKnowledgeBases", id="knowledgeBaseId")

IMPORT_JOB = Family(
    Q_IN_CONNECT, "import-job", "Amazon Q in Connect import job",
    under=[KNOWLEDGE_BASE],
    list="ListImportJobs",
    get="GetImportJob",
    job=Job(
        id="importJobId", parent="knowledgeBaseId", status="status", created="createdTime",
        updated="lastModifiedTime", ended="lastModifiedTime",
    ),
    # A deletion stops a job that is at work. The last two words say nothing about the import.
    states={
        RUNNING: "START_IN_PROGRESS", SUCCEEDED: "COMPLETE", FAILED: "FAILED", CANCELLING: "DELETE_IN_PROGRESS",
        UNKNOWN: "DELETE_FAILED DELETED",
    },
    failures="Q in Connect makes a link to the failed records: GET the job's links.data.",
    presigned=("url", "failedRecordReport"),
    failures_link="failedRecordReport",
)  # fmt: skip
