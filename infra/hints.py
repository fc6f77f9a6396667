"""The queue of the services' own events."""

from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.lanes import RECEIVES, dead_letters

HINTS_AGE: Final = cdk.Duration.hours(1)
"""How long an event is useful. After an hour a refresh has seen the change."""

HINTS_TIMEOUT: Final = cdk.Duration.seconds(120)
"""How long the function may take for a batch of events. It gets each event's job at the service's rate."""


class Hints(Construct):
    """A queue of events with its dead-letter queue."""

    def __init__(self, scope: Construct, name: str) -> None:
        super().__init__(scope, name)
        self.dead = dead_letters(self, "DeadHints")
        self.queue = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            visibility_timeout=cdk.Duration.seconds(6 * HINTS_TIMEOUT.to_seconds()),
            retention_period=HINTS_AGE,
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead, max_receive_count=RECEIVES),
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
