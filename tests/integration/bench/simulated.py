"""One source of a simulated service, and what reads it."""

from dataclasses import dataclass

from bench.refresh.clock import DayClock
from bench.refresh.memory import Memory
from bench.refresh.services import Services, Troubles
from bench.refresh.world import Job, SourceWorld, World
from jobview.catalogue.family import Family
from jobview.model import Source, State, Target
from jobview.model.jobid import JobKey
from jobview.refresh.dependencies import Dependencies
from jobview.refresh.refresher import Refresher
from local.reservations import OwnReservations

HERE = Target(account="111122223333", region="us-east-1")


@dataclass(kw_only=True)
class Simulated:
    """The source's service, its store, their time, and the code that is simulated with them."""

    clock: DayClock
    memory: Memory
    services: Services
    refresher: Refresher


def job(source: Source, number: int, *changes: tuple[float, State, str]) -> Job:
    """A job of the source that changes at those seconds."""
    key = JobKey(
        service=source.service,
        region=source.target.region,
        account=source.target.account,
        type=source.type,
        parents=() if source.parent is None else (source.parent.id,),
        native_id=f"job-{number:06d}",
    )
    return Job(key=key, changes=changes)


def simulate(family: Family, source: Source, jobs: list[Job]) -> Simulated:
    """The source with these jobs, in the order in which they were made, and no troubles."""
    world = World(
        targets=(source.target,),
        families=(family,),
        sources={
            source.id: SourceWorld(
                family=family,
                source=source,
                jobs=jobs,
                made=[each.changes[0][0] for each in jobs],
                live=[place for place, each in enumerate(jobs) if each.changes[-1][0] > 0],
                active=True,
            )
        },
        parents={} if source.parent is None else {(family.name, source.target): [source.parent]},
    )
    clock = DayClock()
    memory = Memory(world, seconds=lambda: clock.at, now=clock.now)
    services = Services(
        world, clock=clock, reservations=OwnReservations(clock.clock), troubles=Troubles(throttled=0, outage=""), seed=1
    )
    refresher = Refresher(
        Dependencies(reader=services, store=memory, now=clock.now, jitter=lambda: 0.0),
        threads=1,
    )
    return Simulated(clock=clock, memory=memory, services=services, refresher=refresher)
