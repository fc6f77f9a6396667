"""Amazon Macie (``macie2`` 2020-01-01): sensitive data discovery jobs.

Macie writes the events of its jobs to CloudWatch Logs only, so none are declared.
"""

from jobview.catalogue.language import (
    CANCELLED,
    PARTIALLY_SUCCEEDED,
    PAUSED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Family,
    Job,
    Service,
    When,
)

# A guess on the safe side.
MACIE = Service("macie2", rate=1)

CLASSIFICATION_JOB = Family(
    MACIE, "classification-job", "Amazon Macie sensitive data discovery job",
    # No documented maximum.
    list="ListClassificationJobs", page_size=25,
    get="DescribeClassificationJob",
    job=Job(
        id="jobId", status="jobStatus", name="name", created="createdAt",
        # Macie could not read some of the buckets or accounts.
        when=(When(SUCCEEDED, "lastRunErrorStatus.code", ("ERROR",), PARTIALLY_SUCCEEDED),),
    ),
    got=Job(started="lastRunTime", tags="tags"),
    # IDLE: a job with a schedule waits for its next run. PAUSED: the monthly quota is used up. CANCELLED includes a
    # job that its user paused and did not resume in time.
    states={
        PENDING: "IDLE", RUNNING: "RUNNING", PAUSED: "PAUSED USER_PAUSED", CANCELLED: "CANCELLED",
        SUCCEEDED: "COMPLETE",
    },
    withheld=("clientToken",),
    failures="The log group /aws/macie/classificationjobs names the buckets and accounts that Macie could not read.",
)  # fmt: skip
