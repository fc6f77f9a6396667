"""Amazon EventBridge (``events`` 2015-10-07): replays of archived events."""

from jobview.catalogue.language import CANCELLED, CANCELLING, FAILED, PENDING, RUNNING, SUCCEEDED, Family, Job, Service

# A guess on the safe side.
EVENTS = Service("events", rate=2)

REPLAY = Family(
    EVENTS, "replay", "Amazon EventBridge replay",
    list="ListReplays", open_by="State",
    get="DescribeReplay",
    job=Job(
        id="ReplayName", name="ReplayName", status="State", started="ReplayStartTime", ended="ReplayEndTime",
        reason="StateReason",
    ),
    states={
        PENDING: "STARTING", RUNNING: "RUNNING", CANCELLING: "CANCELLING", CANCELLED: "CANCELLED",
        SUCCEEDED: "COMPLETED", FAILED: "FAILED",
    },
)  # fmt: skip
