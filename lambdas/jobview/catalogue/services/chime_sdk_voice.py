"""Amazon Chime SDK Voice (``chime-sdk-voice`` 2022-08-03): orders and portings of phone numbers."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PARTIALLY_SUCCEEDED,
    PAUSED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Family,
    Job,
    Parts,
    Service,
)

# A guess on the safe side.
CHIME_SDK_VOICE = Service("chime-sdk-voice", rate=2)

PHONE_NUMBER_ORDER = Family(
    CHIME_SDK_VOICE, "phone-number-order", "Amazon Chime SDK phone number order",
    list="ListPhoneNumberOrders",
    get="GetPhoneNumberOrder",
    job=Job(
        id="PhoneNumberOrderId", status="Status", created="CreatedTimestamp", updated="UpdatedTimestamp",
        ended="UpdatedTimestamp",
        parts=Parts(
            unit="phone numbers", path="OrderedPhoneNumbers", status="Status",
            outcomes={"Processing": RUNNING, "Acquired": SUCCEEDED, "Failed": FAILED},
        ),
    ),
    # Exception and PendingDocuments: AWS needs something from the customer. FOC: the carrier has confirmed the date.
    states={
        PENDING: "Submitted", RUNNING: "Processing FOC ChangeRequested", PAUSED: "PendingDocuments Exception",
        SUCCEEDED: "Successful", PARTIALLY_SUCCEEDED: "Partial", FAILED: "Failed", CANCELLING: "CancelRequested",
        CANCELLED: "Cancelled",
    },
)  # fmt: skip
