"""Listing everything every so many minutes: what that takes of the same world, as often as the quotas allow."""

import math
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from bench.refresh.services import FASTEST, SLOWEST, Troubles
from bench.refresh.world import DAY, PAGES, SourceWorld, World


@dataclass(kw_only=True)
class Baseline:
    """What a day of it comes to."""

    minutes: int
    """The interval: the least whole number of minutes in which every lane can be listed."""
    calls: int
    runs: int
    """Readings of a lane."""
    seconds: float
    """Seconds of them."""
    reads: int
    """Readings of a source."""
    listed: int
    """Jobs that are listed, and compared with what is stored."""
    visible: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


def pages(world: SourceWorld, at: float) -> int:
    """Calls that listing all of a source takes."""
    call, _ = world.family.listed
    size = PAGES.get(world.family.name) or (int(call.page_size[1]) if call.page_size else 100)
    listings = len(call.each) or 1
    return listings - 1 + max(1, math.ceil(world.count(at) / size))


def lane_seconds(world: World) -> dict[tuple[str, str, str], float]:
    """Seconds that the quotas make the listing of each lane take: the longest of its quotas."""
    needed: defaultdict[tuple[str, str, str], Counter[tuple[str, float]]] = defaultdict(Counter)
    for source in world.sources.values():
        family, target = source.family, source.source.target
        lane = needed[family.service, target.account, target.region]
        call, _ = family.listed
        lane[call.quota_name, call.rate] += pages(source, DAY)
        for parent in family.parents:
            lane[parent.call.quota_name, parent.call.rate] = max(1, lane[parent.call.quota_name, parent.call.rate])
        if family.lists_ids_only and family.get is not None:
            # The list has no state: every job has to be got.
            batches = math.ceil(source.count(DAY) / (family.get.batch or 1))
            lane[family.get.quota_name, family.get.rate] += batches
    return {lane: max(calls / rate for (_, rate), calls in quotas.items()) for lane, quotas in needed.items()}


def minutes(lanes: dict[tuple[str, str, str], float]) -> int:
    """The least whole number of minutes in which every lane can be listed."""
    return max(1, math.ceil(max(lanes.values()) / 60))


def run(world: World, *, interval: int, troubles: Troubles, seed: int = 3) -> Baseline:
    """List everything every ``interval`` minutes for a day."""
    drawn = random.Random(seed)  # noqa: S311 - a simulation
    lanes = lane_seconds(world)
    every = interval * 60.0
    runs = int(DAY // every)
    calls = listed = 0
    for source in world.sources.values():
        calls += runs * pages(source, DAY / 2)
        listed += runs * source.count(DAY / 2)
        if source.family.lists_ids_only and source.family.get is not None:
            calls += runs * math.ceil(source.count(DAY / 2) / (source.family.get.batch or 1))
    parents = sum(1 for _ in world.parents)
    found = Baseline(
        minutes=interval,
        calls=calls + runs * parents,
        runs=runs * len(lanes),
        # One call at a time or at the pace of the quota, whichever takes longer.
        seconds=runs * sum(max(each, 0.3) for each in lanes.values()) + calls * (FASTEST + SLOWEST) / 8,
        reads=runs * len(world.sources),
        listed=listed,
    )
    for source in world.sources.values():
        target = source.source.target
        within = drawn.random() * lanes[source.family.service, target.account, target.region]
        for place in source.live:
            for when, _, _ in source.jobs[place].changes:
                if 0 <= when < DAY:
                    seen = _next(when - within, every) + within
                    if source.family.service == troubles.outage:
                        while troubles.outage_begins <= seen < troubles.outage_ends:
                            seen += every
                    found.visible["active" if source.active else "quiet"].append(seen - when)
    return found


def _next(when: float, every: float) -> float:
    """The first run that begins at or after a moment."""
    return math.ceil(when / every) * every
