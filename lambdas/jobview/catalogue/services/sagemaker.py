"""Amazon SageMaker AI (``sagemaker`` 2017-07-24): jobs that train, tune, process, compile, label and evaluate.

SageMaker writes the names in most of its ARNs in lower case. So a job is known by its name, and an event that has
its ARN alone is not declared.
"""

from datetime import date

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
    Cause,
    Counts,
    Events,
    Family,
    Items,
    Job,
    Logs,
    Parent,
    Service,
    When,
)

# AWS publishes no rates of these operations: a guess on the safe side.
SAGEMAKER = Service("sagemaker", rate=2)

TRAINING_JOB = Family(
    SAGEMAKER, "training-job", "Amazon SageMaker AI training job",
    list="ListTrainingJobs", since={"CreationTimeAfter": SINCE},
    get="DescribeTrainingJob",
    # The model has ResourceNotFound, but the service returns this code with "Requested resource not found."
    missing={"ValidationException": "resource not found"},
    job=Job(
        id="TrainingJobName", name="TrainingJobName", status="TrainingJobStatus",
        created="CreationTime", updated="LastModifiedTime", ended="TrainingEndTime",
        # Nobody stopped such a job: it ran out of time.
        when=(When(CANCELLED, "SecondaryStatus", ("MaxRuntimeExceeded", "MaxWaitTimeExceeded"), FAILED),),
        # Each instance has a stream, whose name begins with the job's.
        logs=Logs(group="/aws/sagemaker/TrainingJobs", prefix="{id}/"),
    ),
    got=Job(
        started="TrainingStartTime", reason="FailureReason", role="RoleArn",
        inputs=("InputDataConfig[].DataSource.S3DataSource.S3Uri",),
        outputs=("OutputDataConfig.S3OutputPath", "ModelArtifacts.S3ModelArtifacts"),
    ),
    # Deleting: the job had ended before, and the word does not say how.
    states={
        RUNNING: "InProgress", CANCELLING: "Stopping", CANCELLED: "Stopped", SUCCEEDED: "Completed", FAILED: "Failed",
        UNKNOWN: "Deleting",
    },
    # Any input of the container may contain a secret, and the model marks none as sensitive.
    withheld=(
        "HyperParameters", "Environment",
        "AlgorithmSpecification.ContainerEntrypoint", "AlgorithmSpecification.ContainerArguments",
        "AlgorithmSpecification.TrainingImageConfig.TrainingRepositoryAuthConfig",
        "DebugHookConfig.HookParameters", "DebugHookConfig.CollectionConfigurations[].CollectionParameters",
        "DebugRuleConfigurations[].RuleParameters", "ProfilerRuleConfigurations[].RuleParameters",
        "ProfilerConfig.ProfilingParameters",
    ),
    console="sagemaker/home#/jobs/{id}",
    events=Events("SageMaker Training Job State Change", id="TrainingJobName"),
)  # fmt: skip

_SINCE = {"CreationTimeAfter": SINCE}
# The models of these operations have ResourceNotFound, but the service also returns this code.
_MISSING = {"ValidationException": "could not find"}
# Stopped: by somebody, or because its time was over. Only training jobs and Autopilot jobs say which.
_STATES = {
    RUNNING: "InProgress", CANCELLING: "Stopping", CANCELLED: "Stopped", SUCCEEDED: "Completed", FAILED: "Failed",
}  # fmt: skip
# The job had ended before somebody deleted it, and these words do not say how.
_WITH_DELETION = _STATES | {UNKNOWN: "Deleting DeleteFailed"}
_UPPER_CASE = {
    PENDING: "STARTING", RUNNING: "INPROGRESS", CANCELLING: "STOPPING", CANCELLED: "STOPPED", SUCCEEDED: "COMPLETED",
    FAILED: "FAILED",
}  # fmt: skip

PROCESSING_JOB = Family(
    SAGEMAKER, "processing-job", "Amazon SageMaker AI processing job",
    list="ListProcessingJobs", since=_SINCE,
    get="DescribeProcessingJob", missing=_MISSING,
    job=Job(
        id="ProcessingJobName", name="ProcessingJobName", status="ProcessingJobStatus", created="CreationTime",
        updated="LastModifiedTime", ended="ProcessingEndTime", reason="FailureReason",
        # The container's own message at its end.
        causes=(Cause(at="ExitMessage", message="@"),),
        logs=Logs(group="/aws/sagemaker/ProcessingJobs", prefix="{id}/"),
    ),
    got=Job(
        started="ProcessingStartTime", role="RoleArn", inputs=("ProcessingInputs[].S3Input.S3Uri",),
        outputs=("ProcessingOutputConfig.Outputs[].S3Output.S3Uri",),
    ),
    states=_STATES,
    withheld=(
        "Environment", "AppSpecification.ContainerEntrypoint", "AppSpecification.ContainerArguments",
        "ProcessingInputs[].DatasetDefinition.AthenaDatasetDefinition.QueryString",
        "ProcessingInputs[].DatasetDefinition.RedshiftDatasetDefinition.QueryString",
    ),
    console="sagemaker/home#/processing-jobs/{id}",
    events=Events("SageMaker Processing Job State Change", id="ProcessingJobName", status="ProcessingJobStatus"),
)  # fmt: skip

TRANSFORM_JOB = Family(
    SAGEMAKER, "transform-job", "Amazon SageMaker AI batch transform job",
    list="ListTransformJobs", since=_SINCE,
    get="DescribeTransformJob", missing=_MISSING,
    job=Job(
        id="TransformJobName", name="TransformJobName", status="TransformJobStatus", created="CreationTime",
        ended="TransformEndTime", reason="FailureReason",
        logs=Logs(group="/aws/sagemaker/TransformJobs", prefix="{id}/"),
    ),
    got=Job(
        started="TransformStartTime", inputs=("TransformInput.DataSource.S3DataSource.S3Uri",),
        outputs=("TransformOutput.S3OutputPath",),
    ),
    states=_STATES,
    withheld=("Environment",),
    console="sagemaker/home#/transform-jobs/{id}",
    events=Events("SageMaker Transform Job State Change", id="TransformJobName", status="TransformJobStatus"),
)  # fmt: skip

# A tuning job has one definition of its training jobs, or several.
_DEFINITIONS = ("TrainingJobDefinition", "TrainingJobDefinitions[]")
_PARAMETERS = ("StaticHyperParameters", "HyperParameterRanges.AutoParameters", "Environment")

TUNING_JOB = Family(
    SAGEMAKER, "hyper-parameter-tuning-job", "Amazon SageMaker AI hyperparameter tuning job",
    list="ListHyperParameterTuningJobs", since=_SINCE,
    get="DescribeHyperParameterTuningJob", missing=_MISSING,
    job=Job(
        id="HyperParameterTuningJobName", name="HyperParameterTuningJobName", status="HyperParameterTuningJobStatus",
        created="CreationTime", updated="LastModifiedTime", ended="HyperParameterTuningEndTime",
        # A training job with a retryable error may run again, so it is no failed item.
        counts=Counts(
            unit="training jobs", succeeded="TrainingJobStatusCounters.Completed",
            failed="TrainingJobStatusCounters.NonRetryableError", skipped="TrainingJobStatusCounters.Stopped",
        ),
    ),
    got=Job(
        reason="FailureReason", role="TrainingJobDefinition.RoleArn",
        inputs=tuple(f"{definition}.InputDataConfig[].DataSource.S3DataSource.S3Uri" for definition in _DEFINITIONS),
        outputs=tuple(f"{definition}.OutputDataConfig.S3OutputPath" for definition in _DEFINITIONS),
    ),
    states=_WITH_DELETION,
    failures="ListTrainingJobsForHyperParameterTuningJob lists the training jobs and why they failed.",
    withheld=(
        "HyperParameterTuningJobConfig.ParameterRanges.AutoParameters", "BestTrainingJob.TunedHyperParameters",
        "OverallBestTrainingJob.TunedHyperParameters",
        *(f"{definition}.{member}" for definition in _DEFINITIONS for member in _PARAMETERS),
    ),
    console="sagemaker/home#/hyper-tuning-jobs/{id}",
    events=Events(
        "SageMaker HyperParameter Tuning Job State Change", id="HyperParameterTuningJobName",
        status="HyperParameterTuningJobStatus",
    ),
)  # fmt: skip

# The best model that was ready when the time was over is the result, but later steps are missing.
_AUTOML_ENDS = (
    When(CANCELLED, "AutoMLJobSecondaryStatus", ("MaxAutoMLJobRuntimeReached",), PARTIALLY_SUCCEEDED),
    When(CANCELLED, "AutoMLJobSecondaryStatus", ("MaxCandidatesReached",), SUCCEEDED),
    When(
        SUCCEEDED, "AutoMLJobSecondaryStatus",
        ("MaxAutoMLJobRuntimeReached", "ExplainabilityError", "ModelDeploymentError", "ModelInsightsError"),
        PARTIALLY_SUCCEEDED,
    ),
    When(SUCCEEDED, "PartialFailureReasons[].PartialFailureMessage", (), PARTIALLY_SUCCEEDED),
)  # fmt: skip

AUTOML_JOB = Family(
    SAGEMAKER, "automl-job", "Amazon SageMaker AI Autopilot job",
    list="ListAutoMLJobs", since=_SINCE,
    # It also returns the jobs of the older CreateAutoMLJob.
    get="DescribeAutoMLJobV2", missing=_MISSING,
    job=Job(
        id="AutoMLJobName", name="AutoMLJobName", status="AutoMLJobStatus", created="CreationTime",
        updated="LastModifiedTime", ended="EndTime", reason="FailureReason",
        causes=(Cause(at="PartialFailureReasons[]", message="PartialFailureMessage"),), when=_AUTOML_ENDS,
    ),
    got=Job(
        role="RoleArn", inputs=("AutoMLJobInputDataConfig[].DataSource.S3DataSource.S3Uri",),
        outputs=("OutputDataConfig.S3OutputPath",),
    ),
    states=_STATES,
    # An ended candidate without a metric has failed too, and its status says so.
    items_list=Items(
        "ListCandidatesForAutoMLJob", unit="candidates", missing=_MISSING,
        item=Job(
            id="CandidateName", status="CandidateStatus", created="CreationTime", ended="EndTime",
            reason="FailureReason",
        ),
        states=_STATES,
    ),
    withheld=(
        "BestCandidate.InferenceContainers[].Environment",
        "BestCandidate.InferenceContainerDefinitions",
        "AutoMLProblemTypeConfig.TextGenerationJobConfig.TextGenerationHyperParameters",
    ),
)  # fmt: skip

COMPILATION_JOB = Family(
    SAGEMAKER, "compilation-job", "Amazon SageMaker AI model compilation job",
    list="ListCompilationJobs", since=_SINCE,
    get="DescribeCompilationJob", missing=_MISSING,
    job=Job(
        id="CompilationJobName", name="CompilationJobName", status="CompilationJobStatus", created="CreationTime",
        started="CompilationStartTime", updated="LastModifiedTime", ended="CompilationEndTime",
    ),
    got=Job(
        reason="FailureReason", role="RoleArn", inputs=("InputConfig.S3Uri",),
        outputs=("OutputConfig.S3OutputLocation", "ModelArtifacts.S3ModelArtifacts"),
    ),
    states=_UPPER_CASE,
)  # fmt: skip

OPTIMIZATION_JOB = Family(
    SAGEMAKER, "optimization-job", "Amazon SageMaker AI model optimization job",
    list="ListOptimizationJobs", since=_SINCE,
    get="DescribeOptimizationJob", missing=_MISSING,
    job=Job(
        id="OptimizationJobName", name="OptimizationJobName", status="OptimizationJobStatus", created="CreationTime",
        started="OptimizationStartTime", updated="LastModifiedTime", ended="OptimizationEndTime",
    ),
    got=Job(
        reason="FailureReason", role="RoleArn", inputs=("ModelSource.S3.S3Uri",),
        outputs=("OutputConfig.S3OutputLocation",),
    ),
    states=_UPPER_CASE,
    withheld=(
        "OptimizationEnvironment", "OptimizationConfigs[].ModelQuantizationConfig.OverrideEnvironment",
        "OptimizationConfigs[].ModelCompilationConfig.OverrideEnvironment",
        "OptimizationConfigs[].ModelShardingConfig.OverrideEnvironment",
    ),
)  # fmt: skip

# "SageMaker Edge Manager end of life" in the Developer Guide: AWS deleted all edge packaging jobs, and calls fail.
EDGE_MANAGER = Service("sagemaker", rate=2, retired=date(2024, 4, 26))

EDGE_PACKAGING_JOB = Family(
    EDGE_MANAGER, "edge-packaging-job", "Amazon SageMaker AI edge packaging job",
    list="ListEdgePackagingJobs", since=_SINCE,
    get="DescribeEdgePackagingJob", missing=_MISSING,
    job=Job(
        id="EdgePackagingJobName", name="EdgePackagingJobName", status="EdgePackagingJobStatus",
        created="CreationTime", updated="LastModifiedTime", ended="LastModifiedTime",
    ),
    got=Job(
        reason="EdgePackagingJobStatusMessage", role="RoleArn", outputs=("OutputConfig.S3OutputLocation",),
        # The package is ready, but the component for the devices is not.
        when=(When(SUCCEEDED, "PresetDeploymentOutput.Status", ("FAILED",), PARTIALLY_SUCCEEDED),),
        causes=(Cause(at="PresetDeploymentOutput", message="StatusMessage"),),
    ),
    states=_UPPER_CASE,
)  # fmt: skip

LABELING_JOB = Family(
    SAGEMAKER, "labeling-job", "Amazon SageMaker Ground Truth labeling job",
    list="ListLabelingJobs", since=_SINCE,
    get="DescribeLabelingJob", missing=_MISSING,
    job=Job(
        id="LabelingJobName", name="LabelingJobName", status="LabelingJobStatus", created="CreationTime",
        updated="LastModifiedTime", ended="LastModifiedTime", reason="FailureReason",
        inputs=("InputConfig.DataSource.S3DataSource.ManifestS3Uri",),
        outputs=("LabelingJobOutput.OutputDatasetS3Uri",),
        counts=Counts(
            unit="objects", succeeded="LabelCounters.TotalLabeled", failed="LabelCounters.FailedNonRetryableError",
            total=tuple(f"LabelCounters.{name}" for name in ("TotalLabeled", "FailedNonRetryableError", "Unlabeled")),
        ),
    ),
    got=Job(role="RoleArn", outputs=("OutputConfig.S3OutputPath", "LabelingJobOutput.OutputDatasetS3Uri"), tags="Tags"),
    states=_STATES | {PENDING: "Initializing"},
)  # fmt: skip

INFERENCE_RECOMMENDATIONS_JOB = Family(
    SAGEMAKER, "inference-recommendations-job", "Amazon SageMaker AI inference recommendations job",
    list="ListInferenceRecommendationsJobs", since=_SINCE,
    get="DescribeInferenceRecommendationsJob", missing=_MISSING,
    job=Job(
        id="JobName", name="JobName", status="Status", created="CreationTime", updated="LastModifiedTime",
        ended="CompletionTime", reason="FailureReason", role="RoleArn",
    ),
    states={
        PENDING: "PENDING", RUNNING: "IN_PROGRESS", CANCELLING: "STOPPING", CANCELLED: "STOPPED",
        SUCCEEDED: "COMPLETED", FAILED: "FAILED", UNKNOWN: "DELETING DELETED",
    },
    failures="ListInferenceRecommendationsJobSteps lists the benchmarks, each with its own failure reason.",
    withheld=(
        "InputConfig.EndpointConfigurations[].EnvironmentParameterRanges",
        "InferenceRecommendations[].ModelConfiguration.EnvironmentParameters",
    ),
)  # fmt: skip

MODEL_CARD = Parent(SAGEMAKER, "model-card", list="ListModelCards", id="ModelCardName")

MODEL_CARD_EXPORT_JOB = Family(
    SAGEMAKER, "model-card-export-job", "Amazon SageMaker AI model card export job",
    under=[MODEL_CARD],
    list="ListModelCardExportJobs", since=_SINCE,
    get="DescribeModelCardExportJob",
    job=Job(
        id="ModelCardExportJobArn", name="ModelCardExportJobName", parent="ModelCardName", status="Status",
        created="CreatedAt", updated="LastModifiedAt", ended="LastModifiedAt",
    ),
    got=Job(reason="FailureReason", outputs=("OutputConfig.S3OutputPath", "ExportArtifacts.S3ExportArtifacts")),
    states={RUNNING: "InProgress", SUCCEEDED: "Completed", FAILED: "Failed"},
)  # fmt: skip

# The name as the ARN has it.
PIPELINE = Parent(SAGEMAKER, "pipeline", list="ListPipelines", id="PipelineArn")
_PIPELINE = "arn:{partition}:sagemaker:{region}:{account}:pipeline"

PIPELINE_EXECUTION = Family(
    SAGEMAKER, "pipeline-execution", "Amazon SageMaker AI pipeline execution",
    under=[PIPELINE],
    list="ListPipelineExecutions", inputs={"PipelineName": f"{_PIPELINE}/{{parent}}"}, since={"CreatedAfter": SINCE},
    get="DescribePipelineExecution",
    get_inputs={"PipelineExecutionArn": f"{_PIPELINE}/{{parent}}/execution/{{id}}"},
    job=Job(
        id="PipelineExecutionArn", name="PipelineExecutionDisplayName", status="PipelineExecutionStatus",
        # The only time in the list. An execution starts as soon as it is created.
        created="StartTime", reason="PipelineExecutionFailureReason",
    ),
    got=Job(
        created="CreationTime", updated="LastModifiedTime", ended="LastModifiedTime", reason="FailureReason",
        role="RoleArn",
    ),
    states={
        RUNNING: "Executing", CANCELLING: "Stopping", CANCELLED: "Stopped", SUCCEEDED: "Succeeded",
        PARTIALLY_SUCCEEDED: "CompletedWithFailures", FAILED: "Failed",
    },
    items_list=Items(
        "ListPipelineExecutionSteps", unit="steps",
        inputs={"PipelineExecutionArn": f"{_PIPELINE}/{{parent}}/execution/{{id}}"},
        item=Job(
            id="StepName", status="StepStatus", name="StepDisplayName", started="StartTime", ended="EndTime",
            reason="FailureReason",
        ),
        states={
            PENDING: "Starting", RUNNING: "Executing", CANCELLING: "Stopping", CANCELLED: "Stopped", FAILED: "Failed",
            SUCCEEDED: "Succeeded",
        },
    ),
    failures="GET this job's items: the steps, each with its own reason.",
    events=Events(
        "SageMaker Model Building Pipeline Execution Status Change", id="pipelineExecutionArn",
        arn="pipeline/{pipeline}/execution/{id}", status="currentPipelineExecutionStatus",
    ),
)  # fmt: skip
