"""A lane in which everything happens that can happen to one, and what it comes to in the end."""

from collections.abc import Callable

from local.standin import Phase, Plan
from tests.integration.proofs.executions import Execution
from tests.integration.proofs.world import World, states

HOURS = 36_000.0
"""So long that a job stands where it is for the whole proof."""
PENDING = Plan(submitted=HOURS)
RUNNING = Plan(submitted=0, running=HOURS)


def settled(world: World, other: Execution) -> Callable[[], object]:
    def final() -> object:
        world.settle(other)
        return states(world.check_settled(other))

    return final


def changing_lane(world: World, other: Execution, kind: str) -> None:
    """A lane that was read once; since then a job is new, one has changed, one has ended, and one is gone."""
    world.start(kind, Plan(submitted=30, running=HOURS))
    world.start(kind, Plan(submitted=0, running=30, outcome=Phase.FAILED))
    gone = world.start(kind, RUNNING)
    world.start(kind, RUNNING)
    world.settle(other)
    world.wall.advance(1_200)
    world.start(kind, PENDING)
    world.forget(gone)
    world.check()
