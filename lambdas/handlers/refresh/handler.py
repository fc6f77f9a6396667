"""Entry point of the refresh function. One SQS message names a lane; the lane's due sources are read into the store."""

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
"""Seconds of the function's timeout that are reserved for the last call and for storing its answer."""
LEASE_SECONDS = 5.0
"""The seconds by which a lane's lease outlasts the longest execution."""

_NO_ERRORS = frozenset(
    {CoverageStatus.COMPLETE, CoverageStatus.STALE, CoverageStatus.UNSUPPORTED, CoverageStatus.RETIRED}
)
"""Shown in the coverage, without an alarm: a region that lacks the service, a service that AWS has shut down, and a
list that continues at the next read."""

logger = Logger()


class LaneRefresher:
    """Refreshes lanes and writes metrics about the result.

    Parameters
    ----------
    monitored
        The monitored families and targets; a message about any other is refused.
    refresher, store
        The refresher reads sources into the store. The store also has the lanes' leases.
    now
        The clock: an aware UTC time.
    metrics
        The metrics' destination, flushed after each lane.
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
        """Read the lane's due sources until ``deadline`` (monotonic seconds).

        ``holder`` names this execution, which has ``seconds`` left. The result is ``None`` while another execution is
        reading the lane; the next plan queues what is still due after that.

        Raises
        ------
        InvalidLaneError
            This deployment does not monitor the lane.
        """
        families = [
            family
            for family in self._monitored.families
            if family.service == lane.service and lane.target in family.read_in(self._monitored.targets)
        ]
        if not families:
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
    """Refresh the lanes of the batch. A failed message goes back to the queue; the others do not."""
    seconds = context.get_remaining_time_in_millis() / 1000
    deadline = time.monotonic() + seconds - MARGIN_SECONDS

    def refresh(record: SQSRecord) -> None:
        try:
            lane = Lane.from_message(record.body)
            reads = lane_refresher().refresh(lane, holder=str(uuid.uuid4()), seconds=seconds, deadline=deadline)
        except Exception:
            # The batch processor returns the message to the queue but does not log the error.
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
