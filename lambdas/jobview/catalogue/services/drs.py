"""AWS Elastic Disaster Recovery (``drs`` 2020-02-26): recoveries, drills, failbacks and terminations.

A job ends with COMPLETED whatever became of its servers: only its servers show whether it succeeded.
"""

from jobview.catalogue.language import (
    FAILED,
    PARTIALLY_SUCCEEDED,
    PENDING,
    RUNNING,
    SINCE,
    SUCCEEDED,
    Family,
    Job,
    Parts,
    Service,
    When,
)

# A guess on the safe side.
DRS = Service("drs", rate=1)

JOB = Family(
    DRS, "job", "AWS Elastic Disaster Recovery job",
    list="DescribeJobs", page_size=100, since={"filters": {"fromDate": SINCE.text}},
    get="DescribeJobs", get_inputs={"filters": {"jobIDs": ["{id}"]}},
    job=Job(
        id="jobID", status="status", created="creationDateTime", ended="endDateTime",
        # TERMINATED is the aim of the jobs that terminate recovery instances.
        parts=Parts(
            unit="servers", path="participatingServers", status="launchStatus", uri="sourceServerID",
            outcomes={
                "PENDING": PENDING, "IN_PROGRESS": RUNNING, "LAUNCHED": SUCCEEDED, "TERMINATED": SUCCEEDED,
                "FAILED": FAILED,
            },
        ),
        # The jobs about networks have resources in the place of servers; one that failed need not be the only one.
        when=(When(SUCCEEDED, "participatingResources[].launchStatus", ("FAILED",), PARTIALLY_SUCCEEDED),),
    ),
    states={PENDING: "PENDING", RUNNING: "STARTED", SUCCEEDED: "COMPLETED"},
    withheld=("participatingServers[].launchActionsStatus.runs[].action.parameters",),
    failures="DescribeJobLogItems has the events of the job, with the errors of each server.",
)  # fmt: skip
