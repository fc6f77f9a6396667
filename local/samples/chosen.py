"""Which families the local deployment enables."""

import os
from collections.abc import Mapping

from infra.families import chosen
from jobview.catalogue import FAMILIES

VARIABLE = "JOBVIEW_FAMILIES"
"""Other families than these: names and globs with commas between them, as in the configuration."""

SAMPLED = (
    "athena/query-execution",
    "backup/backup-job",
    "batch/job",
    "bedrock-agent/ingestion-job",
    "bedrock/model-customization-job",
    "cloudfront/invalidation",
    "codebuild/build",
    "codedeploy/deployment",
    "codepipeline/execution",
    "comprehend/document-classification-job",
    "comprehend/dominant-language-detection-job",
    "comprehend/entities-detection-job",
    "comprehend/events-detection-job",
    "comprehend/flywheel-iteration",
    "comprehend/key-phrases-detection-job",
    "comprehend/pii-entities-detection-job",
    "comprehend/sentiment-detection-job",
    "comprehend/targeted-sentiment-detection-job",
    "comprehend/topics-detection-job",
    "comprehendmedical/entities-detection-job",
    "comprehendmedical/icd-inference-job",
    "comprehendmedical/phi-detection-job",
    "comprehendmedical/rxnorm-inference-job",
    "comprehendmedical/snomedct-inference-job",
    "datasync/task-execution",
    "dms/replication-task",
    "dynamodb/export",
    "dynamodb/import",
    "ec2/volume-modification",
    "ecs/task",
    "eks/cluster-update",
    "emr-serverless/job-run",
    "emr/step",
    "events/replay",
    "fis/experiment",
    "fsx/data-repository-task",
    "glue/crawl",
    "glue/job-run",
    "healthlake/fhir-export",
    "healthlake/fhir-import",
    "imagebuilder/image-build",
    "iot/audit-task",
    "iot/job",
    "logs/export-task",
    "logs/query",
    "mediaconvert/job",
    "medical-imaging/dicom-import",
    "omics/reference-import",
    "personalize/batch-inference-job",
    "personalize/batch-segment-job",
    "personalize/data-deletion-job",
    "personalize/dataset-export-job",
    "personalize/dataset-import-job",
    "polly/speech-synthesis-task",
    "rds/export-task",
    "rekognition/label-detection",
    "s3control/job",
    "sagemaker/pipeline-execution",
    "sagemaker/training-job",
    "sesv2/export",
    "sesv2/import",
    "signer/signing-job",
    "ssm/automation-execution",
    "stepfunctions/execution",
    "textract/document-analysis",
    "textract/document-text-detection",
    "textract/expense-analysis",
    "textract/lending-analysis",
    "transcribe/call-analytics-job",
    "transcribe/medical-scribe-job",
    "transcribe/medical-transcription-job",
    "transcribe/transcription-job",
    "translate/text-translation-job",
)
"""Families of every shape. All others can be enabled too, but then the first read of everything takes minutes."""

RETIRED = "panorama/package-import"
"""A family that AWS has retired, which the local AWS still serves."""


def enabled(environ: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Return the patterns of the families to enable."""
    named = environ.get(VARIABLE, "")
    return tuple(each.strip() for each in named.split(",") if each.strip()) or SAMPLED


def names() -> frozenset[str]:
    """Return the names of the enabled families."""
    catalogue = {name: family.retired is not None for name, family in FAMILIES.items()}
    return chosen(enabled(), catalogue) | {RETIRED}
