"""Amazon Lex V1 (``lex-models`` 2017-04-19): migrations and imports of bots."""

from datetime import date

from jobview.catalogue.language import FAILED, RUNNING, SUCCEEDED, Cause, Family, Job, Service

# The rate is a guess on the safe side. AWS's notice is in the developer guide: "After September 15, 2025, you will no
# longer be able to access the Amazon Lex V1 console or Amazon Lex V1 resources."
LEX_V1 = Service("lex-models", rate=1, retired=date(2025, 9, 15))

MIGRATION = Family(
    LEX_V1, "migration", "Amazon Lex V1 migration",
    list="GetMigrations",
    get="GetMigration",
    job=Job(
        id="migrationId", name="v1BotName", status="migrationStatus", created="migrationTimestamp", role="v2BotRole",
    ),
    got=Job(causes=(Cause(at="alerts[]", message="message"),)),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED", FAILED: "FAILED"},
    failures="The native record of the get has the errors and warnings, under alerts.",
)  # fmt: skip

IMPORT = Family(
    LEX_V1, "import", "Amazon Lex V1 import",
    # No operation lists the imports.
    get="GetImport",
    job=Job(id="importId", name="name", status="importStatus", created="createdDate", reason="failureReason"),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETE", FAILED: "FAILED"},
)  # fmt: skip
