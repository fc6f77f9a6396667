"""Messages twice, in any order, two of each function at once; and a lane that only one execution reads at a time."""

import random
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

from jobview.model import Target
from local.standin import Fault, Phase, Plan
from tests.cut_line import killed
from tests.integration.proofs.account import LEASED
from tests.integration.proofs.world import World
from tests.local_aws import ACCOUNT, REGION

HERE = Target(account=ACCOUNT, region=REGION)
HOURS = 36_000.0


def at_once(works: Sequence[Callable[[], object]]) -> list[object]:
    """Begin all at the same moment; what they came to."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        start.wait()
        return work()

    with ThreadPoolExecutor(max_workers=len(works)) as pool:
        return list(pool.map(run, works))


def one_by_one(works: Sequence[Callable[[], object]]) -> None:
    for work in works:
        work()


def busy_lane(world: World) -> list[str]:
    kinds = ("omics/reference-import", "sesv2/import", "sesv2/export")
    plans = (
        Plan(submitted=100, running=100),
        Plan(submitted=0, running=150, outcome=Phase.FAILED),
        Plan(submitted=0, running=HOURS),
    )
    return [
        world.start(kind, plan, parent=parent)
        for kind in kinds
        for plan in plans
        for parent in (("a", "b") if kind.startswith("omics") else ("a",))
    ]


def test_two_of_each_function_at_once_on_messages_that_come_twice_and_in_any_order(world: World) -> None:
    executions = [world.execution() for _ in range(2)]
    shuffled = random.Random(4)  # noqa: S311 (an order, no secret)
    jobs = busy_lane(world)
    for step in range(4):
        at_once([execution.plan for execution in executions])
        lanes = world.lanes()
        assert len(lanes) == 2 * len(set(lanes)) or step, "both plans sent every lane"
        events = [world.event(job_id) for job_id in jobs if job_id.startswith("omics")] * 2
        works: list[list[Callable[[], object]]] = []
        for execution in executions:
            tasks: list[Callable[[], object]] = [partial(execution.refresh, lane) for lane in lanes]
            tasks += [partial(execution.ingest, body) for body in events]
            tasks.append(execution.live)
            shuffled.shuffle(tasks)
            works.append(tasks)
        at_once([partial(one_by_one, tasks) for tasks in works])
        world.check()
        world.wall.advance(70)
    world.settle(executions[0])
    histories = world.check_settled(executions[0])
    assert sum(len(history) for history in histories.values()) > len(jobs), "there were changes to lose"


def test_of_many_deliveries_of_a_lane_one_reads_it_and_the_others_leave_it(world: World) -> None:
    executions = [world.execution("sesv2") for _ in range(4)]
    world.start("sesv2/import", Plan(submitted=0, running=HOURS))
    world.aws.faults.add(Fault(kind="latency", seconds=0.15), service="sesv2")
    for _ in range(3):
        rule = world.aws.faults.add(Fault(kind="latency"), service="sesv2", operation="ListImportJobs")
        reads = at_once([partial(one.refresh, world.lane("sesv2")) for one in executions])
        [seen] = [each["seen"] for each in world.aws.faults.to_json() if each["id"] == rule]
        world.aws.faults.remove(rule)
        assert [read is None for read in reads].count(False) == 1, "one reads, and the others are told so at once"
        assert seen == 1, "the service was asked once"
        world.wall.advance(61)
    world.check_settled(executions[0])


def test_a_lane_is_read_again_once_it_was_given_back(world: World) -> None:
    one, other = world.execution("sesv2"), world.execution("sesv2")
    assert one.refresh(world.lane("sesv2")) is not None
    assert other.refresh(world.lane("sesv2")) is not None


def test_a_lane_whose_holder_died_is_taken_over_when_its_lease_is_over(world: World) -> None:
    one, other = world.execution("sesv2"), world.execution("sesv2")
    world.start("sesv2/import", Plan(submitted=0, running=HOURS))
    one.line.cut(3, behind=True)
    assert killed(lambda: one.refresh(world.lane("sesv2")))
    assert other.refresh(world.lane("sesv2")) is None
    world.wall.advance(LEASED.total_seconds())
    assert other.refresh(world.lane("sesv2"))
    world.check_settled(other)


def test_only_its_holder_gives_a_lane_back(world: World) -> None:
    store, now = world.execution("sesv2").store, world.wall.now()
    until = now + timedelta(minutes=5)
    assert store.lease_lane("sesv2", HERE, holder="one", until=until)
    assert not store.release_lane("sesv2", HERE, holder="stranger")
    assert not store.lease_lane("sesv2", HERE, holder="other", until=until), "the stranger's word did nothing"
    assert store.lease_lane("sesv2", HERE, holder="one", until=until), "a holder may take its own again"
    world.wall.advance(301)
    assert store.lease_lane("sesv2", HERE, holder="other", until=until + timedelta(minutes=5))
    assert not store.release_lane("sesv2", HERE, holder="one"), "it is another's by now"
    assert store.release_lane("sesv2", HERE, holder="other")


def test_lanes_are_leased_one_by_one(world: World) -> None:
    store, until = world.execution().store, world.wall.now() + timedelta(minutes=5)
    elsewhere = Target(account=ACCOUNT, region="eu-west-1")
    for service, target in (("sesv2", HERE), ("omics", HERE), ("sesv2", elsewhere)):
        assert store.lease_lane(service, target, holder="one", until=until)


def test_of_many_that_take_a_lease_one_has_it(world: World) -> None:
    stores = [world.execution("sesv2").store for _ in range(4)]
    until = world.wall.now() + timedelta(minutes=5)
    for number in range(10):
        target = Target(account=f"{number:012}", region=REGION)
        takes = [
            partial(store.lease_lane, "sesv2", target, holder=str(holder), until=until)
            for holder, store in enumerate(stores * 2)
        ]
        assert sorted(map(bool, at_once(takes))) == [False] * 7 + [True]
