"""AWS's services, simulated: a ``Reader`` over a ``World``, at the real pace, with throttling and an outage.

Every call waits in the real ``RateLimiter``, is logged with its moment, and takes some time. It tells
what the world is at that moment.
"""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bench.refresh.clock import DayClock
from bench.refresh.world import BEGIN, PAGES, SourceWorld, World
from jobview.aws.errors import ReadFailure, failure
from jobview.aws.rate_limiter import RateLimiter, Reservations
from jobview.aws.unreadable import Unreadable
from jobview.catalogue.family import Family
from jobview.catalogue.operations import Call, ListCall
from jobview.items.readers import ItemsReader
from jobview.model import Depth, ErrorKind, JobView, Observation, Parent, ReadError, Source, State, Target, Via
from jobview.model.jobid import JobKey
from jobview.reader import Got, Listed, Position, Reader

FASTEST, SLOWEST = 0.04, 0.16
"""Seconds that a call takes."""
ATTEMPTS = 3
"""As ``collect.calls.Calls`` tries."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Troubles:
    """What goes wrong in the day."""

    throttled: float = 0.002
    """Of all calls that many are throttled, because the account's own programs use the same quota."""
    outage: str = "glue"
    """This service answers nothing …"""
    outage_begins: float = 10 * 3600.0
    outage_ends: float = 11 * 3600.0
    """… in this time."""


class Services(Reader):
    """All services of the world.

    Parameters
    ----------
    world, clock, reservations
        What there is, the time, and what the calls wait for.
    troubles
        What goes wrong.
    seed
        Of latencies and throttling.
    """

    def __init__(
        self, world: World, *, clock: DayClock, reservations: Reservations, troubles: Troubles, seed: int
    ) -> None:
        self.calls: defaultdict[tuple[str, Target, str, float], list[float]] = defaultdict(list)
        """Moments of the calls of each quota: service, target, name, rate."""
        self.throttled = 0
        self._world = world
        self._clock = clock
        self._reservations = reservations
        self._troubles = troubles
        self._drawn = random.Random(seed)  # noqa: S311 - a simulation
        self._paces: dict[tuple[str, Target, str], RateLimiter] = {}
        self.role = ""
        """Which function is running: each keeps to itself what it has reserved and not used."""

    def left(self, deadline: float) -> float:
        """Seconds until the deadline."""
        return deadline - self._clock.at

    def is_over(self, deadline: float) -> bool:
        """True from the deadline on."""
        return self._clock.at >= deadline

    def require_support(self, family: Family, target: Target) -> None:
        """Every region of the world has every service."""

    def parents(
        self,
        family: Family,
        discovery: Source,
        deadline: float,
        *,
        unreadable: Unreadable | None = None,  # noqa: ARG002 - these services send nothing unreadable
    ) -> Iterator[list[Parent]]:
        """The parents, a page at a time."""
        kind = family.parents[len(discovery.parents)]
        target = discovery.target
        found = self._world.parents.get((family.name, target), ())
        size = _page_size(kind.call)
        for start in range(0, max(1, len(found)), size):
            self._call(family, target, kind.call, deadline)
            yield list(found[start : start + size])

    def list_jobs(
        self,
        family: Family,
        source: Source,
        deadline: float,
        *,
        since: datetime | None = None,
        until: datetime | None = None,  # noqa: ARG002
        start: Position | None = None,
        unreadable: Unreadable | None = None,  # noqa: ARG002
    ) -> Iterator[Listed[Observation]]:
        """Pages of a source's jobs."""
        depth = Depth.DETAIL if family.list_tells_all else Depth.SUMMARY
        world = self._world.sources[source.id]
        for places, following, mark in self._world_pages(family, world, deadline, since, start):
            at = self._clock.at
            yield Listed(
                records=[world.observe(place, at, depth, Via.LIST) for place in places],
                fingerprint=mark,
                following=following,
            )

    def list_ids(
        self,
        family: Family,
        source: Source,
        deadline: float,
        *,
        until: datetime | None = None,  # noqa: ARG002
        start: Position | None = None,
        unreadable: Unreadable | None = None,  # noqa: ARG002
    ) -> Iterator[Listed[JobKey]]:
        """Pages of keys."""
        world = self._world.sources[source.id]
        for places, following, _ in self._world_pages(family, world, deadline, None, start):
            yield Listed(
                records=[world.jobs[place].key for place in places],
                fingerprint=f"{places[0]}-{len(places)}" if places else "none",
                following=following,
            )

    def get_jobs(
        self,
        family: Family,
        target: Target,
        keys: Sequence[JobKey],
        deadline: float,
        *,
        unreadable: Unreadable | None = None,  # noqa: ARG002
    ) -> Iterator[Got]:
        """Single jobs, in batches where the family has them."""
        get = family.get
        if get is None:
            raise ValueError(f"{family.name} has no get")
        at_once = get.batch or 1
        stopped: ReadError | None = None
        for start in range(0, len(keys), at_once):
            some = keys[start : start + at_once]
            if stopped is None:
                try:
                    self._call(family, target, get, deadline)
                except ReadFailure as failed:
                    stopped = failed.error
            for key in some:
                if stopped is not None:
                    yield Got(key=key, error=stopped)
                    continue
                world = self._world.sources[str(key).rpartition(":")[0]]
                place = int(key.native_id.removeprefix("job-"))
                if world.made[place] > self._clock.at:
                    yield Got(key=key, error=failure(ErrorKind.NOT_FOUND, "NotFound", "there is no such job").error)
                    continue
                yield Got(key=key, observation=world.observe(place, self._clock.at, Depth.DETAIL, Via.GET))

    def refine(
        self,
        reader: ItemsReader,  # noqa: ARG002
        view: JobView,
        target: Target,  # noqa: ARG002
        deadline: float,  # noqa: ARG002
        *,
        unreadable: Unreadable | None = None,  # noqa: ARG002
    ) -> Observation:
        """A manifest, read from S3, which has no quota to speak of."""
        self._take_time()
        world = self._world.sources[view.id.rpartition(":")[0]]
        place = int(view.key.native_id.removeprefix("job-"))
        return world.observe(place, self._clock.at, Depth.ITEMS, Via.GET)

    def _world_pages(
        self, family: Family, world: SourceWorld, deadline: float, since: datetime | None, start: Position | None
    ) -> Iterator[tuple[Sequence[int], Position | None, str]]:
        """For each page the places of its jobs, where the next one is, and what it is known by."""
        call, _ = family.listed
        narrowing = None if since is None else call.narrowing
        listings = len(narrowing.inputs) if narrowing is not None else len(call.each) or 1
        size = PAGES.get(family.name) or _page_size(call)
        if narrowing is not None and "maxResults" in narrowing.inputs[0]:
            size = int(str(narrowing.inputs[0]["maxResults"]))
        position = start or Position()
        for number in range(position.listing, listings):
            offset = int(position.token) if number == position.listing and position.token else 0
            while True:
                self._call(family, world.source.target, call, deadline)
                at = self._clock.at
                count = world.count(at)
                if since is None or narrowing is None:
                    # One of several listings has nearly all jobs; each other one has the open jobs of a status.
                    chosen: Sequence[int] = range(count) if number == listings - 1 else ()
                elif narrowing.whole:
                    chosen = range(world.since((since - BEGIN).total_seconds()), count)
                else:
                    state = State.PENDING if number == 0 else State.RUNNING
                    chosen = [
                        p for p in world.open_jobs(at) if world.jobs[p].changes[world.jobs[p].stage(at)][1] is state
                    ]
                if call.newest_first:
                    page: Sequence[int] = chosen[max(0, len(chosen) - offset - size) : len(chosen) - offset][::-1]
                else:
                    page = chosen[offset : offset + size]
                more = offset + size < len(chosen)
                following = None
                if more:
                    following = Position(listing=number, token=str(offset + size))
                elif number + 1 < listings:
                    following = Position(listing=number + 1)
                mark = "none"
                if len(page):
                    first, last = min(page[0], page[-1]), max(page[0], page[-1]) + 1
                    mark = world.print_of(first, last, at)
                yield page, following, f"{number}-{mark}"
                if not more:
                    break
                offset += size

    def _call(self, family: Family, target: Target, call: Call, deadline: float) -> None:
        """One call: its wait, its time, its trouble."""
        for attempt in range(ATTEMPTS):
            pace = self._paces.get((family.service, target, self.role))
            if pace is None:
                pace = RateLimiter(family.service, target, self._reservations, self._clock.clock)
                self._paces[family.service, target, self.role] = pace
            pace.wait(call.operation, call.rate, deadline, quota=call.quota_name)
            self.calls[family.service, target, call.quota_name, call.rate].append(self._clock.at)
            began = self._clock.at
            self._take_time()
            if self._troubles.outage == family.service and (
                self._troubles.outage_begins <= began < self._troubles.outage_ends
            ):
                error = failure(ErrorKind.SERVICE, "ServiceUnavailable", "the service is down", call.operation)
            elif self._drawn.random() < self._troubles.throttled:
                self.throttled += 1
                error = failure(ErrorKind.THROTTLED, "ThrottlingException", "Rate exceeded", call.operation)
            else:
                return
            if attempt + 1 == ATTEMPTS:
                raise error
            self._clock.sleep(0.75 * 2**attempt)

    def _take_time(self) -> None:
        self._clock.sleep(self._drawn.uniform(FASTEST, SLOWEST))


def _page_size(call: ListCall) -> int:
    """The page's largest size; where the operation has no input for it, what most services send."""
    return 100 if call.page_size is None else int(call.page_size[1])
