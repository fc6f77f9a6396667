"""Amazon Translate (``translate`` 2017-07-01): batch translation jobs."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PARTIALLY_SUCCEEDED,
    PENDING,
    RUNNING,
    SINCE,
    SUCCEEDED,
    Counts,
    Events,
    Family,
    Job,
    Service,
)

# A guess on the safe side.
TRANSLATE = Service("translate", rate=2)

TEXT_TRANSLATION_JOB = Family(
    TRANSLATE, "text-translation-job", "Amazon Translate text translation job",
    list="ListTextTranslationJobs", since={"Filter": {"SubmittedAfterTime": SINCE}},
    get="DescribeTextTranslationJob",
    job=Job(
        id="JobId", name="JobName", status="JobStatus", created="SubmittedTime", ended="EndTime", reason="Message",
        role="DataAccessRoleArn", inputs=("InputDataConfig.S3Uri",), outputs=("OutputDataConfig.S3Uri",),
        counts=Counts(
            unit="documents", total="JobDetails.InputDocumentsCount",
            succeeded="JobDetails.TranslatedDocumentsCount", failed="JobDetails.DocumentsWithErrorsCount",
        ),
    ),
    states={
        PENDING: "SUBMITTED", RUNNING: "IN_PROGRESS", CANCELLING: "STOP_REQUESTED", CANCELLED: "STOPPED",
        SUCCEEDED: "COMPLETED", PARTIALLY_SUCCEEDED: "COMPLETED_WITH_ERROR", FAILED: "FAILED",
    },
    events=Events("Translate TextTranslationJob State Change", id="jobId", status="jobStatus"),
    failures="A file in the folder 'details' of the job's output has the errors of each document.",
)  # fmt: skip
