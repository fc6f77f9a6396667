"""Amazon Textract (``textract`` 2018-06-27): text detection and analyses of documents, and training of adapters.

No operation lists the jobs that read documents, and Textract sends no events to EventBridge: it publishes a job's end
to an SNS topic that the caller names when the job is started.
"""

from jobview.catalogue.language import (
    FAILED,
    PARTIALLY_SUCCEEDED,
    RUNNING,
    SINCE,
    SUCCEEDED,
    Counts,
    Family,
    Job,
    Parent,
    Service,
)

# AWS shows the quotas of an account in Service Quotas alone, and its guide warns that frequent gets are throttled: a
# guess on the safe side.
TEXTRACT = Service("textract", rate=2)

# The answer has neither the id that it was asked for nor a time.
JOB = Job(status="JobStatus", reason="StatusMessage", counts=Counts(unit="pages", total="DocumentMetadata.Pages"))
STATES = {RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCEEDED", PARTIALLY_SUCCEEDED: "PARTIAL_SUCCESS", FAILED: "FAILED"}
# AWS never gave out the id, the job is older than a week, or another operation reads it.
MISSING = {"InvalidJobIdException": ""}
# What the document says cannot be left out of the answer: as little of it as possible.
SMALL = {"MaxResults": 1}
FAILURES = "The Warnings in the get operation's answer name the pages that could not be processed, and why."
RETENTION = "7 days after the job was started"

TEXT_DETECTION = Family(
    TEXTRACT, "document-text-detection", "Amazon Textract document text detection",
    get="GetDocumentTextDetection", get_inputs=SMALL, missing=MISSING,
    job=JOB, states=STATES, failures=FAILURES, withheld=("Blocks", "NextToken"), retention=RETENTION,
)  # fmt: skip

DOCUMENT_ANALYSIS = Family(
    TEXTRACT, "document-analysis", "Amazon Textract document analysis",
    get="GetDocumentAnalysis", get_inputs=SMALL, missing=MISSING,
    job=JOB, states=STATES, failures=FAILURES, withheld=("Blocks", "NextToken"), retention=RETENTION,
)  # fmt: skip

EXPENSE_ANALYSIS = Family(
    TEXTRACT, "expense-analysis", "Amazon Textract expense analysis",
    get="GetExpenseAnalysis", get_inputs=SMALL, missing=MISSING,
    job=JOB, states=STATES, failures=FAILURES, withheld=("ExpenseDocuments", "NextToken"), retention=RETENTION,
)  # fmt: skip

LENDING_ANALYSIS = Family(
    TEXTRACT, "lending-analysis", "Amazon Textract lending analysis",
    get="GetLendingAnalysis", get_inputs=SMALL, missing=MISSING,
    job=JOB, states=STATES, failures=FAILURES, withheld=("Results", "NextToken"), retention=RETENTION,
)  # fmt: skip

# No documented maximum of either page.
ADAPTER = Parent(TEXTRACT, "adapter", list="ListAdapters", id="AdapterId", page_size=20)

ADAPTER_VERSION = Family(
    TEXTRACT, "adapter-version", "Amazon Textract adapter training",
    under=[ADAPTER],
    list="ListAdapterVersions", page_size=20, since={"AfterCreationTime": SINCE},
    get="GetAdapterVersion", get_resource="adapterversion",
    job=Job(
        id="AdapterVersion", parent="AdapterId", status="Status", created="CreationTime", reason="StatusMessage",
    ),
    got=Job(inputs=("DatasetConfig.ManifestS3Object",), tags="Tags"),
    # AT_RISK, DEPRECATED: a trained version that Textract will not support for long, or does not support any more.
    states={RUNNING: "CREATION_IN_PROGRESS", SUCCEEDED: "ACTIVE AT_RISK DEPRECATED", FAILED: "CREATION_ERROR"},
)  # fmt: skip
