"""The functions: one asset for all, one role for each."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct, IConstruct

from infra.bus import Bus
from infra.configuration import Configuration
from infra.hints import HINTS_TIMEOUT, Hints
from infra.lanes import Lanes, refresh_timeout
from infra.log_group import log_group
from infra.metadata_bucket import MetadataBucket
from infra.notifications import Notifications
from infra.permissions import NO_RESOURCE, Permissions, trace, write_log
from infra.policies import acknowledge, managed
from infra.runtime import FILE
from infra.store import Store

WHOLE_CPU: Final = 1769
"""The megabytes with which Lambda gives one whole virtual CPU. A fan-out parses many answers: with a third of a CPU it
takes up to ten times as long, for the same price."""

METRICS: Final = "Jobview"
"""The namespace of the functions' own metrics."""

READERS: Final = ("Api", "Refresh", "Ingest")
"""The functions that read jobs. Their roles have fixed names, so that roles in other accounts can trust exactly these,
also before they are created and after they are replaced."""

HTTP_TIMEOUT: Final = 29
"""Seconds. An HTTP API gives up after 30, so a slow request still gets Jobview's own answer."""

_ARCHITECTURES: Final = {"arm64": lambda_.Architecture.ARM_64, "x86_64": lambda_.Architecture.X86_64}


@dataclass(frozen=True, kw_only=True)
class _Shape:
    """The settings in which functions differ."""

    handler: str
    description: str
    memory: int
    timeout: cdk.Duration
    policies: Mapping[str, iam.PolicyDocument]
    environment: Mapping[str, str]
    wildcards: Mapping[str, str] = field(default_factory=dict)
    """The reason for each wildcard in the policies' resources."""
    reserved: int | None = None
    """Reserved concurrent executions, which are also the function's maximum."""
    managed: Sequence[iam.ManagedPolicy] = ()
    """Policies that it shares with other functions."""


class Functions(Construct):
    """``api``, ``image_sets``, ``plan``, ``refresh``, ``ingest``, ``publish`` and, for messages to people, ``notify``.

    Only ``api`` can reserve concurrency, where the configuration says so. A reservation takes executions from the
    account's other functions, and fails in an account with the initial limit. Throttling limits the API; the queues'
    mappings limit ``refresh`` and ``ingest``.
    """

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        configuration: Configuration,
        code: lambda_.Code,
        permissions: Permissions,
        store: Store,
        lanes: Lanes,
        metadata: MetadataBucket,
        bus: Bus,
        hints: Hints,
        notifications: Notifications | None,
        listening: bool,
    ) -> None:
        super().__init__(scope, name)
        self._configuration = configuration
        self.every: dict[str, lambda_.Function] = {}
        """Every function, by name."""
        self._code = code
        stack = cdk.Stack.of(self)
        retention = configuration.retention
        stored = {
            # Families and targets. What only the deployment knows is in the environment.
            "JOBVIEW_CONFIGURATION": FILE,
            "JOBVIEW_ACCOUNT": stack.account,
            "JOBVIEW_PARTITION": stack.partition,
            "JOBVIEW_TABLE": store.table.table_name,
            "JOBVIEW_RETENTION_DAYS": str(retention.jobs_days),
            "JOBVIEW_TRANSITION_RETENTION_DAYS": str(retention.transitions_days or ""),
            # Every function that reads a source stores the time of its next read.
            "JOBVIEW_CADENCE": _cadence(configuration),
            "JOBVIEW_QUOTA_SHARE": str(configuration.quota_share),
        }
        table = permissions.table(store)
        # One set of managed policies for all readers: 400 families would exceed the size of a role's own policies.
        reading = [
            *managed(
                self, "Reads", permissions.reads(), description="reads jobs here", reasons=permissions.wildcards()
            ),
            *managed(self, "Accounts", permissions.assume(), description="reads other accounts", reasons={}),
        ]
        items = managed(
            self, "Items", permissions.items(), description="lists items of jobs", reasons=permissions.wildcards()
        )
        self.api = self._function(
            "Api",
            _Shape(
                handler="handlers.api.handler.handler",
                description="Answers the API from the cache, or from AWS when asked to",
                memory=WHOLE_CPU,
                timeout=cdk.Duration.seconds(HTTP_TIMEOUT),
                reserved=configuration.api_reserved_concurrency,
                policies={"table": table},
                managed=[*reading, *items],
                environment={
                    **stored,
                    "JOBVIEW_STALE_AFTER_SECONDS": str(configuration.stale_after_seconds),
                    "JOBVIEW_SERVICE_EVENTS": "true" if listening else "false",
                },
            ),
        )
        self.image_sets = self._function(
            "ImageSets",
            _Shape(
                handler="handlers.image_sets.handler.handler",
                description="Hands out image-set metadata; the only function that may read health data",
                memory=1024,  # the metadata may take 50 MB
                timeout=cdk.Duration.seconds(HTTP_TIMEOUT),
                policies={"imageSets": permissions.image_sets(metadata)},
                wildcards=permissions.image_set_wildcards(metadata),
                environment={
                    "JOBVIEW_METADATA_BUCKET": metadata.bucket.bucket_name,
                    "JOBVIEW_DEFAULT_REGION": stack.region,
                },
            ),
        )
        self.plan = self._function(
            "Plan",
            _Shape(
                handler="handlers.plan.handler.handler",
                description="Finds the sources that are due and queues their lanes",
                memory=512,
                timeout=cdk.Duration.seconds(50),
                policies={
                    "table": permissions.timetable(store),
                    "queue": permissions.send(lanes.queue.queue_arn, lanes.dead_runs.queue_arn),
                },
                environment={**stored, "JOBVIEW_QUEUE_URL": lanes.queue.queue_url},
            ),
        )
        self.refresh = self._function(
            "Refresh",
            _Shape(
                handler="handlers.refresh.handler.handler",
                description="Reads the due sources of one lane and stores what changed",
                memory=WHOLE_CPU,
                timeout=refresh_timeout(configuration),
                policies={
                    "table": table,
                    "queue": permissions.consume(lanes.queue.queue_arn),
                },
                managed=reading,
                environment=stored,
            ),
        )
        self.ingest = self._function(
            "Ingest",
            _Shape(
                handler="handlers.ingest.handler.handler",
                description="Reads the jobs that the services' own events name",
                memory=1024,
                timeout=HINTS_TIMEOUT,
                policies={
                    "table": table,
                    "queue": permissions.consume(hints.queue.queue_arn),
                },
                managed=reading,
                environment=stored,
            ),
        )
        self.publish = self._function(
            "Publish",
            _Shape(
                handler="handlers.publish.handler.handler",
                description="Puts the transitions of the table's stream onto the bus",
                memory=512,
                timeout=cdk.Duration.seconds(60),
                policies={"publish": permissions.publish(store, bus.bus.event_bus_arn, bus.dead.queue_arn)},
                wildcards=permissions.publish_wildcards(),
                environment={
                    "JOBVIEW_TABLE": store.table.table_name,
                    "JOBVIEW_EVENT_BUS": bus.bus.event_bus_arn,
                    "JOBVIEW_DEAD_EVENTS_URL": bus.dead.queue_url,
                },
            ),
        )

        self.notify: lambda_.Function | None = None
        if notifications is not None:
            topic = notifications.topic.topic_arn
            self.notify = self._function(
                "Notify",
                _Shape(
                    handler="handlers.notify.handler.handler",
                    description="Writes the message about a job that failed",
                    memory=512,
                    timeout=cdk.Duration.seconds(30),
                    policies={"notify": permissions.notify(topic, bus.dead.queue_arn)},
                    environment={"JOBVIEW_TOPIC": topic},
                ),
            )

    def _function(self, name: str, shape: _Shape) -> lambda_.Function:
        configuration = self._configuration
        log = log_group(self, f"{name}Log", configuration)
        policies = {"log": write_log(log.log_group_arn), **shape.policies}
        wildcards = {**shape.wildcards}
        if configuration.tracing:
            policies["trace"] = trace()
            wildcards[NO_RESOURCE] = "X-Ray's write actions and some list actions have no resource type."
        role = iam.Role(
            self,
            f"{name}Role",
            role_name=role_name(self, name) if name in READERS else None,
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            inline_policies=policies,
            managed_policies=[*shape.managed],
        )
        acknowledge(role, wildcards)
        function = lambda_.Function(
            self,
            name,
            code=self._code,
            handler=shape.handler,
            description=shape.description,
            runtime=lambda_.Runtime(f"python{configuration.bundle.python}", lambda_.RuntimeFamily.PYTHON),
            architecture=_ARCHITECTURES[configuration.bundle.architecture],
            memory_size=shape.memory,
            timeout=shape.timeout,
            reserved_concurrent_executions=shape.reserved,
            # The role gets only the policies above: the CDK adds none to it.
            role=role.without_policy_updates(),
            log_group=log,
            tracing=lambda_.Tracing.ACTIVE if configuration.tracing else lambda_.Tracing.DISABLED,
            environment={
                "POWERTOOLS_SERVICE_NAME": service_name(self, name),
                "POWERTOOLS_METRICS_NAMESPACE": METRICS,
                "POWERTOOLS_LOG_LEVEL": configuration.log_level,
                **shape.environment,
                **_endpoint(configuration),
            },
        )
        cdk.Validations.of(function).acknowledge(
            cdk.Acknowledgment(
                id="AwsSolutions-L1",
                reason="Python 3.13 is supported until 2029; the configuration can choose a newer one.",
            )
        )
        self.every[name] = function
        return function


def role_name(scope: IConstruct, function: str) -> str:
    """Return the name of a function's role. Roles in other accounts trust this name."""
    stack = cdk.Stack.of(scope)
    return f"{stack.stack_name}-{stack.region}-{function}"


def _cadence(configuration: Configuration) -> str:
    """Return the cadence as ``jobview.settings`` reads it."""
    seconds = configuration.cadence.model_dump()
    return json.dumps({name.removesuffix("_seconds"): value for name, value in seconds.items()}, separators=(",", ":"))


def service_name(scope: IConstruct, function: str) -> str:
    """Return a function's value of the metrics' dimension ``service``. It differs between stacks in one account."""
    return f"{cdk.Stack.of(scope).stack_name}-{function}".lower()


def _endpoint(configuration: Configuration) -> Mapping[str, str]:
    """Return the environment that makes boto3 call another endpoint, without host prefixes: it has no such hosts."""
    if configuration.endpoint_url is None:
        return {}
    return {"AWS_ENDPOINT_URL": configuration.endpoint_url, "AWS_DISABLE_HOST_PREFIX_INJECTION": "true"}
