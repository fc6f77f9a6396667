"""Clocks of executions that are up to ten minutes apart."""

import random
from contextlib import suppress
from datetime import timedelta

from jobview.events.ingesting import SKEW, NotReadNowError
from jobview.model import CadenceKind, State
from jobview.refresh.cadence import Cadence
from local.standin import Phase, Plan
from tests.cut_line import killed
from tests.integration.proofs.world import World

HOURS = 36_000.0
REGULAR = (CadenceKind.ACTIVE, CadenceKind.IDLE, CadenceKind.DORMANT, CadenceKind.DISCOVERY)


def test_executions_ten_minutes_apart_lose_double_and_forget_nothing(world: World) -> None:
    drawn = random.Random(7)  # noqa: S311 (repeatable on purpose)
    executions = [world.execution(ahead=ahead) for ahead in (timedelta(), SKEW, -SKEW)]
    jobs: list[str] = []
    for step in range(14):
        if step < 8:
            kind = drawn.choice(("omics/reference-import", "sesv2/import", "sesv2/export"))
            outcome = drawn.choice((Phase.SUCCEEDED, Phase.FAILED))
            running = drawn.choice((60.0, 600.0, HOURS))
            plan = Plan(submitted=drawn.choice((0.0, 90.0)), running=running, outcome=outcome)
            jobs.append(world.start(kind, plan, parent=drawn.choice("ab")))
        drawn.choice(executions).plan()
        for lane in world.lanes():
            drawn.choice(executions).refresh(lane)
        known = [job_id for job_id in jobs if job_id.startswith("omics")]
        if known:
            # Behind the turns of a clock ahead an event may have to wait: its message comes back.
            with suppress(NotReadNowError):
                drawn.choice(executions).ingest(world.event(drawn.choice(known)))
        world.check()
        world.wall.advance(drawn.choice((20, 70, 200)))
    assert len(world.scheduled) > 3, "there were sources to forget"
    world.settle(executions[0], timedelta(minutes=30))
    histories = world.check_settled(executions[0])
    assert len(histories) == len(jobs)


def test_a_source_is_read_again_ten_minutes_and_its_cadence_later_at_the_latest(world: World) -> None:
    ahead, other = world.execution(ahead=SKEW), world.execution()
    job_id = world.start("omics/reference-import", Plan(submitted=0, running=60))
    world.tick(ahead)
    for row in other.store.coverage():
        assert row.schedule is not None
        assert row.schedule.kind in REGULAR
        assert row.schedule.due is not None
        assert row.schedule.due <= world.wall.now() + SKEW + timedelta(seconds=row.schedule.seconds or 0)
    world.wall.advance((SKEW + Cadence().active).total_seconds())
    world.tick(other)
    assert world.check()[0][job_id].view.state is State.SUCCEEDED


def test_a_lane_that_a_clock_ahead_has_leased_is_free_ten_minutes_later_than_it_should(world: World) -> None:
    ahead, other = world.execution("sesv2", ahead=SKEW), world.execution("sesv2")
    world.start("sesv2/import", Plan(submitted=0, running=HOURS))
    ahead.line.cut(3, behind=True)
    assert killed(lambda: ahead.refresh(world.lane("sesv2")))
    world.wall.advance(306)
    assert other.refresh(world.lane("sesv2")) is None
    world.wall.advance(SKEW.total_seconds())
    assert other.refresh(world.lane("sesv2"))


def test_what_a_clock_ahead_has_seen_gives_way_when_the_time_has_come(world: World) -> None:
    """What is open counts from when it seemed to be seen; and turns that a clock ahead has taken are waited for."""
    ahead, other = world.execution("omics", ahead=SKEW), world.execution("omics")
    world.start("omics/reference-import", Plan(submitted=0, running=HOURS))
    world.tick(other)
    running = world.start("omics/reference-import", Plan(submitted=30, running=HOURS))
    ending = world.start("omics/reference-import", Plan(submitted=30, running=30))
    for job_id in (running, ending):
        ahead.ingest(world.event(job_id))
    for _ in range(12):
        world.wall.advance(60)
        world.tick(other)
        world.check()
    jobs, _ = world.check()
    assert (jobs[running].view.state, jobs[ending].view.state) == (State.RUNNING, State.SUCCEEDED)
