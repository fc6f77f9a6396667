"""An execution environment of the functions, and its clock."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from aws_lambda_powertools.metrics import EphemeralMetrics

from handlers.plan.handler import Sender
from handlers.refresh.handler import LaneRefresher
from jobview.aws.clock import Clock
from jobview.events.incoming import hint
from jobview.events.ingesting import Ingester, Taken
from jobview.monitored import Monitored
from jobview.refresh.lanes import Lane
from jobview.refresh.scheduler import Planner
from jobview.refresh.source import SourceRead
from tests.cut_line import Line

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECONDS = 300.0
"""What an execution of refresh has."""


class WallClock:
    """A clock that the test sets, back as well: each proof of many begins at the same moment."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> datetime:
        self.at += timedelta(seconds=seconds)
        return self.at


def ticking() -> Callable[[], float]:
    """A monotonic clock on which every reading takes a millisecond."""
    at = 0.0

    def read() -> float:
        nonlocal at
        at += 0.001
        return at

    return read


class Execution:
    """An execution environment of the functions: its own line, its own clients, its own clock."""

    def __init__(
        self, settings: dict[str, str], queue: str, wall: WallClock, monitored: Monitored, ahead: timedelta
    ) -> None:
        self.line = Line()
        self.ahead = ahead
        self.monotonic = ticking()
        clock = Clock(monotonic=self.monotonic, sleep=lambda _: None, now=lambda: wall.now() + self.ahead)
        self.monitored = monitored
        self.parts = self.line.build_application(settings, clock)
        self.store = self.parts.store
        self.planner = Planner(monitored=monitored, store=self.store, cadence=self.parts.cadence, now=clock.now)
        self.sender = Sender(self.line.session().client("sqs"), queue)
        self.refresher = LaneRefresher(
            monitored, self.parts.refresher, self.store, now=clock.now, metrics=EphemeralMetrics(namespace="Jobview")
        )
        self.ingester = Ingester(refresher=self.parts.refresher, store=self.store, now=clock.now)

    def plan(self) -> None:
        self.sender.send(self.planner.plan().lanes)

    def refresh(self, lane: Lane, *, time: float = 1e9) -> list[SourceRead] | None:
        """Read a lane; ``time`` in looks at the clock."""
        return self.refresher.refresh(
            lane, holder=str(uuid.uuid4()), seconds=SECONDS, deadline=self.monotonic() + time / 1000
        )

    def ingest(self, body: str) -> Taken:
        return self.ingester.take(hint(body, self.monitored), deadline=self.monotonic() + 1e9)

    def live(self) -> None:
        """What a live read of everything does."""
        self.parts.refresher.read_families(self.monitored.families, self.monitored.targets, deadline=1e12)
