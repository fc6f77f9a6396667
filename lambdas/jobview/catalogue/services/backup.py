"""AWS Backup (``backup`` 2018-11-15): backup jobs."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PARTIALLY_SUCCEEDED,
    PENDING,
    RUNNING,
    SINCE,
    SUCCEEDED,
    Counts,
    Events,
    Family,
    Job,
    Service,
    When,
)

# AWS publishes no rates of these operations: a guess on the safe side.
BACKUP = Service("backup", rate=2)

# Only a job that contains other jobs, such as the backup of a CloudFormation stack, has counts: of those jobs.
_NESTED = Counts(
    unit="nested jobs", container=True, total="NumberOfChildJobs",
    succeeded="ChildJobsInState.COMPLETED", skipped="ChildJobsInState.ABORTED",
    failed=("ChildJobsInState.FAILED", "ChildJobsInState.EXPIRED"), running=("ChildJobsInState.RUNNING",),
)  # fmt: skip

BACKUP_JOB = Family(
    BACKUP, "backup-job", "AWS Backup backup job",
    list="ListBackupJobs", since={"ByCreatedAfter": SINCE},
    get="DescribeBackupJob",
    job=Job(
        id="BackupJobId", name="ResourceName", status="State", reason="StatusMessage",
        created="CreationDate", started="InitiationDate", ended="CompletionDate", progress="PercentDone",
        role="IamRoleArn", inputs=("ResourceArn",), outputs=("RecoveryPointArn",),
        # The console's "Completed with issues" is COMPLETED with another category than SUCCESS.
        when=(
            When(SUCCEEDED, "MessageCategory", ("SUCCESS",), SUCCEEDED),
            When(SUCCEEDED, "MessageCategory", (), PARTIALLY_SUCCEEDED),
        ),
    ),
    got=Job(counts=_NESTED),
    # EXPIRED: its window was over before it could start.
    states={
        PENDING: "CREATED PENDING", RUNNING: "RUNNING", CANCELLING: "ABORTING", CANCELLED: "ABORTED",
        SUCCEEDED: "COMPLETED", PARTIALLY_SUCCEEDED: "PARTIAL", FAILED: "FAILED EXPIRED",
    },
    # AWS Backup sends them every five minutes, on a best-effort basis.
    events=Events("Backup Job State Change", id="backupJobId", status="state", reason="statusMessage"),
    retention="30 days",
)  # fmt: skip
