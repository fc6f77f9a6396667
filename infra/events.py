"""Events out: what feeds the bus from the table's stream, and the optional message to a person."""

from typing import Any, Final

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from infra.bus import Bus
from infra.configuration import Configuration
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

MESSAGE_PATHS: Final = {
    "state": "$.detail.data.state",
    "previous": "$.detail.data.previousState",
    "native": "$.detail.data.nativeStatus",
    "reason": "$.detail.data.reason",
    "time": "$.detail.time",
    "job": "$.detail.subject",
}
MESSAGE: Final = """\
"<job>"
"is <state> (before: <previous>) since <time>."
"AWS says <native>, and as the reason: <reason>"
"What failed in it: GET /v1/jobs/<job>/items"
"""


class Publishing(Construct):
    """Stream → publish, and the rule that tells a person."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        configuration: Configuration,
        functions: Functions,
        store: Store,
        bus: Bus,
    ) -> None:
        super().__init__(scope, name)
        self.topic: sns.Topic | None = None
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
        if configuration.notify_email is not None:
            self.topic = self._notify(configuration.notify_email, bus)

    def _notify(self, email: str, bus: Bus) -> sns.Topic:
        topic = sns.Topic(self, "Notifications", enforce_ssl=True)
        cdk.Validations.of(topic).acknowledge(
            cdk.Acknowledgment(
                id="AwsSolutions-SNS2",
                reason="Its messages leave as e-mail in plain text. EventBridge cannot use the key that AWS manages"
                " for SNS, and a key of our own costs more than the rest of an idle stack.",
            )
        )
        topic.add_subscription(subscriptions.EmailSubscription(email))
        rule = events.CfnRule(
            self,
            "BadEnds",
            description="Jobview: jobs that failed, wholly or partly",
            event_bus_name=bus.bus.event_bus_name,
            event_pattern=BAD_ENDS,
            targets=[
                events.CfnRule.TargetProperty(
                    id="Notifications",
                    arn=topic.topic_arn,
                    input_transformer=events.CfnRule.InputTransformerProperty(
                        input_paths_map=MESSAGE_PATHS, input_template=MESSAGE
                    ),
                    dead_letter_config=events.CfnRule.DeadLetterConfigProperty(arn=bus.dead.queue_arn),
                )
            ],
        )
        # The CDK's own target lets in the rules of every account: EventBridge is one principal for all.
        only_it = {"ArnEquals": {"aws:SourceArn": rule.attr_arn}}
        bridge = iam.ServicePrincipal("events.amazonaws.com")
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[bridge], actions=["sns:Publish"], resources=[topic.topic_arn], conditions=only_it
            )
        )
        bus.dead.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[bridge], actions=["sqs:SendMessage"], resources=[bus.dead.queue_arn], conditions=only_it
            )
        )
        return topic
