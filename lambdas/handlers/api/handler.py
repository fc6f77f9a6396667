"""Entry point of the API function. It answers one request of API Gateway from the cache or from AWS."""

import os
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import ConnectionError, HTTPClientError  # noqa: A004 - botocore names it so

from handlers.api.edge import Edge
from handlers.api.parameters import ALLOWED
from handlers.api.routes import add_catalogue, add_lists, add_single
from jobview.aws.clock import SYSTEM, Clock
from jobview.bootstrap import build_application
from jobview.http import gateway
from jobview.http.problems import Problem
from jobview.query.lists import Lists
from jobview.query.live import Live
from jobview.query.observing import ReadCounts
from jobview.query.single import Single
from jobview.refresh.recorder import RecordConflictError
from jobview.settings import whole_number
from jobview.store import StoreBusyError

logger = Logger()


def build(environment: Mapping[str, str], *, clock: Clock = SYSTEM) -> APIGatewayHttpResolver:
    """Make the resolver for an environment.

    Raises
    ------
    SettingsError
        A variable is missing or wrong.
    """
    application = build_application(environment, clock=clock)
    stale_after = whole_number(environment, "JOBVIEW_STALE_AFTER_SECONDS", default=600, least=1)
    app = gateway.resolver(logger, ALLOWED)

    def busy(error: Exception) -> Response[Any]:
        request = app.current_event.request_context.request_id
        logger.warning("busy", request=request, error=type(error).__name__)
        problem = Problem("busy", "Jobview's own table is busy; the same request may succeed soon.")
        return gateway.problem_response(app, problem)

    app.exception_handler([StoreBusyError, RecordConflictError, HTTPClientError, ConnectionError])(busy)
    edge = Edge(app=app, monotonic=clock.monotonic)
    lists = Lists(
        monitored=application.monitored,
        store=application.store,
        live=Live(application.refresher, application.store, now=clock.now, observe=_measure),
        now=clock.now,
        stale_after=timedelta(seconds=stale_after),
    )
    single = Single(
        monitored=application.monitored,
        store=application.store,
        reader=application.reader,
        refresher=application.refresher,
        now=clock.now,
        observe=_measure,
    )
    add_lists(edge, lists)
    add_single(edge, single)
    add_catalogue(edge, application.monitored)
    return app


def _measure(met: ReadCounts) -> None:
    """Write the metrics of a live read, which are the same as a refresh's."""
    counts = {"UnknownStatus": met.unknown, "UnreadableValues": met.unreadable}
    if any(counts.values()):
        metrics = EphemeralMetrics()
        for name, number in counts.items():
            metrics.add_metric(name=name, unit=MetricUnit.Count, value=number)
        metrics.flush_metrics()


@cache
def _handler() -> gateway.Handler:
    return gateway.logged(build(os.environ), logger)


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request of API Gateway (payload 2.0)."""
    return _handler()(event, context)
