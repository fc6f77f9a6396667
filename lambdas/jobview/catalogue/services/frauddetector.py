"""Amazon Fraud Detector (``frauddetector`` 2019-11-15): imports of events and batch predictions."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Counts,
    Family,
    Job,
    Service,
)

# A guess on the safe side.
FRAUD_DETECTOR = Service("frauddetector", rate=1)

_STATES = {
    PENDING: "IN_PROGRESS_INITIALIZING", RUNNING: "IN_PROGRESS", CANCELLING: "CANCEL_IN_PROGRESS",
    CANCELLED: "CANCELED", SUCCEEDED: "COMPLETE", FAILED: "FAILED",
}  # fmt: skip

BATCH_IMPORT = Family(
    FRAUD_DETECTOR, "batch-import-job", "Amazon Fraud Detector batch import job",
    list="GetBatchImportJobs",
    get="GetBatchImportJobs",
    job=Job(
        id="jobId", status="status", created="startTime", started="startTime", ended="completionTime",
        reason="failureReason", role="iamRoleArn", inputs=("inputPath",), outputs=("outputPath",),
        counts=Counts(unit="records", total="totalRecordsCount", failed="failedRecordsCount"),
    ),
    states=_STATES,
    failures="The job's output folder in S3 has a file with the events that were not imported.",
)  # fmt: skip

BATCH_PREDICTION = Family(
    FRAUD_DETECTOR, "batch-prediction-job", "Amazon Fraud Detector batch prediction job",
    list="GetBatchPredictionJobs",
    get="GetBatchPredictionJobs",
    job=Job(
        id="jobId", name="detectorName", status="status", created="startTime", started="startTime",
        updated="lastHeartbeatTime", ended="completionTime", reason="failureReason", role="iamRoleArn",
        inputs=("inputPath",), outputs=("outputPath",), counts=Counts(unit="records", total="totalRecordsCount"),
    ),
    states=_STATES,
)  # fmt: skip
