"""AWS Migration Hub (``mgh`` 2017-05-31): migration tasks, as the tools that run them report them."""

from jobview.catalogue.language import FAILED, PENDING, RUNNING, SUCCEEDED, Family, Job, Service

# A guess on the safe side.
MGH = Service("mgh", rate=1)

MIGRATION_TASK = Family(
    MGH, "migration-task", "AWS Migration Hub migration task",
    # The get needs the task's stream, which the list does not take.
    list="ListMigrationTasks",
    job=Job(
        id="MigrationTaskName", name="MigrationTaskName", status="Status", reason="StatusDetail",
        progress="ProgressPercent", updated="UpdateDateTime", ended="UpdateDateTime",
    ),
    states={PENDING: "NOT_STARTED", RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED", FAILED: "FAILED"},
)  # fmt: skip
