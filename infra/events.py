"""Events out: what feeds the bus from the table's stream, and the rule for messages to a person."""

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
"""How long a transition is tried. The stream keeps a day, so that half of it is left to read what was given up."""

TRANSITIONS: Final[dict[str, Any]] = {
    "eventName": ["INSERT"],
    "dynamodb": {"Keys": {"sk": {"S": [{"prefix": "T#"}]}}},
}
"""Records of the stream that invoke the function: new transitions. Views, counters and expiry do not."""

BAD_ENDS: Final[dict[str, Any]] = {
    "source": ["jobview"],
    "detail-type": ["Job State Changed"],
    "detail": {
        "data": {
            "state": ["FAILED", "PARTIALLY_SUCCEEDED"],
            # The first refresh of a new deployment finds every failure that AWS remembers.
            "lateSeconds": [{"numeric": ["<", 86_400]}],
        }
    },
}
"""Events that a person is told of: jobs that failed within the last day, wholly or partly."""


class Publishing(Construct):
    """Stream → publish, and the rule that tells a person."""

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
            # From the oldest: between the stream's making and the mapping's first look nothing may be lost.
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            filters=[lambda_.FilterCriteria.filter(TRANSITIONS)],
            batch_size=100,
            # More than one would keep the order of an item only, and each transition is an item.
            parallelization_factor=1,
            bisect_batch_on_error=True,
            report_batch_item_failures=True,
            # Not by the number of tries, which a minute of throttling would use up, but by age.
            max_record_age=PATIENCE,
            on_failure=sources.SqsDlq(bus.dead),
        )
        self.bad_ends = None if functions.notify is None else self._notify(functions.notify, bus)

    def _notify(self, function: lambda_.Function, bus: Bus) -> events.CfnRule:
        """Have a function called with every bad end; what comes to nothing goes to the dead letters."""
        rule = events.CfnRule(
            self,
            "BadEnds",
            # Of a rule on another bus than the default one CloudFormation's ``Ref`` is not the name that metrics have.
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
        # The rule's dead letters tell only of events that Lambda refused; one that was taken is Lambda's to report.
        function.configure_async_invoke(
            retry_attempts=2, max_event_age=cdk.Duration.hours(6), on_failure=destinations.SqsDestination(bus.dead)
        )
        bridge = iam.ServicePrincipal("events.amazonaws.com")
        function.add_permission("BadEnds", principal=bridge, source_arn=rule.attr_arn)
        # The CDK's own target lets in the rules of every account: EventBridge is one principal for all.
        bus.dead.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[bridge],
                actions=["sqs:SendMessage"],
                resources=[bus.dead.queue_arn],
                conditions={"ArnEquals": {"aws:SourceArn": rule.attr_arn}},
            )
        )
        return rule
