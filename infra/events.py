"""Outgoing events: from the table's stream to the bus, and the rule for messages about jobs that failed."""

from typing import Any, Final

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_destinations as destinations
from aws_cdk import aws_lambda_event_sources as sources
from constructs import Construct

from infra.bus import Bus
from infra.functions import Functions
from infra.store import Store

PATIENCE: Final = cdk.Duration.hours(12)
"""How long publishing a transition is retried. The stream keeps records for a day, so half a day is left to read those
that were given up."""

TRANSITIONS: Final[dict[str, Any]] = {
    "eventName": ["INSERT"],
    "dynamodb": {"Keys": {"sk": {"S": [{"prefix": "T#"}]}}},
}
"""The stream records that invoke the function: new transitions, not views, counters or expired rows."""

BAD_ENDS: Final[dict[str, Any]] = {
    "source": ["jobview"],
    "detail-type": ["Job State Changed"],
    "detail": {
        "data": {
            "state": ["FAILED", "PARTIALLY_SUCCEEDED"],
            # The first refresh of a new deployment finds every failure that AWS still has.
            "lateSeconds": [{"numeric": ["<", 86_400]}],
        }
    },
}
"""Events that cause a message to a person: jobs that failed within the last day, wholly or partly."""


class Publishing(Construct):
    """Stream → publish, and the rule for messages to a person."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        functions: Functions,
        store: Store,
        bus: Bus,
    ) -> None:
        super().__init__(scope, name)
        lambda_.EventSourceMapping(
            self,
            "Transitions",
            target=functions.publish,
            event_source_arn=store.table.table_stream_arn,
            # From the oldest record, so that none is lost between the stream's creation and the mapping's first read.
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            filters=[lambda_.FilterCriteria.filter(TRANSITIONS)],
            batch_size=100,
            # With more than one, Lambda keeps the order within an item only, and each transition is its own item.
            parallelization_factor=1,
            bisect_batch_on_error=True,
            report_batch_item_failures=True,
            # A limit by age, not by the number of attempts: a minute of throttling would use those up.
            max_record_age=PATIENCE,
            on_failure=sources.SqsDlq(bus.dead),
        )
        self.bad_ends = None if functions.notify is None else self._notify(functions.notify, bus)

    def _notify(self, function: lambda_.Function, bus: Bus) -> events.CfnRule:
        """Make the rule that calls a function with every bad end. Undelivered events go to the dead-letter queue."""
        rule = events.CfnRule(
            self,
            "BadEnds",
            # An explicit name, as in the metrics: ``Ref`` returns another for a rule that is not on the default bus.
            name=f"{cdk.Stack.of(self).stack_name}-BadEnds",
            description="Jobview: jobs that failed, wholly or partly",
            event_bus_name=bus.bus.event_bus_name,
            event_pattern=BAD_ENDS,
            targets=[
                events.CfnRule.TargetProperty(
                    id="Notify",
                    arn=function.function_arn,
                    dead_letter_config=events.CfnRule.DeadLetterConfigProperty(arn=bus.dead.queue_arn),
                )
            ],
        )
        # The rule reports only events that Lambda refused. Lambda itself reports events that failed later.
        function.configure_async_invoke(
            retry_attempts=2, max_event_age=cdk.Duration.hours(6), on_failure=destinations.SqsDestination(bus.dead)
        )
        bridge = iam.ServicePrincipal("events.amazonaws.com")
        function.add_permission("BadEnds", principal=bridge, source_arn=rule.attr_arn)
        # The CDK's own target would admit every account's rules: EventBridge is one principal for all accounts.
        bus.dead.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[bridge],
                actions=["sqs:SendMessage"],
                resources=[bus.dead.queue_arn],
                conditions={"ArnEquals": {"aws:SourceArn": rule.attr_arn}},
            )
        )
        return rule
