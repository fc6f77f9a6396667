"""Amazon Cognito user pools (``cognito-idp`` 2016-04-18): imports of users."""

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

# A guess on the safe side.
COGNITO = Service("cognito-idp", rate=1)

USER_POOL = Parent(COGNITO, "user-pool", list="ListUserPools", inputs={"MaxResults": 60}, id="Id")

USER_IMPORT_JOB = Family(
    COGNITO, "user-import-job", "Amazon Cognito user import job",
    under=[USER_POOL],
    list="ListUserImportJobs", page_size=25, inputs={"MaxResults": 25},
    get="DescribeUserImportJob",
    job=Job(
        id="JobId", parent="UserPoolId", name="JobName", status="Status", created="CreationDate", started="StartDate",
        ended="CompletionDate", reason="CompletionMessage", role="CloudWatchLogsRoleArn",
        counts=Counts(unit="users", succeeded="ImportedUsers", failed="FailedUsers", skipped="SkippedUsers"),
    ),
    # Created: it waits for its file and for somebody to start it. Expired: nobody started it in time.
    states={
        PENDING: "Created Pending", RUNNING: "InProgress", CANCELLING: "Stopping", CANCELLED: "Stopped Expired",
        SUCCEEDED: "Succeeded", FAILED: "Failed",
    },
    failures="The job's log in CloudWatch Logs has a line for each user that was not imported.",
    # Everybody who has the URL can upload users.
    presigned=("PreSignedUrl",),
    withheld=("PasswordHashingAlgorithm",),
)  # fmt: skip
