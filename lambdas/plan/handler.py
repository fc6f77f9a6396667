"""Entry point of the plan function: invoked by the schedule, sends one message a lane."""

import os
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from jobview.lanes import Lane, due
from jobview.settings import Watch, require, watch

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

BATCH = 10
"""Most messages that SQS SendMessageBatch takes."""

logger = Logger()


class LanesNotSentError(RuntimeError):
    """SQS refused messages; the schedule's retry sends the whole plan again, which is harmless."""


class Planner:
    """Sends the due lanes to the queue.

    Parameters
    ----------
    sqs, queue_url
        Where messages go.
    watching
        What this deployment looks at.
    """

    def __init__(self, sqs: "SQSClient", queue_url: str, watching: Watch) -> None:
        self._sqs = sqs
        self._queue_url = queue_url
        self._watching = watching

    def send(self) -> int:
        """Send one message for every due lane; returns how many.

        Raises
        ------
        LanesNotSentError
            SQS did not take every message.
        """
        lanes = list(due(self._watching))
        refused: list[str] = []
        for start in range(0, len(lanes), BATCH):
            refused += self._send(lanes[start : start + BATCH])
        if refused:
            raise LanesNotSentError(f"{len(refused)} of {len(lanes)} lanes were not sent: {refused[:3]}")
        return len(lanes)

    def _send(self, lanes: list[Lane]) -> list[str]:
        answer = self._sqs.send_message_batch(
            QueueUrl=self._queue_url,
            Entries=[{"Id": str(place), "MessageBody": lane.to_message()} for place, lane in enumerate(lanes)],
        )
        return [f"{lanes[int(entry['Id'])]}: {entry['Code']}" for entry in answer.get("Failed", [])]


@cache
def planner() -> Planner:
    """The planner of this execution environment."""
    return Planner(
        boto3.client("sqs"),
        require(os.environ, "JOBVIEW_QUEUE_URL", "the URL of the queue of lanes"),
        watch(os.environ),
    )


@logger.inject_lambda_context
def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, int]:  # noqa: ARG001
    """Send the due lanes; the schedule's event carries nothing that matters."""
    sent = planner().send()
    logger.info("lanes planned", lanes=sent)
    return {"lanes": sent}
