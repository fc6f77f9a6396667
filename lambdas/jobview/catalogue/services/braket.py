"""Amazon Braket (``braket`` 2019-09-01): hybrid jobs and quantum tasks.

A quantum task is known in the region of its device.
"""

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
    Service,
)

# A guess on the safe side.
BRAKET = Service("braket", rate=2)

_STATES = {
    PENDING: "QUEUED", RUNNING: "RUNNING", CANCELLING: "CANCELLING", CANCELLED: "CANCELLED", SUCCEEDED: "COMPLETED",
    FAILED: "FAILED",
}  # fmt: skip
_ARN = "arn:{partition}:braket:{region}:{account}"

JOB = Family(
    BRAKET, "job", "Amazon Braket hybrid job",
    # The list needs filters, and none is a filter too.
    list="SearchJobs", inputs={"filters": []},
    get="GetJob",
    job=Job(
        id="jobArn", name="jobName", status="status", created="createdAt", started="startedAt", ended="endedAt",
        tags="tags",
    ),
    got=Job(
        reason="failureReason", role="roleArn", inputs=("inputDataConfig[].dataSource.s3DataSource.s3Uri",),
        outputs=("outputDataConfig.s3Path",),
    ),
    states=_STATES,
    withheld=("hyperParameters",),
)  # fmt: skip

QUANTUM_TASK = Family(
    BRAKET, "quantum-task", "Amazon Braket quantum task",
    list="SearchQuantumTasks", inputs={"filters": []},
    get="GetQuantumTask", get_inputs={"quantumTaskArn": f"{_ARN}:quantum-task/{{id}}"},
    job=Job(id="quantumTaskArn", status="status", created="createdAt", ended="endedAt", tags="tags"),
    got=Job(reason="failureReason"),
    states=_STATES | {PENDING: "CREATED QUEUED"},
    withheld=("deviceParameters",),
    events=Events("Braket Task State Change", id="quantumTaskArn", status="status"),
)  # fmt: skip
