"""Amazon Transcribe (``transcribe`` 2017-10-26): transcription jobs."""

from jobview.catalogue.language import FAILED, PENDING, RUNNING, SUCCEEDED, Events, Family, Job, Service

# Documented.
TRANSCRIBE = Service("transcribe", rate=5)

# The URI of a transcript is presigned in the service's own bucket, and plain in the caller's bucket.
_RESULTS = ("Transcript.TranscriptFileUri", "Transcript.RedactedTranscriptFileUri", "Subtitles.SubtitleFileUris[]")

TRANSCRIPTION_JOB = Family(
    TRANSCRIBE, "transcription-job", "Amazon Transcribe transcription job",
    list="ListTranscriptionJobs", open_by="Status",
    get="GetTranscriptionJob", get_rate=20,
    # The model has NotFoundException, but the service returns this code with "The requested job couldn't be found".
    missing={"BadRequestException": ""},
    job=Job(
        id="TranscriptionJobName", status="TranscriptionJobStatus", name="TranscriptionJobName", created="CreationTime",
        started="StartTime", ended="CompletionTime", reason="FailureReason",
    ),
    got=Job(
        role="JobExecutionSettings.DataAccessRoleArn", inputs=("Media.MediaFileUri",), outputs=_RESULTS, tags="Tags",
    ),
    states={PENDING: "QUEUED", RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED", FAILED: "FAILED"},
    presigned=_RESULTS,
    console="transcribe/home#jobDetails/{id}",
    events=Events("Transcribe Job State Change", id="TranscriptionJobName", status="TranscriptionJobStatus"),
    retention="90 days",
)  # fmt: skip
