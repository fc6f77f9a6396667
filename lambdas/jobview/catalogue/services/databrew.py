"""AWS Glue DataBrew (``databrew`` 2017-07-25): runs of recipe and profile jobs."""

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
    Logs,
    Parent,
    Service,
)

# A guess on the safe side.
DATABREW = Service("databrew", rate=2)

JOB = Parent(DATABREW, "job", list="ListJobs", id="Name")

JOB_RUN = Family(
    DATABREW, "job-run", "AWS Glue DataBrew job run",
    under=[JOB],
    list="ListJobRuns",
    get="DescribeJobRun",
    # Each attempt of a run has the same id.
    job=Job(
        id="RunId", status="State", counter="Attempt", parent="JobName", name="JobName", started="StartedOn",
        ended="CompletedOn", reason="ErrorMessage",
        logs=Logs(group="{LogGroupName}", where={"LogSubscription": "ENABLE"}),
    ),
    # TIMEOUT: the run took longer than the job allows.
    states={
        PENDING: "STARTING", RUNNING: "RUNNING", CANCELLING: "STOPPING", CANCELLED: "STOPPED",
        SUCCEEDED: "SUCCEEDED", FAILED: "FAILED TIMEOUT",
    },
    withheld=(
        "ProfileConfiguration.DatasetStatisticsConfiguration.Overrides[].Parameters",
        "ProfileConfiguration.ColumnStatisticsConfigurations[].Statistics.Overrides[].Parameters",
    ),
    events=Events(
        "DataBrew Job State Change", id="jobRunId", parent="jobName", status="state", reason="message"
    ),
)  # fmt: skip
