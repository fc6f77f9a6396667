"""Amazon Bedrock (``bedrock`` 2023-04-20): batch inference, and jobs that train, import, copy and evaluate models."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PARTIALLY_SUCCEEDED,
    PENDING,
    RUNNING,
    SINCE,
    SUCCEEDED,
    UNKNOWN,
    Counts,
    Events,
    Family,
    Items,
    Job,
    Parent,
    Service,
    When,
)

# A guess on the safe side: AWS shows the quotas of these operations only in the Service Quotas console.
BEDROCK = Service("bedrock", rate=1)

_SINCE = {"creationTimeAfter": SINCE}
_STATES = {RUNNING: "InProgress", SUCCEEDED: "Completed", FAILED: "Failed"}
_STOPPABLE = _STATES | {CANCELLING: "Stopping", CANCELLED: "Stopped"}
_ARN = "arn:{partition}:bedrock:{region}:{account}"

INVOCATION_JOB = Family(
    BEDROCK, "model-invocation-job", "Amazon Bedrock batch inference job",
    list="ListModelInvocationJobs", since={"submitTimeAfter": SINCE},
    get="GetModelInvocationJob",
    # The model marks the job's message sensitive, so there is no reason.
    job=Job(
        id="jobArn", name="jobName", status="status", created="submitTime", updated="lastModifiedTime", ended="endTime",
        role="roleArn", inputs=("inputDataConfig.s3InputDataConfig.s3Uri",),
        outputs=("outputDataConfig.s3OutputDataConfig.s3Uri",),
        counts=Counts(
            unit="records", total="totalRecordCount", succeeded="successRecordCount", failed="errorRecordCount",
        ),
    ),
    # PartiallyCompleted: its time was over before all records were processed. Expired: before it began.
    states={
        PENDING: "Submitted Validating Scheduled", RUNNING: "InProgress", CANCELLING: "Stopping", CANCELLED: "Stopped",
        SUCCEEDED: "Completed", PARTIALLY_SUCCEEDED: "PartiallyCompleted", FAILED: "Failed Expired",
    },
    failures="The output files in S3 have an error in place of the model's output for each failed record.",
    withheld=("clientRequestToken",),
    events=Events("Batch Inference Job State Change", id="batchJobArn", status="status"),
)  # fmt: skip

CUSTOMIZATION_JOB = Family(
    BEDROCK, "model-customization-job", "Amazon Bedrock model customization job",
    list="ListModelCustomizationJobs", since=_SINCE,
    get="GetModelCustomizationJob",
    # The ARN contains the base model's id, so the job is known by its name.
    job=Job(
        id="jobName", name="jobName", status="status", created="creationTime", updated="lastModifiedTime",
        ended="endTime",
    ),
    got=Job(
        reason="failureMessage", role="roleArn",
        inputs=("trainingDataConfig.s3Uri", "validationDataConfig.validators[].s3Uri"),
        outputs=("outputDataConfig.s3Uri",),
    ),
    states=_STOPPABLE,
    withheld=("clientRequestToken", "hyperParameters", "customizationConfig.rftConfig.hyperParameters"),
    events=Events("Model Customization Job State Change", id="jobName", status="jobStatus", reason="failureMessage"),
)  # fmt: skip

IMPORT_JOB = Family(
    BEDROCK, "model-import-job", "Amazon Bedrock model import job",
    list="ListModelImportJobs", since=_SINCE,
    get="GetModelImportJob", get_inputs={"jobIdentifier": f"{_ARN}:model-import-job/{{id}}"},
    job=Job(
        id="jobArn", name="jobName", status="status", created="creationTime", updated="lastModifiedTime",
        ended="endTime",
    ),
    got=Job(reason="failureMessage", role="roleArn", inputs=("modelDataSource.s3DataSource.s3Uri",)),
    states=_STATES,
)  # fmt: skip

COPY_JOB = Family(
    BEDROCK, "model-copy-job", "Amazon Bedrock model copy job",
    list="ListModelCopyJobs", since=_SINCE,
    get="GetModelCopyJob", get_inputs={"jobArn": f"{_ARN}:model-copy-job/{{id}}"},
    job=Job(
        id="jobArn", name="targetModelName", status="status", created="creationTime", reason="failureMessage",
        inputs=("sourceModelArn",), outputs=("targetModelArn",), tags="targetModelTags",
    ),
    states=_STATES,
)  # fmt: skip

EVALUATION_JOB = Family(
    BEDROCK, "evaluation-job", "Amazon Bedrock evaluation job",
    list="ListEvaluationJobs", since=_SINCE,
    get="GetEvaluationJob", get_inputs={"jobIdentifier": f"{_ARN}:evaluation-job/{{id}}"},
    job=Job(id="jobArn", name="jobName", status="status", created="creationTime"),
    got=Job(
        updated="lastModifiedTime", ended="lastModifiedTime", reason="failureMessages", role="roleArn",
        outputs=("outputDataConfig.s3Uri",),
    ),
    # Deleting: the job had ended before, and the word does not say how.
    states=_STOPPABLE | {UNKNOWN: "Deleting"},
    # They contain the texts of prompts.
    withheld=("evaluationConfig", "inferenceConfig"),
)  # fmt: skip

POLICY = Parent(
    BEDROCK, "automated-reasoning-policy", list="ListAutomatedReasoningPolicies", id="policyArn",
)  # fmt: skip

POLICY_BUILD = Family(
    BEDROCK, "automated-reasoning-policy-build-workflow", "Amazon Bedrock automated reasoning policy build",
    under=[POLICY],
    list="ListAutomatedReasoningPolicyBuildWorkflows",
    get="GetAutomatedReasoningPolicyBuildWorkflow",
    job=Job(
        id="buildWorkflowId", parent="policyArn", status="status", created="createdAt",
        updated="updatedAt", ended="updatedAt",
    ),
    # COMPLETED only says that the test ran.
    items_list=Items(
        "ListAutomatedReasoningPolicyTestResults", unit="tests",
        item=Job(
            id="testCase.testCaseId", status="testRunStatus", created="testCase.createdAt", ended="updatedAt",
            when=(When(SUCCEEDED, "testRunResult", ("FAILED",), FAILED),),
        ),
        states={
            PENDING: "NOT_STARTED SCHEDULED", RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED", FAILED: "FAILED",
        },
    ),
    states={
        PENDING: "SCHEDULED", RUNNING: "PREPROCESSING BUILDING TESTING", CANCELLING: "CANCEL_REQUESTED",
        CANCELLED: "CANCELLED", SUCCEEDED: "COMPLETED", FAILED: "FAILED",
    },
)  # fmt: skip
