"""Amazon IVS Real-Time (``ivs-realtime`` 2020-07-14): compositions of stages, broadcast or recorded until they stop."""

from jobview.catalogue.language import (
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Events,
    Family,
    Job,
    OfEvent,
    Parts,
    Service,
)

# A guess on the safe side.
IVS_REALTIME = Service("ivs-realtime", rate=1)

COMPOSITION = Family(
    IVS_REALTIME, "composition", "Amazon IVS Real-Time composition",
    list="ListCompositions",
    get="GetComposition", get_inputs={"arn": "arn:{partition}:ivs:{region}:{account}:composition/{id}"},
    job=Job(
        id="arn", status="state", started="startTime", ended="endTime", inputs=("stageArn",), tags="tags",
        parts=Parts(
            unit="destinations", path="destinations", status="state", uri="id",
            outcomes={
                "STARTING": PENDING, "ACTIVE": RUNNING, "RECONNECTING": RUNNING, "STOPPING": RUNNING,
                "STOPPED": SUCCEEDED, "FAILED": FAILED,
            },
        ),
    ),
    # A composition has no other end than STOPPED: somebody stops it, or it stops because nobody publishes to the stage.
    states={PENDING: "STARTING", RUNNING: "ACTIVE STOPPING", SUCCEEDED: "STOPPED", FAILED: "FAILED"},
    # The events name what happened, not the state.
    events=Events("IVS Composition State Change", id=OfEvent("resources[0]")),
)  # fmt: skip
