"""Entry point of the ingest function: each SQS message is an event of a service, and names a job to ask AWS for."""

import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from jobview.bootstrap import build_application
from jobview.events.incoming import RefusedHintError, hint
from jobview.events.ingesting import Ingester, NotReadNowError
from jobview.monitored import Monitored

MARGIN_SECONDS = 10.0
"""Kept from the function's timeout for the last call under way."""

logger = Logger()


@cache
def ingester() -> tuple[Monitored, Ingester]:
    """What this execution environment monitors, and its ingester."""
    parts = build_application(os.environ)
    return parts.monitored, Ingester(
        refresher=parts.refresher, store=parts.store, cadence=parts.cadence, now=lambda: datetime.now(UTC)
    )


@logger.inject_lambda_context
def handler(event: Mapping[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Take the hints of the batch; one that cannot be taken now goes back to the queue alone.

    What is refused is logged without a word of its text, which anyone may have written.
    """
    deadline = time.monotonic() + context.get_remaining_time_in_millis() / 1000 - MARGIN_SECONDS

    def take(record: SQSRecord) -> None:
        monitored, taking = ingester()
        try:
            named = hint(record.body, monitored)
        except RefusedHintError as error:
            logger.warning("event refused", message_id=record.message_id, why=str(error))
            return
        try:
            taken = taking.take(named, deadline=deadline)
        except NotReadNowError as error:
            logger.warning("event waits", job=str(named.key), error=error.error.to_dict())
            raise
        except Exception:
            # The processor keeps it to itself: it only hands the message back to the queue.
            logger.exception("event not taken", message_id=record.message_id)
            raise
        why = None if taken.error is None else taken.error.to_dict()
        logger.info("event taken", job=str(named.key), outcome=taken.outcome.value, error=why)

    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return process_partial_response(event=dict(event), record_handler=take, processor=processor, context=context)
