"""AWS IoT managed integrations (``iot-managed-integrations`` 2025-03-03): OTA tasks and discoveries of devices."""

from jobview.catalogue.language import (
    CANCELLED,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    UNKNOWN,
    Counts,
    Family,
    Job,
    Service,
)

# A guess on the safe side.
MANAGED_INTEGRATIONS = Service("iot-managed-integrations", rate=2)

DEVICE_DISCOVERY = Family(
    MANAGED_INTEGRATIONS, "device-discovery", "AWS IoT managed integrations device discovery",
    list="ListDeviceDiscoveries", open_by="StatusFilter",
    get="GetDeviceDiscovery",
    job=Job(id="Id", status="Status"),
    got=Job(started="StartedAt", ended="FinishedAt"),
    states={RUNNING: "RUNNING", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED TIMED_OUT"},
)  # fmt: skip

OTA_TASK = Family(
    MANAGED_INTEGRATIONS, "ota-task", "AWS IoT managed integrations OTA task",
    list="ListOtaTasks",
    get="GetOtaTask",
    job=Job(id="TaskId", status="Status", created="CreatedAt", updated="LastUpdatedAt", ended="LastUpdatedAt"),
    got=Job(
        inputs=("S3Url",),
        counts=Counts(
            unit="things", succeeded="TaskProcessingDetails.numberOfSucceededThings",
            failed=(
                "TaskProcessingDetails.NumberOfFailedThings", "TaskProcessingDetails.numberOfRejectedThings",
                "TaskProcessingDetails.numberOfTimedOutThings",
            ),
            skipped=(
                "TaskProcessingDetails.NumberOfCanceledThings", "TaskProcessingDetails.numberOfRemovedThings",
            ),
            total=tuple(
                f"TaskProcessingDetails.{word}Things"
                for word in (
                    "NumberOfCanceled", "NumberOfFailed", "NumberOfInProgress", "numberOfQueued", "numberOfRejected",
                    "numberOfRemoved", "numberOfSucceeded", "numberOfTimedOut",
                )
            ),
        ),
    ),
    # A task completes even if it fails on every thing. DELETION_IN_PROGRESS says nothing about the task's end.
    states={
        PENDING: "SCHEDULED", RUNNING: "IN_PROGRESS", SUCCEEDED: "COMPLETED", CANCELLED: "CANCELED",
        UNKNOWN: "DELETION_IN_PROGRESS",
    },
    failures="The operation ListOtaTaskExecutions returns the task's status on each thing.",
)  # fmt: skip
