"""Amazon CloudWatch Synthetics (``synthetics`` 2017-10-11): runs of canaries."""

from jobview.catalogue.language import FAILED, RUNNING, SUCCEEDED, Events, Family, Job, Parent, Service

# AWS publishes no rates of these operations: a guess on the safe side.
SYNTHETICS = Service("synthetics", rate=2)

CANARY = Parent(SYNTHETICS, "canary", list="DescribeCanaries", id="Name")

CANARY_RUN = Family(
    SYNTHETICS, "canary-run", "Amazon CloudWatch Synthetics canary run",
    under=[CANARY],
    # Without a run type it lists scheduled runs alone.
    list="GetCanaryRuns", each=({"RunType": "CANARY_RUN"}, {"RunType": "DRY_RUN"}),
    job=Job(
        id="Id", status="Status.State", name="Name", started="Timeline.Started", ended="Timeline.Completed",
        reason="Status.StateReason", outputs=("ArtifactS3Location",),
    ),
    states={RUNNING: "RUNNING", SUCCEEDED: "PASSED", FAILED: "FAILED"},
    events=Events(
        ("Synthetics Canary TestRun Successful", "Synthetics Canary TestRun Failure"),
        id='"canary-run-id"', parent='"canary-name"', status='"test-run-status"', reason="message",
    ),
)  # fmt: skip
