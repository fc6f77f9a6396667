"""Amazon SageMaker AI (``sagemaker`` 2017-07-24): training jobs."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    RUNNING,
    SINCE,
    SUCCEEDED,
    UNKNOWN,
    Events,
    Family,
    Job,
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
