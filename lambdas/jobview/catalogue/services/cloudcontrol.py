"""AWS Cloud Control API (``cloudcontrol`` 2021-09-30): requests for operations on resources."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    OPEN,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Family,
    Job,
    Service,
)

# A guess on the safe side.
CLOUD_CONTROL = Service("cloudcontrol", rate=2)

RESOURCE_REQUEST = Family(
    CLOUD_CONTROL, "resource-request", "AWS Cloud Control API resource request",
    list="ListResourceRequests", open_by={"ResourceRequestStatusFilter": {"OperationStatuses": OPEN}},
    get="GetResourceRequestStatus",
    job=Job(
        id="RequestToken", name="TypeName", status="OperationStatus", created="EventTime", reason="StatusMessage",
    ),
    states={
        PENDING: "PENDING", RUNNING: "IN_PROGRESS", CANCELLING: "CANCEL_IN_PROGRESS", CANCELLED: "CANCEL_COMPLETE",
        SUCCEEDED: "SUCCESS", FAILED: "FAILED",
    },
    retention="7 days",
)  # fmt: skip
