"""Which families emulators of other authors play: ministack, which ``make run`` starts, and moto in tests."""

FAMILIES = (
    "athena/query-execution",
    "batch/job",
    "cloudformation/change-set",
    "glue/job-run",
    "stepfunctions/execution",
    "transcribe/transcription-job",
)
"""Families that ministack plays, so that the stand-in leaves them to it. The deployment itself makes change sets."""

IN_TESTS = (
    "bedrock/model-customization-job",
    "codebuild/build",
    "codedeploy/deployment",
    "comprehend/document-classification-job",
    "comprehend/dominant-language-detection-job",
    "comprehend/entities-detection-job",
    "comprehend/events-detection-job",
    "comprehend/key-phrases-detection-job",
    "comprehend/pii-entities-detection-job",
    "comprehend/sentiment-detection-job",
    "comprehend/targeted-sentiment-detection-job",
    "comprehend/topics-detection-job",
    "ec2/volume-modification",
    "emr-containers/job-run",
    "emr-serverless/job-run",
    "emr/step",
    "events/replay",
    "fis/experiment",
    "glue/job-run",
    "glue/workflow-run",
    "iot/job-execution",
    "logs/export-task",
    "sagemaker/compilation-job",
    "sagemaker/hyper-parameter-tuning-job",
    "sagemaker/processing-job",
    "sagemaker/training-job",
    "sagemaker/transform-job",
    "stepfunctions/execution",
    "textract/document-analysis",
    "textract/document-text-detection",
    "transcribe/medical-transcription-job",
    "transcribe/transcription-job",
)
"""Families whose jobs a test makes on moto, with the services' own calls, and reads."""

SERVICES = tuple(name.partition("/")[0] for name in FAMILIES if not name.startswith("cloudformation/"))
"""Services whose state is jobs, which end with the programs that run them."""
