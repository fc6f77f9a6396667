"""Entry point of the plan function. The schedule starts it; it sends one message for every lane with a due source."""

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from jobview.bootstrap import open_store
from jobview.refresh.lanes import Lane
from jobview.refresh.scheduler import Planner
from jobview.settings import cadence, read_monitored, require

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

BATCH = 10
"""The most messages that SQS SendMessageBatch accepts."""

logger = Logger()


class LanesNotSentError(RuntimeError):
    """SQS refused messages. Their sources stay due, so the next run sends them again."""


class Sender:
    """Sends lanes to the queue.

    Parameters
    ----------
    sqs, queue_url
        The SQS client and the queue's URL.
    """

    def __init__(self, sqs: "SQSClient", queue_url: str) -> None:
        self._sqs = sqs
        self._queue_url = queue_url

    def send(self, lanes: Sequence[Lane]) -> None:
        """Send one message for every lane.

        Raises
        ------
        LanesNotSentError
            SQS did not accept every message.
        """
        refused: list[str] = []
        for start in range(0, len(lanes), BATCH):
            refused += self._send(lanes[start : start + BATCH])
        if refused:
            raise LanesNotSentError(f"{len(refused)} of {len(lanes)} lanes were not sent: {refused[:3]}")

    def _send(self, lanes: Sequence[Lane]) -> list[str]:
        answer = self._sqs.send_message_batch(
            QueueUrl=self._queue_url,
            Entries=[{"Id": str(place), "MessageBody": lane.to_message()} for place, lane in enumerate(lanes)],
        )
        return [f"{lanes[int(entry['Id'])]}: {entry['Code']}" for entry in answer.get("Failed", [])]


@cache
def parts() -> tuple[Planner, Sender]:
    """The planner and the sender of this execution environment."""
    planner = Planner(
        monitored=read_monitored(os.environ),
        store=open_store(os.environ),
        cadence=cadence(os.environ),
        now=lambda: datetime.now(UTC),
    )
    return planner, Sender(boto3.client("sqs"), require(os.environ, "JOBVIEW_QUEUE_URL", "the URL of the lanes' queue"))


@logger.inject_lambda_context
def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, int]:  # noqa: ARG001
    """Send the lanes with due sources. The schedule's event is not used."""
    planner, sender = parts()
    plan = planner.plan()
    metrics = EphemeralMetrics()
    metrics.add_metric(name="SourcesDue", unit=MetricUnit.Count, value=plan.due)
    metrics.add_metric(name="BehindSeconds", unit=MetricUnit.Seconds, value=plan.behind.total_seconds())
    metrics.flush_metrics()
    sender.send(plan.lanes)
    logger.info("lanes planned", lanes=len(plan.lanes), due=plan.due, behind=plan.behind.total_seconds())
    return {"lanes": len(plan.lanes), "due": plan.due}
