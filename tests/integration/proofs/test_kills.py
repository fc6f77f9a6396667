"""Plan, refresh and ingest killed before and behind each of their requests to the store and the queue.

Whatever was killed where: the next runs come to the same histories as if nothing had been.
"""

from collections.abc import Callable
from itertools import count

import pytest

from jobview.refresh.lanes import expected
from local.standin import Plan
from tests.cut_line import killed
from tests.integration.proofs.executions import Execution
from tests.integration.proofs.lanes import RUNNING, changing_lane, settled
from tests.integration.proofs.world import World, states


def every_cut(
    world: World,
    execution: Execution,
    work: Callable[[], object],
    final: Callable[[], object],
    *,
    unlike: object = None,
) -> list[str]:
    """Kill the work before each of its requests, and behind the last one, and let ``final`` mend it; the requests.

    Behind one request is before the next: what a process does in between is gone with it.
    """
    begin, before = world.wall.at, world.items()
    execution.line.whole()
    work()
    requests = list(execution.line.sent)
    whole = final()
    assert whole != unlike
    for number in count():
        world.wall.at = begin
        world.restore(before)
        world.check()
        execution.line.cut(max(1, number), behind=number > 0)
        dead = killed(work)
        world.check()
        assert final() == whole, f"killed behind {number} of {requests}"
        if not dead:  # it was done with less: threads share turns of quotas now in more requests, now in fewer
            assert number >= len(requests) * 3 // 4
            break
    return requests


@pytest.fixture
def two(world: World) -> tuple[Execution, Execution]:
    return world.execution(), world.execution()


def test_a_plan_that_is_killed_anywhere_forgets_no_source(world: World) -> None:
    one, other = world.execution(), world.execution()
    world.start("omics/reference-import", RUNNING)

    def final() -> object:
        world.lanes()  # what the dead one has sent is lost, too
        other.plan()
        world.check()
        assert world.scheduled == {source.id for source in expected(world.monitored)}
        return sorted(world.lanes())

    requests = every_cut(world, one, one.plan, final)
    assert {"dynamodb.PutItem", "dynamodb.UpdateItem", "sqs.SendMessageBatch"} <= set(requests)
    settled(world, other)()


@pytest.mark.parametrize("kind", ["omics/reference-import", "sesv2/export"])
def test_a_refresh_that_is_killed_anywhere_loses_and_doubles_nothing(world: World, kind: str) -> None:
    lane = world.lane(kind.split("/")[0])
    one, other = world.execution(lane.service), world.execution(lane.service)
    changing_lane(world, other, kind)
    if kind == "omics/reference-import":
        world.start(kind, RUNNING, parent="b")  # and a new parent
    before = states(world.check()[1])
    requests = every_cut(world, one, lambda: one.refresh(lane), settled(world, other), unlike=before)
    assert requests.count("dynamodb.TransactWriteItems") >= 2, "a job that ended and a new one, each with its get"


def test_an_event_that_is_taken_by_a_process_that_is_killed_comes_again(world: World) -> None:
    one, other = world.execution("omics"), world.execution("omics")
    known = world.start("omics/reference-import", Plan(submitted=0, running=30))
    world.settle(other)
    world.wall.advance(60)
    new = world.start("omics/reference-import", RUNNING, parent="b")
    bodies = [world.event(known), world.event(new)]

    def take() -> None:
        for body in bodies:
            one.ingest(body)

    def final() -> object:
        for body in bodies:
            other.ingest(body)  # SQS hands over again what was not done with
        return settled(world, other)()

    before = states(world.check()[1])
    requests = every_cut(world, one, take, final, unlike=before)
    assert requests.count("dynamodb.UpdateItem") >= 3, "sources were woken, and a new one expected"
