"""Entry point of the ingest function. Each SQS message is a service's event that names a job; AWS is asked for it."""

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
from jobview.events.incoming import Hint, RefusedHintError, hint
from jobview.events.ingesting import Ingester, NotReadNowError
from jobview.events.starting import Start, is_start, starts
from jobview.monitored import Monitored

MARGIN_SECONDS = 10.0
"""Seconds of the function's timeout that are reserved for the last call."""

logger = Logger()


@cache
def ingester() -> tuple[Monitored, Ingester]:
    """The monitored families and targets, and the ingester of this execution environment."""
    parts = build_application(os.environ)
    return parts.monitored, Ingester(refresher=parts.refresher, store=parts.store, now=lambda: datetime.now(UTC))


@logger.inject_lambda_context
def handler(event: Mapping[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Process the hints of the batch. One that cannot be processed now goes back to the queue; the others do not.

    A refused message is logged without its text, because anyone may have written it.
    """
    deadline = time.monotonic() + context.get_remaining_time_in_millis() / 1000 - MARGIN_SECONDS

    def take(record: SQSRecord) -> None:
        monitored, taking = ingester()
        try:
            named = starts(record.body, monitored) if is_start(record.body) else [hint(record.body, monitored)]
        except RefusedHintError as error:
            logger.warning("event refused", message_id=record.message_id, why=str(error))
            return
        for each in named:
            if isinstance(each, Start):
                woken = taking.wake(each)
                logger.info("event taken", family=each.family.name, outcome=woken.outcome.value)
            else:
                read(record, each, taking)

    def read(record: SQSRecord, named: Hint, taking: Ingester) -> None:
        try:
            taken = taking.take(named, deadline=deadline)
        except NotReadNowError as error:
            logger.warning("event waits", job=str(named.key), error=error.error.to_dict())
            raise
        except Exception:
            # The batch processor returns the message to the queue but does not log the error.
            logger.exception("event not taken", message_id=record.message_id)
            raise
        why = None if taken.error is None else taken.error.to_dict()
        logger.info("event taken", job=str(named.key), outcome=taken.outcome.value, error=why)

    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return process_partial_response(event=dict(event), record_handler=take, processor=processor, context=context)
