"""Amazon Transcribe (``transcribe`` 2017-10-26): transcription, analytics and medical jobs, and language models."""

from jobview.catalogue.language import FAILED, PENDING, RUNNING, SUCCEEDED, Events, Family, Job, Service

# Documented.
TRANSCRIBE = Service("transcribe", rate=5)

# The model has NotFoundException, but the service returns this code with "The requested job couldn't be found".
_MISSING = {"BadRequestException": ""}
_STATES = {PENDING: "QUEUED", RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED", FAILED: "FAILED"}

# The URI of a transcript is presigned in the service's own bucket, and plain in the caller's bucket.
_RESULTS = ("Transcript.TranscriptFileUri", "Transcript.RedactedTranscriptFileUri", "Subtitles.SubtitleFileUris[]")

TRANSCRIPTION_JOB = Family(
    TRANSCRIBE, "transcription-job", "Amazon Transcribe transcription job",
    list="ListTranscriptionJobs", open_by="Status",
    get="GetTranscriptionJob", get_rate=20,
    missing=_MISSING,
    job=Job(
        id="TranscriptionJobName", status="TranscriptionJobStatus", name="TranscriptionJobName", created="CreationTime",
        started="StartTime", ended="CompletionTime", reason="FailureReason",
    ),
    got=Job(
        role="JobExecutionSettings.DataAccessRoleArn", inputs=("Media.MediaFileUri",), outputs=_RESULTS, tags="Tags",
    ),
    states=_STATES,
    presigned=_RESULTS,
    console="transcribe/home#jobDetails/{id}",
    events=Events("Transcribe Job State Change", id="TranscriptionJobName", status="TranscriptionJobStatus"),
    retention="90 days",
)  # fmt: skip

_CALL = ("Transcript.TranscriptFileUri", "Transcript.RedactedTranscriptFileUri")

CALL_ANALYTICS_JOB = Family(
    TRANSCRIBE, "call-analytics-job", "Amazon Transcribe call analytics job",
    list="ListCallAnalyticsJobs", open_by="Status",
    get="GetCallAnalyticsJob", missing=_MISSING,
    job=Job(
        id="CallAnalyticsJobName", status="CallAnalyticsJobStatus", name="CallAnalyticsJobName",
        created="CreationTime", started="StartTime", ended="CompletionTime", reason="FailureReason",
    ),
    got=Job(role="DataAccessRoleArn", inputs=("Media.MediaFileUri",), outputs=_CALL, tags="Tags"),
    states=_STATES,
    presigned=_CALL,
    events=Events("Call Analytics Job State Change", id="JobName", status="JobStatus"),
    retention="90 days",
)  # fmt: skip

MEDICAL_TRANSCRIPTION_JOB = Family(
    TRANSCRIBE, "medical-transcription-job", "Amazon Transcribe medical transcription job",
    list="ListMedicalTranscriptionJobs", open_by="Status",
    get="GetMedicalTranscriptionJob", missing=_MISSING,
    job=Job(
        id="MedicalTranscriptionJobName", status="TranscriptionJobStatus", name="MedicalTranscriptionJobName",
        created="CreationTime", started="StartTime", ended="CompletionTime", reason="FailureReason",
    ),
    got=Job(inputs=("Media.MediaFileUri",), outputs=("Transcript.TranscriptFileUri",), tags="Tags"),
    states=_STATES,
    retention="90 days",
)  # fmt: skip

MEDICAL_SCRIBE_JOB = Family(
    TRANSCRIBE, "medical-scribe-job", "AWS HealthScribe job",
    list="ListMedicalScribeJobs", open_by="Status",
    get="GetMedicalScribeJob", missing=_MISSING,
    job=Job(
        id="MedicalScribeJobName", status="MedicalScribeJobStatus", name="MedicalScribeJobName",
        created="CreationTime", started="StartTime", ended="CompletionTime", reason="FailureReason",
    ),
    got=Job(
        role="DataAccessRoleArn", inputs=("Media.MediaFileUri",),
        outputs=("MedicalScribeOutput.TranscriptFileUri", "MedicalScribeOutput.ClinicalDocumentUri"), tags="Tags",
    ),
    states=_STATES,
    retention="90 days",
)  # fmt: skip

LANGUAGE_MODEL = Family(
    TRANSCRIBE, "language-model", "Amazon Transcribe custom language model training",
    list="ListLanguageModels", open_by="StatusEquals",
    get="DescribeLanguageModel", missing=_MISSING,
    job=Job(
        id="ModelName", name="ModelName", status="ModelStatus", created="CreateTime", updated="LastModifiedTime",
        ended="LastModifiedTime", reason="FailureReason", role="InputDataConfig.DataAccessRoleArn",
        inputs=("InputDataConfig.S3Uri", "InputDataConfig.TuningDataS3Uri"),
    ),
    states={RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED", FAILED: "FAILED"},
)  # fmt: skip
