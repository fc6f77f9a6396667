"""AWS X-Ray (``xray`` 2016-04-12): retrievals of traces, known by their tokens alone."""

from jobview.catalogue.language import CANCELLED, FAILED, PENDING, RUNNING, SUCCEEDED, Family, Job, Service

# A guess on the safe side.
XRAY = Service("xray", rate=2)

TRACE_RETRIEVAL = Family(
    XRAY, "trace-retrieval", "AWS X-Ray trace retrieval",
    get="ListRetrievedTraces",
    job=Job(status="RetrievalStatus"),
    states={
        PENDING: "SCHEDULED", RUNNING: "RUNNING", SUCCEEDED: "COMPLETE", FAILED: "FAILED TIMEOUT",
        CANCELLED: "CANCELLED",
    },
    # The data of other applications.
    withheld=("Traces", "NextToken"),
)  # fmt: skip
