"""AWS Glue (``glue`` 2017-03-31): job runs under jobs."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Events,
    Family,
    Job,
    Parent,
    Service,
)

# AWS publishes no rates of these operations; Glue throttles a whole account, so this is careful.
GLUE = Service("glue", rate=5)

# Job definitions are long, so a page has fewer than the model's 1,000.
JOB = Parent(GLUE, "job", list="GetJobs", id="Name", page_size=100)

JOB_RUN = Family(
    GLUE, "job-run", "AWS Glue job run",
    under=[JOB],
    list="GetJobRuns",
    get="GetJobRun",
    newest_first=True,
    # A run has no name. A retry is another run with another id.
    job=Job(
        id="Id", status="JobRunState", parent="JobName", name="JobName", started="StartedOn", updated="LastModifiedOn",
        ended="CompletedOn", reason="ErrorMessage",
    ),
    states={
        PENDING: "WAITING STARTING", RUNNING: "RUNNING", CANCELLING: "STOPPING", CANCELLED: "STOPPED",
        SUCCEEDED: "SUCCEEDED", FAILED: "FAILED TIMEOUT ERROR EXPIRED",
    },
    withheld=("Arguments",),
    console="gluestudio/home#/job/{parent}/run/{id}",
    events=Events(
        ("Glue Job State Change", "Glue Job Run Status"), id="jobRunId", parent="jobName", status="state",
        reason="message",
    ),
)  # fmt: skip
