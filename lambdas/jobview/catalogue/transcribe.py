"""Amazon Transcribe (``transcribe`` 2017-10-26): transcription jobs. Rates are the documented ones."""

from jobview.catalogue.declaration import Events, Family, Fields, GetCall, ListCall, Narrowing
from jobview.model import State

# A transcript in the service's own bucket has a presigned URI, one in the caller's bucket a plain one.
_RESULTS = (
    "Transcript.TranscriptFileUri",
    "Transcript.RedactedTranscriptFileUri",
    "Subtitles.SubtitleFileUris[]",
)

TRANSCRIPTION_JOB = Family(
    service="transcribe",
    type="transcription-job",
    title="Amazon Transcribe transcription job",
    list=ListCall(
        operation="ListTranscriptionJobs",
        rate=5,
        action="transcribe:ListTranscriptionJobs",
        items="TranscriptionJobSummaries",
        page_size=("MaxResults", 100),
        tokens=("NextToken", "NextToken"),
        narrowing=Narrowing(inputs=({"Status": "QUEUED"}, {"Status": "IN_PROGRESS"}), whole=False),
    ),
    list_fields=Fields(
        id="TranscriptionJobName",
        status="TranscriptionJobStatus",
        name="TranscriptionJobName",
        created="CreationTime",
        started="StartTime",
        ended="CompletionTime",
        reason="FailureReason",
    ),
    get=GetCall(
        operation="GetTranscriptionJob",
        inputs={"TranscriptionJobName": "{id}"},
        rate=20,
        action="transcribe:GetTranscriptionJob",
        resource="arn:{partition}:transcribe:{region}:{account}:transcription-job/{id}",
        item="TranscriptionJob",
        # The model has the first, the service says the second: "The requested job couldn't be found".
        missing=("NotFoundException", "BadRequestException"),
    ),
    get_fields=Fields(
        id="TranscriptionJobName",
        status="TranscriptionJobStatus",
        name="TranscriptionJobName",
        created="CreationTime",
        started="StartTime",
        ended="CompletionTime",
        reason="FailureReason",
        role="JobExecutionSettings.DataAccessRoleArn",
        inputs=("Media.MediaFileUri",),
        outputs=_RESULTS,
        tags="Tags",
    ),
    states={
        "QUEUED": State.PENDING,
        "IN_PROGRESS": State.RUNNING,
        "COMPLETED": State.SUCCEEDED,
        "FAILED": State.FAILED,
    },
    presigned=_RESULTS,
    console="https://{region}.console.aws.amazon.com/transcribe/home?region={region}#jobDetails/{id}",
    events=Events(
        source="aws.transcribe",
        detail_types=("Transcribe Job State Change",),
        id="detail.TranscriptionJobName",
        status="detail.TranscriptionJobStatus",
    ),
    retention="90 days",
)
