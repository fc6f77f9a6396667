"""AWS Control Tower (``controltower`` 2018-05-10): operations on controls, baselines and the landing zone."""

from jobview.catalogue.language import FAILED, OPEN, RUNNING, SUCCEEDED, Family, Job, Service

# A guess on the safe side.
CONTROL_TOWER = Service("controltower", rate=1)

_STATES = {RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED"}

CONTROL_OPERATION = Family(
    CONTROL_TOWER, "control-operation", "AWS Control Tower control operation",
    list="ListControlOperations", open_by={"filter": {"statuses": OPEN}},
    get="GetControlOperation",
    job=Job(
        id="operationIdentifier", status="status", started="startTime", ended="endTime", reason="statusMessage",
        inputs=("controlIdentifier", "targetIdentifier"),
    ),
    states=_STATES,
    retention="90 days",
)  # fmt: skip

LANDING_ZONE_OPERATION = Family(
    CONTROL_TOWER, "landing-zone-operation", "AWS Control Tower landing zone operation",
    list="ListLandingZoneOperations",
    newest_first="the operation's documentation: the most recent operation first",
    get="GetLandingZoneOperation",
    job=Job(id="operationIdentifier", status="status"),
    got=Job(started="startTime", ended="endTime", reason="statusMessage"),
    states=_STATES,
    retention="90 days",
)  # fmt: skip

BASELINE_OPERATION = Family(
    CONTROL_TOWER, "baseline-operation", "AWS Control Tower baseline operation",
    # No operation lists the baseline operations.
    get="GetBaselineOperation",
    job=Job(
        id="operationIdentifier", status="status", started="startTime", ended="endTime", reason="statusMessage",
    ),
    states=_STATES,
)  # fmt: skip
