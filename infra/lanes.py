"""The queues between plan and refresh."""

import aws_cdk as cdk
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.configuration import Configuration

RECEIVES = 3
"""Times that a message is tried; the next run brings the lane again anyway."""


def refresh_timeout(configuration: Configuration) -> cdk.Duration:
    """Return how long one lane may take.

    Shorter than the schedule's interval, so that a lane whose list is long has ended before the next read of its active
    sources (what is left goes on then); five minutes at the most.
    """
    return cdk.Duration.seconds(min(300, configuration.interval_seconds - 10))


class Lanes(Construct):
    """A queue of lanes with its dead-letter queue, and one for runs of the schedule that came to nothing."""

    def __init__(self, scope: Construct, name: str, *, configuration: Configuration) -> None:
        super().__init__(scope, name)
        # Six times the function's timeout is what AWS asks of a queue that feeds a function: a poller whose
        # invocation is throttled goes on trying with the message it holds.
        visibility = 6 * refresh_timeout(configuration).to_seconds()
        self.dead = dead_letters(self, "DeadLetters")
        self.dead_runs = dead_letters(self, "DeadRuns")
        self.queue = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            visibility_timeout=cdk.Duration.seconds(visibility),
            # Long enough for every try; short, because orders that piled up would all run at once.
            retention_period=cdk.Duration.seconds((RECEIVES + 1) * visibility),
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead, max_receive_count=RECEIVES),
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )


def dead_letters(scope: Construct, name: str) -> sqs.Queue:
    """Return a queue for what came to nothing, kept as long as SQS keeps anything."""
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
