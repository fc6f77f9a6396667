"""Agents for Amazon Bedrock (``bedrock-agent`` 2023-06-05): ingestion jobs of a knowledge base's data sources."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Counts,
    Family,
    Job,
    Parent,
    Service,
)

# A guess on the safe side: AWS shows the quotas of these operations only in the Service Quotas console.
BEDROCK_AGENT = Service("bedrock-agent", rate=2)

KNOWLEDGE_BASE = Parent(BEDROCK_AGENT, "knowledge-base", list="ListKnowledgeBases", id="knowledgeBaseId")
DATA_SOURCE = Parent(BEDROCK_AGENT, "data-source", list="ListDataSources", id="dataSourceId")

INGESTION_JOB = Family(
    BEDROCK_AGENT, "ingestion-job", "Amazon Bedrock knowledge base ingestion job",
    under=[KNOWLEDGE_BASE, DATA_SOURCE],
    list="ListIngestionJobs", inputs={"sortBy": {"attribute": "STARTED_AT", "order": "DESCENDING"}},
    newest_first="the sort order in the inputs",
    get="GetIngestionJob",
    # Unchanged documents are scanned and not indexed again, so no count gives the number that succeeded.
    job=Job(
        id="ingestionJobId", status="status", parent="dataSourceId", name="description", started="startedAt",
        updated="updatedAt", ended="updatedAt",
        counts=Counts(
            unit="documents", total="statistics.numberOfDocumentsScanned", failed="statistics.numberOfDocumentsFailed",
            skipped="statistics.numberOfDocumentsSkipped",
        ),
    ),
    got=Job(reason="failureReasons"),
    states={
        PENDING: "STARTING", RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETE", FAILED: "FAILED", CANCELLING: "STOPPING",
        CANCELLED: "STOPPED",
    },
)  # fmt: skip
