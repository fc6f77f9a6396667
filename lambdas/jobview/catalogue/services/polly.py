"""Amazon Polly (``polly`` 2016-06-10): asynchronous speech synthesis tasks."""

from jobview.catalogue.language import FAILED, PENDING, RUNNING, SUCCEEDED, Family, Job, Service

# A guess on the safe side.
POLLY = Service("polly", rate=2)

SPEECH_SYNTHESIS_TASK = Family(
    POLLY, "speech-synthesis-task", "Amazon Polly speech synthesis task",
    list="ListSpeechSynthesisTasks", open_by="Status",
    get="GetSpeechSynthesisTask",
    job=Job(
        id="TaskId", status="TaskStatus", created="CreationTime", reason="TaskStatusReason", outputs=("OutputUri",)
    ),
    states={PENDING: "scheduled", RUNNING: "inProgress", SUCCEEDED: "completed", FAILED: "failed"},
    retention="72 hours",
)  # fmt: skip
