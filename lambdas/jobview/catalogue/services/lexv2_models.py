"""Amazon Lex (``lexv2-models`` 2020-08-07): exports, imports, test executions and generations of bots."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    UNKNOWN,
    Family,
    Grant,
    Job,
    Parent,
    Service,
)

# A guess on the safe side.
LEX = Service("lexv2-models", rate=1)


def _of_test_sets(operation: str) -> Grant:
    return Grant(
        action=f"lex:{operation}", resource="arn:{partition}:lex:{region}:{account}:test-set/*",
        reason="Not only bots are exported and imported, but test sets too.",
    )  # fmt: skip


EXPORT = Family(
    LEX, "export", "Amazon Lex export",
    list="ListExports",
    get="DescribeExport", get_resource="bot",
    job=Job(
        id="exportId", status="exportStatus", created="creationDateTime", updated="lastUpdatedDateTime",
        ended="lastUpdatedDateTime",
    ),
    got=Job(reason="failureReasons"),
    # A deletion does not show how the export ended.
    states={RUNNING: "InProgress", SUCCEEDED: "Completed", FAILED: "Failed", UNKNOWN: "Deleting"},
    presigned=("downloadUrl",),
    lists_only="the exports of the last 7 days",
    grants=(_of_test_sets("DescribeExport"),),
)  # fmt: skip

IMPORT = Family(
    LEX, "import", "Amazon Lex import",
    list="ListImports",
    get="DescribeImport", get_resource="bot",
    job=Job(
        id="importId", name="importedResourceName", status="importStatus", created="creationDateTime",
        updated="lastUpdatedDateTime", ended="lastUpdatedDateTime",
    ),
    got=Job(reason="failureReasons"),
    # A deletion does not show how the import ended.
    states={RUNNING: "InProgress", SUCCEEDED: "Completed", FAILED: "Failed", UNKNOWN: "Deleting"},
    lists_only="the imports of the last 7 days",
    withheld=("resourceSpecification.botLocaleImportSpecification.speechRecognitionSettings",),
    grants=(_of_test_sets("DescribeImport"),),
)  # fmt: skip

TEST_EXECUTION = Family(
    LEX, "test-execution", "Amazon Lex test execution",
    list="ListTestExecutions",
    get="DescribeTestExecution",
    job=Job(
        id="testExecutionId", name="testSetName", status="testExecutionStatus", created="creationDateTime",
        updated="lastUpdatedDateTime", ended="lastUpdatedDateTime",
    ),
    got=Job(reason="failureReasons"),
    # A test that the bot does not pass is a result of the execution, and no failure of it.
    states={
        PENDING: "Pending Waiting", RUNNING: "InProgress", CANCELLING: "Stopping", CANCELLED: "Stopped",
        SUCCEEDED: "Completed", FAILED: "Failed",
    },
)  # fmt: skip

TEST_SET_GENERATION = Family(
    LEX, "test-set-generation", "Amazon Lex test set generation",
    # No operation lists the generations.
    get="DescribeTestSetGeneration",
    job=Job(
        id="testSetGenerationId", name="testSetName", status="testSetGenerationStatus", created="creationDateTime",
        updated="lastUpdatedDateTime", ended="lastUpdatedDateTime", reason="failureReasons", role="roleArn",
    ),
    states={PENDING: "Pending", RUNNING: "Generating", SUCCEEDED: "Ready", FAILED: "Failed"},
)  # fmt: skip

DISCREPANCY_REPORT = Family(
    LEX, "test-set-discrepancy-report", "Amazon Lex test set discrepancy report",
    # No operation lists the reports.
    get="DescribeTestSetDiscrepancyReport",
    job=Job(
        id="testSetDiscrepancyReportId", status="testSetDiscrepancyReportStatus", created="creationDateTime",
        updated="lastUpdatedDataTime", ended="lastUpdatedDataTime", reason="failureReasons",
    ),
    states={RUNNING: "InProgress", SUCCEEDED: "Completed", FAILED: "Failed"},
    presigned=("testSetDiscrepancyRawOutputUrl",),
)  # fmt: skip

BOT = Parent(LEX, "bot", list="ListBots", id="botId")

# Only the draft version of a bot can be changed, so recommendations and generations belong to it.
LOCALE = Parent(LEX, "locale", list="ListBotLocales", inputs={"botVersion": "DRAFT"}, id="localeId")

BOT_RECOMMENDATION = Family(
    LEX, "bot-recommendation", "Amazon Lex bot recommendation",
    under=[BOT, LOCALE],
    list="ListBotRecommendations", inputs={"botVersion": "DRAFT"},
    get="DescribeBotRecommendation", get_inputs={"botVersion": "DRAFT"},
    job=Job(
        id="botRecommendationId", status="botRecommendationStatus", created="creationDateTime",
        updated="lastUpdatedDateTime", ended="lastUpdatedDateTime",
    ),
    got=Job(reason="failureReasons"),
    # A deletion does not show how the recommendation ended.
    states={
        RUNNING: "Processing Downloading Updating", CANCELLING: "Stopping", CANCELLED: "Stopped",
        SUCCEEDED: "Available", FAILED: "Failed", UNKNOWN: "Deleting Deleted",
    },
    presigned=("botRecommendationResults.botLocaleExportUrl", "botRecommendationResults.associatedTranscriptsUrl"),
)  # fmt: skip

BOT_RESOURCE_GENERATION = Family(
    LEX, "bot-resource-generation", "Amazon Lex bot resource generation",
    under=[BOT, LOCALE],
    list="ListBotResourceGenerations", inputs={"botVersion": "DRAFT"},
    get="DescribeBotResourceGeneration", get_inputs={"botVersion": "DRAFT"},
    job=Job(
        id="generationId", status="generationStatus", created="creationDateTime", updated="lastUpdatedDateTime",
        ended="lastUpdatedDateTime",
    ),
    got=Job(reason="failureReasons"),
    states={RUNNING: "InProgress", SUCCEEDED: "Complete", FAILED: "Failed"},
    presigned=("generatedBotLocaleUrl",),
    # A person's own words.
    withheld=("generationInputPrompt",),
)  # fmt: skip
