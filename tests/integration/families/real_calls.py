"""Jobs that an emulator of other authors has, made with the services' own create and start calls.

Each function makes what a job needs and the job, and returns the job's id as Jobview shows it. Nothing here reads a
declaration.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

ClientOf = Callable[[str], Any]
"""Returns the boto3 client of a service."""
Make = Callable[[ClientOf], str]

_ROLE = "arn:aws:iam::123456789012:role/Jobs"
_IN, _OUT = "s3://jobview-in/data/", "s3://jobview-out/"
_CLUSTER = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10}
_MAKERS: dict[str, Make] = {}


def of(name: str) -> Callable[[Make], Make]:
    """Register what makes a job of a family."""

    def register(make: Make) -> Make:
        _MAKERS[name] = make
        return make

    return register


def makers() -> Mapping[str, Make]:
    """What makes a job, by the name of its family."""
    return _MAKERS


def last(arn: str) -> str:
    """The last part of an ARN."""
    return arn.replace(":", "/").rpartition("/")[2]


def bucket(client_of: ClientOf, name: str) -> None:
    client_of("s3").create_bucket(Bucket=name)


_DATA = {
    "InputDataConfig": {"S3Uri": _IN, "InputFormat": "ONE_DOC_PER_LINE"},
    "OutputDataConfig": {"S3Uri": _OUT},
    "DataAccessRoleArn": _ROLE,
    "JobName": "nightly",
}
_CLASSIFIER = "arn:aws:comprehend:us-east-1:123456789012:document-classifier/tickets"
_COMPREHEND: Mapping[str, Mapping[str, Any]] = {
    "document_classification": {
        "DocumentClassifierArn": "arn:aws:comprehend:us-east-1:123456789012:document-classifier/t"
    },
    "dominant_language_detection": {},
    "entities_detection": {"LanguageCode": "en"},
    "events_detection": {"LanguageCode": "en", "TargetEventTypes": ["BANKRUPTCY"]},
    "key_phrases_detection": {"LanguageCode": "en"},
    "pii_entities_detection": {"LanguageCode": "en", "Mode": "ONLY_OFFSETS"},
    "sentiment_detection": {"LanguageCode": "en"},
    "targeted_sentiment_detection": {"LanguageCode": "en"},
    "topics_detection": {"NumberOfTopics": 5},
}


def _comprehend(kind: str, more: Mapping[str, Any]) -> Make:
    def make(client_of: ClientOf) -> str:
        start = getattr(client_of("comprehend"), f"start_{kind}_job")
        found: str = start(**_DATA, **more)["JobId"]
        return found

    return make


for _kind, _more in _COMPREHEND.items():
    _MAKERS[f"comprehend/{_kind.replace('_', '-')}-job"] = _comprehend(_kind, _more)


@of("codebuild/build")
def build(client_of: ClientOf) -> str:
    codebuild = client_of("codebuild")
    codebuild.create_project(
        name="site",
        source={"type": "S3", "location": "jobview-in/site.zip"},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={"type": "LINUX_CONTAINER", "image": "standard:7.0", "computeType": "BUILD_GENERAL1_SMALL"},
        serviceRole=_ROLE,
    )
    found = codebuild.start_build(projectName="site")["build"]["id"]
    return f"site:{found}"


@of("codedeploy/deployment")
def deployment(client_of: ClientOf) -> str:
    codedeploy = client_of("codedeploy")
    codedeploy.create_application(applicationName="shop", computePlatform="Server")
    codedeploy.create_deployment_group(applicationName="shop", deploymentGroupName="all", serviceRoleArn=_ROLE)
    revision = {"revisionType": "S3", "s3Location": {"bucket": "jobview-in", "key": "shop.zip", "bundleType": "zip"}}
    answer = codedeploy.create_deployment(applicationName="shop", deploymentGroupName="all", revision=revision)
    found: str = answer["deploymentId"]
    return found


@of("emr/step")
def step(client_of: ClientOf) -> str:
    emr = client_of("emr")
    run = {"Jar": "command-runner.jar", "Args": ["spark-submit", "s3://jobview-in/job.py"]}
    cluster = emr.run_job_flow(
        Name="night",
        ReleaseLabel="emr-7.5.0",
        Instances={"MasterInstanceType": "m5.xlarge", "InstanceCount": 1, "KeepJobFlowAliveWhenNoSteps": True},
        JobFlowRole="EMR_EC2_DefaultRole",
        ServiceRole="EMR_DefaultRole",
    )["JobFlowId"]
    steps = [{"Name": "load", "ActionOnFailure": "CONTINUE", "HadoopJarStep": run}]
    return f"{cluster}:{emr.add_job_flow_steps(JobFlowId=cluster, Steps=steps)['StepIds'][0]}"


@of("emr-serverless/job-run")
def serverless_run(client_of: ClientOf) -> str:
    serverless = client_of("emr-serverless")
    application = serverless.create_application(type="SPARK", releaseLabel="emr-7.5.0")["applicationId"]
    answer = serverless.start_job_run(
        applicationId=application,
        executionRoleArn=_ROLE,
        name="load",
        jobDriver={"sparkSubmit": {"entryPoint": "s3://jobview-in/job.py"}},
    )
    return f"{application}:{answer['jobRunId']}"


@of("events/replay")
def replay(client_of: ClientOf) -> str:
    events = client_of("events")
    source = "arn:aws:events:us-east-1:123456789012:event-bus/default"
    archive = events.create_archive(ArchiveName="all", EventSourceArn=source)["ArchiveArn"]
    events.start_replay(
        ReplayName="again",
        EventSourceArn=archive,
        EventStartTime="2026-01-01T00:00:00Z",
        EventEndTime="2026-01-02T00:00:00Z",
        Destination={"Arn": source},
    )
    return "again"


@of("fis/experiment")
def experiment(client_of: ClientOf) -> str:
    fis = client_of("fis")
    template = fis.create_experiment_template(
        clientToken="one",
        description="stop one",
        stopConditions=[{"source": "none"}],
        actions={"wait": {"actionId": "aws:fis:wait", "parameters": {"duration": "PT1M"}}},
        roleArn=_ROLE,
    )["experimentTemplate"]["id"]
    found: str = fis.start_experiment(clientToken="two", experimentTemplateId=template)["experiment"]["id"]
    return found


@of("glue/job-run")
def glue_run(client_of: ClientOf) -> str:
    glue = client_of("glue")
    glue.create_job(Name="load", Role=_ROLE, Command={"Name": "glueetl", "ScriptLocation": "s3://jobview-in/load.py"})
    return f"load:{glue.start_job_run(JobName='load')['JobRunId']}"


@of("iot/job-execution")
def iot_job_execution(client_of: ClientOf) -> str:
    iot = client_of("iot")
    thing = iot.create_thing(thingName="pump")["thingArn"]
    iot.create_job(jobId="update", targets=[thing], document=json.dumps({"operation": "update"}))
    return "update:pump"


@of("logs/export-task")
def log_export(client_of: ClientOf) -> str:
    bucket(client_of, "jobview-logs")
    logs = client_of("logs")
    logs.create_log_group(logGroupName="/shop/api")
    answer = logs.create_export_task(
        taskName="yesterday",
        logGroupName="/shop/api",
        fromTime=1764806400000,
        to=1764892800000,
        destination="jobview-logs",
    )
    found: str = answer["taskId"]
    return found


@of("sagemaker/training-job")
def training(client_of: ClientOf) -> str:
    client_of("sagemaker").create_training_job(
        TrainingJobName="forecast-1",
        AlgorithmSpecification={"TrainingImage": "train:1", "TrainingInputMode": "File"},
        RoleArn=_ROLE,
        OutputDataConfig={"S3OutputPath": _OUT},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 10},
        StoppingCondition={"MaxRuntimeInSeconds": 3600},
    )
    return "forecast-1"


@of("stepfunctions/execution")
def execution(client_of: ClientOf) -> str:
    stepfunctions = client_of("stepfunctions")
    definition = {"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}
    machine = stepfunctions.create_state_machine(name="orders", definition=json.dumps(definition), roleArn=_ROLE)
    stepfunctions.start_execution(stateMachineArn=machine["stateMachineArn"], name="order-1")
    return "orders:order-1"


@of("textract/document-text-detection")
def text_detection(client_of: ClientOf) -> str:
    place = {"S3Object": {"Bucket": "jobview-in", "Name": "letter.pdf"}}
    found: str = client_of("textract").start_document_text_detection(DocumentLocation=place)["JobId"]
    return found


@of("textract/document-analysis")
def document_analysis(client_of: ClientOf) -> str:
    place = {"S3Object": {"Bucket": "jobview-in", "Name": "form.pdf"}}
    answer = client_of("textract").start_document_analysis(DocumentLocation=place, FeatureTypes=["FORMS"])
    found: str = answer["JobId"]
    return found


@of("transcribe/transcription-job")
def transcription(client_of: ClientOf) -> str:
    client_of("transcribe").start_transcription_job(
        TranscriptionJobName="call-1", LanguageCode="en-US", Media={"MediaFileUri": "s3://jobview-in/call-1.wav"}
    )
    return "call-1"


@of("transcribe/medical-transcription-job")
def medical_transcription(client_of: ClientOf) -> str:
    client_of("transcribe").start_medical_transcription_job(
        MedicalTranscriptionJobName="visit-1",
        LanguageCode="en-US",
        Media={"MediaFileUri": "s3://jobview-in/visit-1.wav"},
        OutputBucketName="jobview-out",
        Specialty="PRIMARYCARE",
        Type="DICTATION",
    )
    return "visit-1"


@of("sagemaker/processing-job")
def processing(client_of: ClientOf) -> str:
    client_of("sagemaker").create_processing_job(
        ProcessingJobName="clean-1",
        ProcessingResources={"ClusterConfig": _CLUSTER},
        AppSpecification={"ImageUri": "clean:1"},
        RoleArn=_ROLE,
    )
    return "clean-1"


@of("sagemaker/transform-job")
def transform(client_of: ClientOf) -> str:
    client_of("sagemaker").create_transform_job(
        TransformJobName="score-1",
        ModelName="churn",
        TransformInput={"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": _IN}}},
        TransformOutput={"S3OutputPath": _OUT},
        TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": 1},
    )
    return "score-1"


@of("sagemaker/hyper-parameter-tuning-job")
def tuning(client_of: ClientOf) -> str:
    client_of("sagemaker").create_hyper_parameter_tuning_job(
        HyperParameterTuningJobName="tune-1",
        HyperParameterTuningJobConfig={
            "Strategy": "Bayesian",
            "ResourceLimits": {"MaxNumberOfTrainingJobs": 4, "MaxParallelTrainingJobs": 2},
        },
    )
    return "tune-1"


@of("sagemaker/compilation-job")
def compilation(client_of: ClientOf) -> str:
    client_of("sagemaker").create_compilation_job(
        CompilationJobName="compile-1",
        RoleArn=_ROLE,
        InputConfig={"S3Uri": _IN, "DataInputConfig": "{}", "Framework": "PYTORCH"},
        OutputConfig={"S3OutputLocation": _OUT, "TargetDevice": "ml_c5"},
        StoppingCondition={"MaxRuntimeInSeconds": 900},
    )
    return "compile-1"


@of("bedrock/model-customization-job")
def customization(client_of: ClientOf) -> str:
    bucket(client_of, "jobview-tuning")
    client_of("s3").put_object(Bucket="jobview-tuning", Key="train.jsonl", Body=b"{}")
    client_of("bedrock").create_model_customization_job(
        jobName="support-1",
        customModelName="support",
        roleArn=_ROLE,
        baseModelIdentifier="amazon.titan-text-express-v1",
        trainingDataConfig={"s3Uri": "s3://jobview-tuning/train.jsonl"},
        outputDataConfig={"s3Uri": _OUT},
        hyperParameters={"epochCount": "1"},
    )
    return "support-1"


@of("emr-containers/job-run")
def containers_run(client_of: ClientOf) -> str:
    containers = client_of("emr-containers")
    cluster = containers.create_virtual_cluster(
        name="night",
        containerProvider={"type": "EKS", "id": "eks", "info": {"eksInfo": {"namespace": "night"}}},
        clientToken="one",
    )["id"]
    answer = containers.start_job_run(
        name="load",
        virtualClusterId=cluster,
        clientToken="two",
        executionRoleArn=_ROLE,
        releaseLabel="emr-7.5.0-latest",
        jobDriver={"sparkSubmitJobDriver": {"entryPoint": "s3://jobview-in/job.py"}},
    )
    return f"{cluster}:{answer['id']}"


@of("glue/workflow-run")
def workflow_run(client_of: ClientOf) -> str:
    glue = client_of("glue")
    glue.create_workflow(Name="nightly")
    return f"nightly:{glue.start_workflow_run(Name='nightly')['RunId']}"


@of("ec2/volume-modification")
def volume_modification(client_of: ClientOf) -> str:
    ec2 = client_of("ec2")
    volume: str = ec2.create_volume(AvailabilityZone="us-east-1a", Size=10)["VolumeId"]
    ec2.modify_volume(VolumeId=volume, Size=20)
    return volume
