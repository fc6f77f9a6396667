"""DynamoDB throttles in the middle of each function: for a moment, or until the function gives up."""

from collections.abc import Callable

import pytest

from jobview.store import StoreBusyError
from tests.integration.proofs.lanes import RUNNING, changing_lane, settled
from tests.integration.proofs.world import World

EVERY = 4
"""Throttling begins at each so-manieth request."""


@pytest.mark.parametrize("function", ["plan", "refresh", "ingest"])
def test_throttling_anywhere_loses_and_doubles_nothing(world: World, function: str) -> None:
    one, other = world.execution("omics"), world.execution("omics")
    changing_lane(world, other, "omics/reference-import")
    new = world.start("omics/reference-import", RUNNING, parent="b")
    events = [world.event(new), world.event(next(iter(world.real)))]
    work: dict[str, Callable[[], object]] = {
        "plan": one.plan,
        "refresh": lambda: one.refresh(world.lane("omics")),
        "ingest": lambda: [one.ingest(body) for body in events],
    }
    final = settled(world, other)
    begin, before = world.wall.at, world.items()
    one.line.whole()
    work[function]()
    requests = len(one.line.sent)
    whole = final()
    gave_up = waited_out = 0
    for first in range(1, requests + 1, EVERY):
        for many in (2, 10_000):
            world.wall.at = begin
            world.restore(before)
            world.check()
            one.line.throttle(range(first, first + many))
            try:
                work[function]()
                waited_out += 1
            except StoreBusyError:
                gave_up += 1
            world.check()
            if function == "ingest":
                for body in events:
                    other.ingest(body)  # a message whose function gave up comes again
            assert final() == whole, f"throttled {many} times from request {first} of {requests} on"
    assert gave_up > requests // EVERY // 2, "what goes on is told"
    assert waited_out > requests // EVERY // 2, "what passes is waited out"
