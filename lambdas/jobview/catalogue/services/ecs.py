"""Amazon ECS (``ecs`` 2014-11-13): tasks in clusters, those of services among them.

A task's status says only that it stopped. Why it stopped is in a code beside it, and how it ended in the exit codes of
its containers.
"""

from jobview.catalogue.language import (
    CANCELLED,
    FAILED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Cause,
    Events,
    Family,
    Job,
    Parent,
    Parts,
    Service,
    Unanswered,
    When,
)

# The documented refill rates of the token buckets.
ECS = Service("ecs", rate=20)

CLUSTER = Parent(ECS, "cluster", list="ListClusters", id="@", page_size=100)

TASK = Family(
    ECS, "task", "Amazon ECS task",
    under=[CLUSTER],
    list="ListTasks", inputs={"cluster": "{parent}"}, page_size=100, quota="ClusterResourceRead",
    # A call tells the tasks of one desired status, which is never PENDING.
    each=({"desiredStatus": "RUNNING"}, {"desiredStatus": "STOPPED"}),
    lists_only="tasks that run, and tasks that stopped within about the last hour",
    get="DescribeTasks", get_inputs={"include": ["TAGS"]}, get_quota="ClusterResourceRead", batch=100,
    unanswered=Unanswered(path="failures", id="arn", code="reason", message="detail", missing={"MISSING": ""}),
    job=Job(id="@"),
    got=Job(
        id="taskArn", status="lastStatus",
        when=(
            When(FAILED, "stopCode", ("UserInitiated", "ServiceSchedulerInitiated"), CANCELLED),
            # Whatever its containers came to, something else than their own end stopped it.
            When(
                FAILED, "stopCode",
                ("TaskFailedToStart", "SpotInterruption", "TerminationNotice", "InfrastructureHealth"), FAILED,
            ),
            When(FAILED, "containers[].exitCode", (0,), SUCCEEDED),
        ),
        parent="clusterArn", name="group", created="createdAt", started="startedAt", ended="stoppedAt",
        reason="stoppedReason", causes=(Cause(at="containers[]", message="reason", exit_code="exitCode"),),
        role="overrides.taskRoleArn", tags="tags",
        # A container that ECS ends with an essential one exits with the code of the signal, which is none of success.
        parts=Parts(
            unit="containers", path="containers", status="exitCode", outcomes={"0": SUCCEEDED}, others=FAILED,
            message="reason",
        ),
    ),
    # The model has no enum; these are the words of the documented life of a task.
    states={
        PENDING: "PROVISIONING PENDING ACTIVATING", RUNNING: "RUNNING DEACTIVATING STOPPING DEPROVISIONING",
        FAILED: "STOPPED DELETED",
    },
    withheld=("overrides.containerOverrides[].command", "overrides.containerOverrides[].environmentFiles"),
    console="ecs/v2/clusters/{parent}/tasks/{id}/configuration",
    events=Events("ECS Task State Change", id="taskArn", parent="clusterArn", status="lastStatus"),
    retention="at least an hour",
)  # fmt: skip
