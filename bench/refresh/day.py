"""The day itself: plan every minute, lanes to executions, events of the services to ingest."""

import heapq
import random
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bench.refresh.clock import DayClock
from bench.refresh.memory import Memory, Tallies
from bench.refresh.quotas import violations
from bench.refresh.services import Services, Troubles
from bench.refresh.world import DAY, World, moment
from jobview.events.incoming import Hint
from jobview.events.ingesting import Ingester, NotReadNowError
from jobview.model import Target
from jobview.monitored import Monitored
from jobview.refresh.cadence import Cadence
from jobview.refresh.dependencies import Dependencies
from jobview.refresh.lanes import Lane
from jobview.refresh.refresher import Refresher
from jobview.refresh.scheduler import Planner
from local.reservations import OwnReservations

INTERVAL = 60.0
READING = 40.0
"""Seconds in which a lane is read: the function's timeout of 50 less its margin of ten."""
STARTING = 0.3
"""Seconds from a message to its execution."""
AROUND = 0.15
"""Seconds of an execution beside its calls: reading and writing rows, one of a few cold starts."""
EVENT_LOST = 0.01
"""Of the services' events: most are sent on a best-effort basis."""
EVENT_DELAY = 1.5
"""Seconds from a change to its event, at a mean."""


@dataclass(kw_only=True)
class Figures:
    """What a day came to."""

    tallies: Tallies = field(default_factory=Tallies)
    calls: int = 0
    violations: int = 0
    throttled: int = 0
    runs: Counter[str] = field(default_factory=Counter)
    """Executions by function."""
    seconds: Counter[str] = field(default_factory=Counter)
    """Seconds of them."""
    reads: int = 0
    """Reads of a source."""
    lanes: int = 0
    """Messages of the plan."""
    busy: int = 0
    """Of them those whose lane was being read."""
    changes: int = 0
    behind: list[float] = field(default_factory=list)
    """How long the source waited that waited longest, at each run of the plan."""
    unseen: int = 0
    """Changes that the store does not show at the end of the day."""
    forgotten: int = 0
    """Sources that are on no schedule at its end."""
    cpu: float = 0.0


class Day:
    """One simulated day.

    Parameters
    ----------
    world
        What there is.
    events
        Whether the services' own events are followed.
    concurrency
        Lanes that are read at once, at the most.
    troubles, seed
        What goes wrong.
    cadence
        How often sources are read; ``None``: as by default.
    warm_minutes
        How long before the day the deployment was made; ``None``: its first reads are over when the day begins.
    """

    def __init__(
        self,
        world: World,
        *,
        events: bool,
        concurrency: int,
        troubles: Troubles,
        seed: int = 2,
        cadence: Cadence | None = None,
        warm_minutes: int | None = None,
    ) -> None:
        self._world = world
        self._clock = DayClock()
        self._drawn = random.Random(seed)  # noqa: S311 - a simulation
        self._free = concurrency
        self._waiting: deque[Lane] = deque()
        self._heap: list[tuple[float, int, Callable[[], None]]] = []
        self._number = 0
        self.figures = Figures()
        self._events = events
        self._cadence = cadence or Cadence()
        self._warm_minutes = warm_minutes
        self._memory = Memory(world, seconds=lambda: self._clock.at, now=self._clock.now)
        reservations = _Counting(OwnReservations(self._clock.clock), self._memory)
        self._services = Services(world, clock=self._clock, reservations=reservations, troubles=troubles, seed=seed)
        monitored = Monitored(targets=world.targets, families=world.families)
        self._planner = Planner(monitored=monitored, store=self._memory, cadence=self._cadence, now=self._clock.now)
        self._refresher = Refresher(
            Dependencies(
                reader=self._services,
                store=self._memory,
                now=self._clock.now,
                cadence=self._cadence,
                jitter=self._drawn.random,
            ),
            # One source after another: slower than it is, and so on the safe side.
            threads=1,
        )
        self._ingester = Ingester(refresher=self._refresher, store=self._memory, now=self._clock.now)
        self._families: dict[str, list[Any]] = {}
        for family in world.families:
            self._families.setdefault(family.service, []).append(family)

    def run(self) -> Figures:
        """Simulate from the evening before: the first reads of everything are over when the day begins."""
        begun = time.process_time()
        self._warm()
        self._reset()
        self._at(0.0, self._plan)
        if self._events:
            self._send_events()
        while self._heap:
            at, _, happen = heapq.heappop(self._heap)
            self._clock.at = at
            happen()
        self._close()
        self.figures.cpu = time.process_time() - begun
        return self.figures

    # --- before the day

    def _warm(self) -> None:
        """Read everything once, as a deployment has long done; at no cost and in no time."""
        minutes = self._warm_minutes or 60
        self._clock.at = -60.0 * minutes
        self._planner.plan()
        for _ in range(minutes):
            lanes = self._planner.plan().lanes
            if not lanes and self._warm_minutes is None:
                break
            for lane in lanes:
                start = self._clock.at
                self._services.role = "warm"
                self._refresher.read_lane(self._families[lane.service], lane.target, deadline=start + 300)
                self._clock.at = start
            self._clock.at += 60

    def _reset(self) -> None:
        self._memory.tallies = Tallies()
        self._services.calls.clear()
        self._services.throttled = 0
        self.figures.tallies = self._memory.tallies

    # --- the day

    def _plan(self) -> None:
        began = self._clock.at
        if began + INTERVAL < DAY:
            self._at(began + INTERVAL, self._plan)
        plan = self._planner.plan()
        self._ran("plan", AROUND + 0.002 * len(plan.lanes))
        self.figures.lanes += len(plan.lanes)
        self.figures.behind.append(plan.behind.total_seconds())
        self._waiting.extend(plan.lanes)
        self._at(began + AROUND + STARTING, self._dispatch)

    def _dispatch(self) -> None:
        while self._free and self._waiting:
            self._free -= 1
            self._refresh(self._waiting.popleft())

    def _refresh(self, lane: Lane) -> None:
        began = self._clock.at
        if self._memory.lease(lane, until=self._clock.now() + timedelta(seconds=READING + 15)):
            self._services.role = "refresh"
            reads = self._refresher.read_lane(self._families[lane.service], lane.target, deadline=began + READING)
            self.figures.reads += len(reads)
            self._clock.at += AROUND
            self._memory.release(lane, self._clock.now())
        else:
            self.figures.busy += 1
            self._clock.at += 0.05
        ended = self._clock.at
        self._ran("refresh", ended - began)
        self._at(ended, self._over)
        self._clock.at = began

    def _over(self) -> None:
        self._free += 1
        self._dispatch()

    def _send_events(self) -> None:
        for source in self._world.sources.values():
            if source.family.events is None:
                continue
            for place in source.live:
                for when, _, _ in source.jobs[place].changes:
                    if 0 < when < DAY and self._drawn.random() >= EVENT_LOST:
                        at = when + self._drawn.expovariate(1 / EVENT_DELAY)
                        key = source.jobs[place].key
                        hint = Hint(
                            family=source.family, target=source.source.target, key=key, happened_at=moment(when)
                        )
                        self._at(at, lambda hint=hint: self._ingest(hint, 1))  # type: ignore[misc]

    def _ingest(self, hint: Hint, attempt: int) -> None:
        began = self._clock.at + STARTING
        self._clock.at = began
        self._services.role = "ingest"
        try:
            self._ingester.take(hint, deadline=began + 110)
        except NotReadNowError:
            if attempt < 3:
                self._at(began + 720, lambda: self._ingest(hint, attempt + 1))
        self._clock.at += AROUND
        self._ran("ingest", self._clock.at - began)

    def _close(self) -> None:
        figures, services = self.figures, self._services
        figures.throttled = services.throttled
        figures.calls = sum(len(moments) for moments in services.calls.values())
        figures.violations = sum(violations(moments, rate) for (_, _, _, rate), moments in services.calls.items())
        figures.forgotten = len(self._world.sources.keys() - self._memory.on_schedule())
        for source in self._world.sources.values():
            for place in source.live:
                job = source.jobs[place]
                # The last quarter of an hour is still to be read.
                figures.unseen += max(0, job.stage(DAY - 1_200) - job.seen)
                figures.changes += sum(0 <= when < DAY for when, _, _ in job.changes)

    def _ran(self, function: str, seconds: float) -> None:
        self.figures.runs[function] += 1
        self.figures.seconds[function] += seconds  # type: ignore[assignment]

    def _at(self, when: float, happen: Callable[[], None]) -> None:
        self._number += 1
        heapq.heappush(self._heap, (when, self._number, happen))


class _Counting:
    """Reservations, each of which is a write to the table."""

    def __init__(self, reservations: OwnReservations, memory: Memory) -> None:
        self._reservations = reservations
        self._memory = memory

    def reserve(self, service: str, target: Target, quota: str, **asked: Any) -> Any:
        """As ``aws.rate_limiter.Reservations`` says."""
        self._memory.reserved()
        return self._reservations.reserve(service, target, quota, **asked)
