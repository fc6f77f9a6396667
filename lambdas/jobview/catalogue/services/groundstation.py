"""AWS Ground Station (``groundstation`` 2019-05-23): contacts with satellites."""

from datetime import timedelta

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    UNKNOWN,
    Events,
    Family,
    Job,
    Service,
)

# A guess on the safe side.
GROUND_STATION = Service("groundstation", rate=1)

_STATES = {
    PENDING: "SCHEDULING SCHEDULED PREPASS", RUNNING: "PASS POSTPASS", SUCCEEDED: "COMPLETED",
    FAILED: "FAILED FAILED_TO_SCHEDULE AWS_FAILED", CANCELLING: "CANCELLING", CANCELLED: "CANCELLED AWS_CANCELLED",
}  # fmt: skip

CONTACT = Family(
    GROUND_STATION, "contact", "AWS Ground Station contact",
    # AVAILABLE is a time that can still be reserved, and its list needs a satellite.
    list="ListContacts", inputs={"statusList": [word for words in _STATES.values() for word in words.split()]},
    window=timedelta(days=30),
    get="DescribeContact",
    job=Job(
        id="contactId", status="contactStatus", started="startTime", ended="endTime", reason="errorMessage",
        inputs=("satelliteArn",), tags="tags",
    ),
    # AWS_FAILED: AWS could not carry out the contact.
    states={**_STATES, UNKNOWN: "AVAILABLE"},
    events=Events("Ground Station Contact State Change", id="contactId", status="contactStatus"),
    lists_only="contacts that began in the last 30 days; a contact that is still to come is known by its events",
)  # fmt: skip
