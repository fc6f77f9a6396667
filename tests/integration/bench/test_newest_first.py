"""A list that begins with the newest, read from a simulated service: what is as before is not compared."""

from datetime import timedelta

from bench.refresh.clock import DayClock
from bench.refresh.memory import Memory
from bench.refresh.services import Services, Troubles
from bench.refresh.world import Job, SourceWorld, World, moment
from jobview.cadence import Cadence
from jobview.catalogue import FAMILIES
from jobview.collect.pace import OwnTurns
from jobview.jobid import JobKey
from jobview.model import CadenceKind, Parent, Source, State, Target
from jobview.record import Recorder
from jobview.refresh import Refresher

GLUE = FAMILIES["glue/job-run"]
HERE = Target(account="111122223333", region="us-east-1")
NIGHTLY = Source(service="glue", type="job-run", target=HERE, parent=Parent(type="job", id="nightly"))
DONE = 900
"""Runs that have long ended: five pages of 200 with the newer ones."""


def run(number: int, *changes: tuple[float, State, str]) -> Job:
    key = JobKey(
        service="glue",
        region=HERE.region,
        account=HERE.account,
        type="job-run",
        parents=("nightly",),
        native_id=f"job-{number:06d}",
    )
    return Job(key=key, changes=changes)


def test_only_the_first_page_is_asked_for_and_compared_only_where_it_changed() -> None:
    ended = [
        run(number, (number - 9e5, State.RUNNING, "RUNNING"), (number - 8e5, State.SUCCEEDED, "SUCCEEDED"))
        for number in range(DONE)
    ]
    open_one = run(DONE, (-600.0, State.RUNNING, "RUNNING"), (240.0, State.FAILED, "FAILED"))
    late = run(DONE + 1, (170.0, State.RUNNING, "RUNNING"), (5_000.0, State.SUCCEEDED, "SUCCEEDED"))
    jobs = [*ended, open_one, late]
    source = SourceWorld(
        family=GLUE,
        source=NIGHTLY,
        jobs=jobs,
        made=[job.changes[0][0] for job in jobs],
        live=[DONE, DONE + 1],
        active=True,
    )
    world = World(
        targets=(HERE,),
        families=(GLUE,),
        sources={NIGHTLY.id: source},
        parents={(GLUE.name, HERE): [NIGHTLY.parent or Parent(type="job", id="nightly")]},
    )
    clock = DayClock()
    memory = Memory(world, seconds=lambda: clock.at, now=clock.now)
    services = Services(
        world, clock=clock, turns=OwnTurns(clock.clock), troubles=Troubles(throttled=0, outage=""), seed=1
    )
    refresher = Refresher(
        reader=services,
        recorder=Recorder(memory, now=clock.now),
        store=memory,
        now=clock.now,
        jitter=lambda: 0.0,
        together=lambda tasks, *, threads=1: [task() for task in tasks],  # noqa: ARG005
    )

    def read(at: float) -> tuple[int, float]:
        """Pages that were asked for, and jobs that were compared."""
        clock.at = at
        before = memory.tallies.read_units["jobs"]
        services.calls.clear()
        refresher.read_lane([GLUE], HERE, deadline=at + 40)
        asked = sum(len(calls) for (_, _, quota, _), calls in services.calls.items() if quota == "GetJobRuns")
        return asked, 2 * (memory.tallies.read_units["jobs"] - before)

    assert read(0) == (5, 901)
    assert read(60) == (1, 0), "the first page is as the sweep saw it, and nothing new lies behind it"
    assert read(120) == (1, 0)
    # A new run, and the page is another one.
    assert read(180) == (1, 200)
    # The open one has ended.
    assert read(241) == (1, 200)
    assert read(301) == (1, 0)
    states = {job_id[-4:]: job.view.state for job_id, job in memory.jobs.items()}
    assert (states["0900"], states["0901"], states["0000"]) == (State.FAILED, State.RUNNING, State.SUCCEEDED)
    [row] = [row for row in memory.coverage() if row.source == NIGHTLY]
    assert row.schedule is not None
    assert (row.schedule.kind, row.schedule.pages) == (CadenceKind.ACTIVE, 5)
    assert row.as_of == moment(301)
    assert row.schedule.due == moment(301) + timedelta(seconds=Cadence().active.total_seconds())
