"""AWS Backup (``backup`` 2018-11-15): backup, copy, restore, report and scan jobs."""

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

# The console's "Completed with issues" is COMPLETED with another category than SUCCESS.
_WITH_ISSUES = (
    When(SUCCEEDED, "MessageCategory", ("SUCCESS",), SUCCEEDED),
    When(SUCCEEDED, "MessageCategory", (), PARTIALLY_SUCCEEDED),
)

BACKUP_JOB = Family(
    BACKUP, "backup-job", "AWS Backup backup job",
    list="ListBackupJobs", since={"ByCreatedAfter": SINCE},
    get="DescribeBackupJob",
    job=Job(
        id="BackupJobId", name="ResourceName", status="State", reason="StatusMessage",
        created="CreationDate", started="InitiationDate", ended="CompletionDate", progress="PercentDone",
        role="IamRoleArn", inputs=("ResourceArn",), outputs=("RecoveryPointArn",),
        when=_WITH_ISSUES,
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

COPY_JOB = Family(
    BACKUP, "copy-job", "AWS Backup copy job",
    list="ListCopyJobs", since={"ByCreatedAfter": SINCE},
    get="DescribeCopyJob",
    job=Job(
        id="CopyJobId", name="ResourceName", status="State", reason="StatusMessage",
        created="CreationDate", ended="CompletionDate", role="IamRoleArn",
        inputs=("SourceRecoveryPointArn",), outputs=("DestinationRecoveryPointArn",),
        when=_WITH_ISSUES,
        counts=Counts(
            unit="nested jobs", container=True, total="NumberOfChildJobs",
            succeeded="ChildJobsInState.COMPLETED", failed="ChildJobsInState.FAILED",
            running=("ChildJobsInState.RUNNING",),
        ),
    ),
    states={
        PENDING: "CREATED", RUNNING: "RUNNING", SUCCEEDED: "COMPLETED", PARTIALLY_SUCCEEDED: "PARTIAL",
        FAILED: "FAILED",
    },
    events=Events("Copy Job State Change", id="copyJobId", status="state", reason="statusMessage"),
)  # fmt: skip

RESTORE_JOB = Family(
    BACKUP, "restore-job", "AWS Backup restore job",
    list="ListRestoreJobs", since={"ByCreatedAfter": SINCE},
    get="DescribeRestoreJob",
    # The validation of a restore test begins after the restore, and its result is no part of the restore.
    job=Job(
        id="RestoreJobId", status="Status", reason="StatusMessage", created="CreationDate", ended="CompletionDate",
        progress="PercentDone", role="IamRoleArn", inputs=("RecoveryPointArn",), outputs=("CreatedResourceArn",),
    ),
    states={
        PENDING: "PENDING", RUNNING: "RUNNING", SUCCEEDED: "COMPLETED", CANCELLED: "ABORTED", FAILED: "FAILED",
    },
    events=Events("Restore Job State Change", id="restoreJobId", status="status", reason="statusMessage"),
)  # fmt: skip

REPORT_JOB = Family(
    BACKUP, "report-job", "AWS Backup Audit Manager report job",
    list="ListReportJobs", since={"ByCreationAfter": SINCE},
    get="DescribeReportJob",
    job=Job(
        id="ReportJobId", name="ReportTemplate", status="Status", reason="StatusMessage",
        created="CreationTime", ended="CompletionTime", inputs=("ReportPlanArn",),
    ),
    states={PENDING: "CREATED", RUNNING: "RUNNING", SUCCEEDED: "COMPLETED", FAILED: "FAILED"},
    events=Events("Report Job State Change", id="reportJobId", status="status", reason="statusMessage"),
)  # fmt: skip

SCAN_JOB = Family(
    BACKUP, "scan-job", "AWS Backup malware scan job",
    list="ListScanJobs",
    get="DescribeScanJob",
    # A scan that finds threats has done its work.
    job=Job(
        id="ScanJobId", name="ResourceName", status="State", reason="StatusMessage",
        created="CreationDate", ended="CompletionDate", role="ScannerRoleArn", inputs=("RecoveryPointArn",),
    ),
    states={
        PENDING: "CREATED", RUNNING: "RUNNING", SUCCEEDED: "COMPLETED",
        PARTIALLY_SUCCEEDED: "COMPLETED_WITH_ISSUES", FAILED: "FAILED", CANCELLED: "CANCELED",
    },
    retention="30 days",
)  # fmt: skip
