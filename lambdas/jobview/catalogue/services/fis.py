"""AWS Fault Injection Service (``fis`` 2020-12-01): experiments."""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Events,
    Family,
    Job,
    Logs,
    Service,
)

# A guess on the safe side.
FIS = Service("fis", rate=2)

EXPERIMENT = Family(
    FIS, "experiment", "AWS FIS experiment",
    list="ListExperiments",
    get="GetExperiment",
    job=Job(id="id", status="state.status", created="creationTime", reason="state.reason", tags="tags"),
    got=Job(
        started="startTime", ended="endTime", role="roleArn",
        logs=Logs(group="{logConfiguration.cloudWatchLogsConfiguration.logGroupArn}"),
    ),
    # A stop condition or a person stops an experiment: the reason says which.
    states={
        PENDING: "pending initiating", RUNNING: "running", CANCELLING: "stopping", CANCELLED: "stopped cancelled",
        SUCCEEDED: "completed", FAILED: "failed",
    },
    withheld=("actions.*.parameters", "targets.*.parameters"),
    console="fis/home#ExperimentDetails:ExperimentId={id}",
    events=Events("FIS Experiment State Change", id='"experiment-id"', status='"new-state".status'),
)  # fmt: skip
