"""The queues between plan and refresh."""

import aws_cdk as cdk
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.configuration import Configuration

RECEIVES = 3
"""How often a message is tried. The next run queues the lane again anyway."""


def refresh_timeout(configuration: Configuration) -> cdk.Duration:
    """Return how long one lane may take.

    It is shorter than the schedule's interval, so that a lane with long lists ends before its active sources are due
    again; the next read goes on with the rest. Five minutes is the maximum.
    """
    return cdk.Duration.seconds(min(300, configuration.interval_seconds - 10))


class Lanes(Construct):
    """A queue of lanes with its dead-letter queue, and a dead-letter queue for runs of the schedule that failed."""

    def __init__(self, scope: Construct, name: str, *, configuration: Configuration) -> None:
        super().__init__(scope, name)
        # AWS recommends six times the function's timeout: while its invocation is throttled, a poller goes on trying
        # with the message that it has received.
        visibility = 6 * refresh_timeout(configuration).to_seconds()
        self.dead = dead_letters(self, "DeadLetters")
        self.dead_runs = dead_letters(self, "DeadRuns")
        self.queue = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            visibility_timeout=cdk.Duration.seconds(visibility),
            # Long enough for every attempt, and not longer: a backlog of messages would run all at once.
            retention_period=cdk.Duration.seconds((RECEIVES + 1) * visibility),
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead, max_receive_count=RECEIVES),
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )


def dead_letters(scope: Construct, name: str) -> sqs.Queue:
    """Return a dead-letter queue with the longest retention of SQS."""
    queue = sqs.Queue(
        scope,
        name,
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
        retention_period=cdk.Duration.days(14),
        removal_policy=cdk.RemovalPolicy.DESTROY,
    )
    cdk.Validations.of(queue).acknowledge(
        cdk.Acknowledgment(id="AwsSolutions-SQS3", reason="It is a dead-letter queue itself.")
    )
    return queue
