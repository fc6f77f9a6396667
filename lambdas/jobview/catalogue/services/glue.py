"""AWS Glue (``glue`` 2017-03-31): runs of jobs, crawlers, workflows and blueprints, and of tasks on tables.

The events about crawlers have no id of the crawl, so none are declared.
"""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PAUSED,
    PENDING,
    RUNNING,
    SINCE,
    SUCCEEDED,
    Counts,
    Events,
    Family,
    Grant,
    Job,
    Logs,
    Parent,
    Service,
)

# AWS publishes no rates of these operations; Glue throttles a whole account, so this is careful.
GLUE = Service("glue", rate=5)

# Job definitions are long, so a page has fewer than the model's 1,000.
JOB = Parent(GLUE, "job", list="GetJobs", id="Name", page_size=100)

JOB_RUN = Family(
    GLUE, "job-run", "AWS Glue job run",
    under=[JOB],
    list="GetJobRuns",
    get="GetJobRun",
    newest_first=True,
    # A run has no name. A retry is another run with another id.
    job=Job(
        id="Id", status="JobRunState", parent="JobName", name="JobName", started="StartedOn", updated="LastModifiedOn",
        ended="CompletedOn", reason="ErrorMessage",
        # The driver's log. The run's standard output is in the group that ends with output.
        logs=Logs(group="{LogGroupName}/error", stream="{id}"),
    ),
    states={
        PENDING: "WAITING STARTING", RUNNING: "RUNNING", CANCELLING: "STOPPING", CANCELLED: "STOPPED",
        SUCCEEDED: "SUCCEEDED", FAILED: "FAILED TIMEOUT ERROR EXPIRED",
    },
    withheld=("Arguments",),
    console="gluestudio/home#/job/{parent}/run/{id}",
    events=Events(
        ("Glue Job State Change", "Glue Job Run Status"), id="jobRunId", parent="jobName", status="state",
        reason="message",
    ),
)  # fmt: skip

BLUEPRINT = Parent(GLUE, "blueprint", list="ListBlueprints", id="@")

BLUEPRINT_RUN = Family(
    GLUE, "blueprint-run", "AWS Glue blueprint run",
    under=[BLUEPRINT],
    list="GetBlueprintRuns",
    get="GetBlueprintRun",
    job=Job(
        id="RunId", status="State", parent="BlueprintName", name="WorkflowName", started="StartedOn",
        ended="CompletedOn", reason="ErrorMessage", role="RoleArn",
    ),
    # ROLLING_BACK: the run failed, and Glue still deletes what the run created.
    states={RUNNING: "RUNNING ROLLING_BACK", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED"},
    withheld=("Parameters",),
)  # fmt: skip

CRAWLER = Parent(GLUE, "crawler", list="ListCrawlers", id="@")

CRAWL = Family(
    GLUE, "crawl", "AWS Glue crawl",
    under=[CRAWLER],
    list="ListCrawls",
    since={"Filters": [{"FieldName": "START_TIME", "FilterOperator": "GE", "FieldValue": SINCE.milliseconds_text}]},
    job=Job(
        id="CrawlId", status="State", started="StartTime", ended="EndTime", reason="ErrorMessage",
        logs=Logs(group="{LogGroup}", stream="{LogStream}"),
    ),
    starts="StartCrawler",
    states={RUNNING: "RUNNING", SUCCEEDED: "COMPLETED", FAILED: "FAILED", CANCELLED: "STOPPED"},
    retention="12 months",
)  # fmt: skip

WORKFLOW = Parent(GLUE, "workflow", list="ListWorkflows", id="@")

WORKFLOW_RUN = Family(
    GLUE, "workflow-run", "AWS Glue workflow run",
    under=[WORKFLOW],
    list="GetWorkflowRuns",
    get="GetWorkflowRun",
    job=Job(
        id="WorkflowRunId", status="Status", parent="Name", name="Name", started="StartedOn", ended="CompletedOn",
        reason="ErrorMessage",
        # A run whose actions failed is COMPLETED too.
        counts=Counts(
            unit="actions", total="Statistics.TotalActions", succeeded="Statistics.SucceededActions",
            failed=("Statistics.FailedActions", "Statistics.TimeoutActions", "Statistics.ErroredActions"),
            skipped="Statistics.StoppedActions",
        ),
    ),
    states={
        RUNNING: "RUNNING", CANCELLING: "STOPPING", CANCELLED: "STOPPED", SUCCEEDED: "COMPLETED", FAILED: "ERROR",
    },
    failures="The runs of the workflow's jobs and crawlers have the reasons.",
    # The graph, which nobody asks for here, has the arguments of jobs.
    withheld=("WorkflowRunProperties", "Graph"),
    retention="90 days",
)  # fmt: skip

COLUMN_STATISTICS_TASK_RUN = Family(
    GLUE, "column-statistics-task-run", "AWS Glue column statistics task run",
    # The list returns ids alone, of the whole account.
    list="ListColumnStatisticsTaskRuns",
    get="GetColumnStatisticsTaskRun",
    job=Job(id="@"),
    got=Job(
        id="ColumnStatisticsTaskRunId", status="Status", name="TableName", created="CreationTime",
        started="StartTime", updated="LastUpdated", ended="EndTime", reason="ErrorMessage", role="Role",
    ),
    states={PENDING: "STARTING", RUNNING: "RUNNING", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED", CANCELLED: "STOPPED"},
)  # fmt: skip

# TIMEOUT: the run took longer than its own limit, so nobody stopped it.
_TASK_STATES = {
    PENDING: "STARTING", RUNNING: "RUNNING", CANCELLING: "STOPPING", CANCELLED: "STOPPED", SUCCEEDED: "SUCCEEDED",
    FAILED: "FAILED TIMEOUT",
}  # fmt: skip

TRANSFORM = Parent(GLUE, "transform", list="ListMLTransforms", id="@")

ML_TASK_RUN = Family(
    GLUE, "ml-task-run", "AWS Glue machine learning task run",
    under=[TRANSFORM],
    list="GetMLTaskRuns",
    get="GetMLTaskRun",
    job=Job(
        id="TaskRunId", status="Status", parent="TransformId", started="StartedOn", updated="LastModifiedOn",
        ended="CompletedOn", reason="ErrorString", inputs=("Properties.ImportLabelsTaskRunProperties.InputS3Path",),
        outputs=(
            "Properties.ExportLabelsTaskRunProperties.OutputS3Path",
            "Properties.LabelingSetGenerationTaskRunProperties.OutputS3Path",
        ),
        logs=Logs(group="{LogGroupName}"),
    ),
    states=_TASK_STATES,
)  # fmt: skip

# A query and the options of a connection may contain secrets, and a rule may quote values of the table.
_DATA_SOURCE = (
    "DataSource.GlueTable.AdditionalOptions", "DataSource.DataQualityGlueTable.AdditionalOptions",
    "DataSource.DataQualityGlueTable.PreProcessingQuery",
)  # fmt: skip
_DATA_QUALITY_RUN = Job(
    updated="LastModifiedOn", ended="CompletedOn", reason="ErrorString", role="Role",
)  # fmt: skip

DATA_QUALITY_RULE_RECOMMENDATION_RUN = Family(
    GLUE, "data-quality-rule-recommendation-run", "AWS Glue data quality rule recommendation run",
    list="ListDataQualityRuleRecommendationRuns",
    get="GetDataQualityRuleRecommendationRun",
    job=Job(id="RunId", status="Status", name="DataSource.GlueTable.TableName", started="StartedOn"),
    got=_DATA_QUALITY_RUN,
    states=_TASK_STATES,
    withheld=(*_DATA_SOURCE, "RecommendedRuleset"),
)  # fmt: skip

DATA_QUALITY_RULESET_EVALUATION_RUN = Family(
    GLUE, "data-quality-ruleset-evaluation-run", "AWS Glue data quality ruleset evaluation run",
    list="ListDataQualityRulesetEvaluationRuns",
    get="GetDataQualityRulesetEvaluationRun",
    job=Job(id="RunId", status="Status", name="DataSource.GlueTable.TableName", started="StartedOn"),
    got=_DATA_QUALITY_RUN,
    # A run whose rules do not hold has done its work.
    states=_TASK_STATES,
    withheld=(*_DATA_SOURCE, "AdditionalDataSources"),
    # They are about the evaluations of Glue jobs too, which have no run id.
    events=Events("Data Quality Evaluation Results Available", id="context.runId", source="aws.glue-dataquality"),
)  # fmt: skip

JOB_UPGRADE_ANALYSIS = Family(
    GLUE, "job-upgrade-analysis", "AWS Glue job upgrade analysis",
    under=[JOB],
    # No operation lists them.
    get="GetJobUpgradeAnalysis",
    job=Job(id="analysisId", status="status", parent="jobName", name="jobName", reason="errorMessage"),
    states={
        RUNNING: "OBSERVING UPGRADING", PAUSED: "WAITING_FOR_CONSENT", SUCCEEDED: "SUCCEEDED",
        FAILED: "FAILED TIMEOUT", CANCELLED: "STOPPED",
    },
)  # fmt: skip

DATA_QUALITY_MODEL = Family(
    GLUE, "data-quality-model", "AWS Glue data quality model training",
    # No operation lists the models. A model has the id of its data quality profile, and may be trained again.
    get="GetDataQualityModel", get_inputs={"ProfileId": "{id}"}, get_resource="dataQualityRuleset",
    job=Job(status="Status", started="StartedOn", ended="CompletedOn", reason="FailureReason"),
    states={RUNNING: "RUNNING", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED"},
    grants=(
        Grant(
            action="glue:GetDataQualityModel", resource="arn:{partition}:glue:{region}:{account}:job/*",
            reason="A profile belongs to a ruleset or to a job, and the reference lists both as its resources.",
        ),
    ),
)  # fmt: skip
