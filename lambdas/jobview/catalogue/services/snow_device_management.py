"""AWS Snow Device Management (``snow-device-management`` 2021-08-04): executions of tasks on Snow devices.

A task says that its executions are over, and only an execution says how it ended.
"""

from jobview.catalogue.language import CANCELLED, FAILED, PENDING, RUNNING, SUCCEEDED, Family, Job, Parent, Service

# AWS publishes no rates of these operations: a guess on the safe side.
SNOW_DEVICE_MANAGEMENT = Service("snow-device-management", rate=1)

TASK = Parent(SNOW_DEVICE_MANAGEMENT, "task", list="ListTasks", id="taskId")

TASK_EXECUTION = Family(
    SNOW_DEVICE_MANAGEMENT, "task-execution", "AWS Snow Device Management task execution",
    under=[TASK],
    list="ListExecutions",
    get="DescribeExecution",
    # A task has one execution on each device.
    job=Job(id="managedDeviceId", status="state"),
    got=Job(started="startedAt", updated="lastUpdatedAt", ended="lastUpdatedAt"),
    # REJECTED: by the device.
    states={
        PENDING: "QUEUED", RUNNING: "IN_PROGRESS", SUCCEEDED: "SUCCEEDED", FAILED: "FAILED REJECTED TIMED_OUT",
        CANCELLED: "CANCELED",
    },
)  # fmt: skip
