"""Amazon WorkMail (``workmail`` 2017-10-01): exports of mailboxes."""

from jobview.catalogue.language import CANCELLED, FAILED, NOT_HERE, RUNNING, SUCCEEDED, Family, Job, Parent, Service

# A guess on the safe side.
WORKMAIL = Service("workmail", rate=1)

ORGANIZATION = Parent(
    WORKMAIL, "organization", list="ListOrganizations", id="OrganizationId", only="State == 'Active'",
)  # fmt: skip

MAILBOX_EXPORT_JOB = Family(
    WORKMAIL, "mailbox-export-job", "Amazon WorkMail mailbox export job",
    under=[ORGANIZATION],
    list="ListMailboxExportJobs",
    get="DescribeMailboxExportJob",
    job=Job(id="JobId", status="State", started="StartTime", ended="EndTime", progress="EstimatedProgress"),
    got=Job(id=NOT_HERE, reason="ErrorInfo", role="RoleArn"),
    states={RUNNING: "RUNNING", SUCCEEDED: "COMPLETED", FAILED: "FAILED", CANCELLED: "CANCELLED"},
    withheld=("Description",),
    lists_only="jobs that were started in the last seven days",
)  # fmt: skip
