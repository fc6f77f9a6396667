"""Entry point of the refresh function: one SQS message names a lane, whose sources are read into the store."""

import os
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from jobview.bootstrap import build_application
from jobview.model import CoverageStatus
from jobview.monitored import Monitored
from jobview.refresh.lanes import InvalidLaneError, Lane
from jobview.refresh.refresher import Refresher
from jobview.refresh.source import SourceRead
from jobview.store import Store

MARGIN_SECONDS = 10.0
"""Kept from the function's timeout for the last call under way and for writing its answer."""
LEASE_SECONDS = 5.0
"""By how much a lane's lease is longer than the execution that holds it can last."""

_NO_ERRORS = frozenset(
    {CoverageStatus.COMPLETE, CoverageStatus.STALE, CoverageStatus.UNSUPPORTED, CoverageStatus.RETIRED}
)
"""A region without the service, a service that AWS has ended, and a list that goes on at the next read are shown in
the coverage but are nobody's alarm."""

logger = Logger()


class LaneRefresher:
    """Refreshes lanes and tells the metrics what came of it.

    Parameters
    ----------
    monitored
        What this deployment monitors; a message for anything else is refused.
    refresher, store
        Reads sources into the store; where lanes are leased.
    now
        The clock: an aware UTC time.
    metrics
        Where the counts go; flushed after each lane.
    """

    def __init__(
        self,
        monitored: Monitored,
        refresher: Refresher,
        store: Store,
        *,
        now: Callable[[], datetime],
        metrics: EphemeralMetrics,
    ) -> None:
        self._monitored = monitored
        self._refresher = refresher
        self._store = store
        self._now = now
        self._metrics = metrics

    def refresh(self, lane: Lane, *, holder: str, seconds: float, deadline: float) -> list[SourceRead] | None:
        """Read what is due of the lane until ``deadline`` (monotonic seconds).

        ``holder`` names this execution, which has ``seconds`` left. ``None``: another one is reading the lane; what is
        still due when that has ended comes with the next plan.

        Raises
        ------
        InvalidLaneError
            This deployment does not monitor the lane.
        """
        families = [family for family in self._monitored.families if family.service == lane.service]
        if not families or lane.target not in self._monitored.targets:
            raise InvalidLaneError(f"{lane} is not among the configured families and targets")
        until = self._now() + timedelta(seconds=seconds + LEASE_SECONDS)
        if not self._store.lease_lane(lane.service, lane.target, holder=holder, until=until):
            return None
        try:
            reads = self._refresher.read_lane(families, lane.target, deadline=deadline)
        finally:
            self._store.release_lane(lane.service, lane.target, holder=holder)
        self._measure(reads)
        return reads

    def _measure(self, reads: Sequence[SourceRead]) -> None:
        statuses = [read.coverage.status for read in reads]
        counts = {
            "SourcesRead": len(reads),
            "SourcesDenied": statuses.count(CoverageStatus.DENIED),
            "RefreshErrors": sum(status not in _NO_ERRORS for status in statuses),
            "UnknownStatus": sum(read.unknown for read in reads),
            "UnreadableValues": sum(read.unreadable for read in reads),
            "JobsSeen": sum(read.coverage.jobs or 0 for read in reads),
            "JobsChanged": sum(read.changed for read in reads),
        }
        for name, count in counts.items():
            self._metrics.add_metric(name=name, unit=MetricUnit.Count, value=count)
        self._metrics.flush_metrics()


@cache
def lane_refresher() -> LaneRefresher:
    """The lane refresher of this execution environment."""
    parts = build_application(os.environ)
    return LaneRefresher(
        parts.monitored, parts.refresher, parts.store, now=lambda: datetime.now(UTC), metrics=EphemeralMetrics()
    )


@logger.inject_lambda_context
def handler(event: Mapping[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Refresh the lanes of the batch; a failed message alone goes back to the queue."""
    seconds = context.get_remaining_time_in_millis() / 1000
    deadline = time.monotonic() + seconds - MARGIN_SECONDS

    def refresh(record: SQSRecord) -> None:
        try:
            lane = Lane.from_message(record.body)
            reads = lane_refresher().refresh(lane, holder=str(uuid.uuid4()), seconds=seconds, deadline=deadline)
        except Exception:
            # The processor keeps it to itself: it only hands the message back to the queue.
            logger.exception("lane not refreshed", message_id=record.message_id)
            raise
        if reads is None:
            logger.info("lane is being read", lane=lane.to_message())
            return
        for read in reads:
            if read.coverage.error is not None:
                logger.warning(
                    "source not read whole", source=read.coverage.source.id, error=read.coverage.error.to_dict()
                )
            if read.coverage.warnings:
                logger.warning(
                    "values not readable",
                    source=read.coverage.source.id,
                    warnings=[warning.to_dict() for warning in read.coverage.warnings],
                )
        logger.info("lane refreshed", lane=lane.to_message(), sources=len(reads))

    processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
    return process_partial_response(event=dict(event), record_handler=refresh, processor=processor, context=context)
