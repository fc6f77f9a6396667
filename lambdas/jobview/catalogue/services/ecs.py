"""Amazon ECS (``ecs`` 2014-11-13): tasks in clusters, and deployments of services.

A task's status only says that it stopped. A code beside it has the reason, and the exit codes of its containers show
whether it succeeded.
"""

from jobview.catalogue.language import (
    CANCELLED,
    CANCELLING,
    FAILED,
    PAUSED,
    PENDING,
    RUNNING,
    SUCCEEDED,
    Cause,
    Events,
    Family,
    Grant,
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
    # A call lists the tasks of one desired status, which is never PENDING.
    each=({"desiredStatus": "RUNNING"}, {"desiredStatus": "STOPPED"}),
    lists_only="running tasks, and tasks that stopped within about the last hour",
    get="DescribeTasks", get_inputs={"include": ["TAGS"]}, get_quota="ClusterResourceRead", batch=100,
    unanswered=Unanswered(path="failures", id="arn", code="reason", message="detail", missing={"MISSING": ""}),
    job=Job(id="@"),
    got=Job(
        id="taskArn", status="lastStatus",
        when=(
            When(FAILED, "stopCode", ("UserInitiated", "ServiceSchedulerInitiated"), CANCELLED),
            # The end of the containers was not the reason why it stopped, whatever their exit codes are.
            When(
                FAILED, "stopCode",
                ("TaskFailedToStart", "SpotInterruption", "TerminationNotice", "InfrastructureHealth"), FAILED,
            ),
            When(FAILED, "containers[].exitCode", (0,), SUCCEEDED),
        ),
        parent="clusterArn", name="group", created="createdAt", started="startedAt", ended="stoppedAt",
        reason="stoppedReason", causes=(Cause(at="containers[]", message="reason", exit_code="exitCode"),),
        role="overrides.taskRoleArn", tags="tags",
        # When an essential container ends, ECS stops the others. They exit with the signal's code, which is not 0.
        parts=Parts(
            unit="containers", path="containers", status="exitCode", outcomes={"0": SUCCEEDED}, others=FAILED,
            message="reason",
        ),
    ),
    # The model has no enum. These are the words of the documented task lifecycle.
    states={
        PENDING: "PROVISIONING PENDING ACTIVATING", RUNNING: "RUNNING DEACTIVATING STOPPING DEPROVISIONING",
        FAILED: "STOPPED DELETED",
    },
    withheld=("overrides.containerOverrides[].command", "overrides.containerOverrides[].environmentFiles"),
    console="ecs/v2/clusters/{parent}/tasks/{id}/configuration",
    events=Events("ECS Task State Change", id="taskArn", parent="clusterArn", status="lastStatus"),
    retention="at least an hour",
)  # fmt: skip

# The quota of service reads: AWS does not document whether deployments have their own.
SERVICE = Parent(ECS, "service", list="ListServices", id="@", page_size=100, quota="ClusterServiceResourceRead")

SERVICE_DEPLOYMENT = Family(
    ECS, "service-deployment", "Amazon ECS service deployment",
    under=[CLUSTER, SERVICE],
    list="ListServiceDeployments", inputs={"cluster": "{cluster}", "service": "{parent}"}, page_size=100,
    quota="ClusterServiceResourceRead", open_by="status",
    get="DescribeServiceDeployments", get_resource="service-deployment", get_quota="ClusterServiceResourceRead",
    get_inputs={
        "serviceDeploymentArns": [
            "arn:{partition}:ecs:{region}:{account}:service-deployment/{cluster}/{parent}/{id}"
        ]
    },
    unanswered=Unanswered(path="failures", id="arn", code="reason", message="detail", missing={"MISSING": ""}),
    job=Job(
        id="serviceDeploymentArn", status="status", reason="statusReason", created="createdAt", started="startedAt",
        ended="finishedAt",
    ),
    got=Job(
        updated="updatedAt", outputs=("targetServiceRevision.arn",),
        causes=(Cause(at="rollback", message="reason"),),
        # A hook of the deployment waits until somebody continues it.
        when=(When(RUNNING, "lifecycleHookDetails[].status", ("AWAITING_ACTION",), PAUSED),),
    ),
    # A rollback follows a failure, an alarm or a request. Its success does not make the deployment one.
    states={
        PENDING: "PENDING", RUNNING: "IN_PROGRESS ROLLBACK_REQUESTED ROLLBACK_IN_PROGRESS", SUCCEEDED: "SUCCESSFUL",
        FAILED: "ROLLBACK_SUCCESSFUL ROLLBACK_FAILED", CANCELLING: "STOP_REQUESTED", CANCELLED: "STOPPED",
    },
    grants=(
        Grant(
            action="ecs:DescribeServiceDeployments", resource="arn:{partition}:ecs:{region}:{account}:service/*",
            reason="A deployment belongs to a service, and the reference lists both as its resources.",
        ),
    ),
)  # fmt: skip
