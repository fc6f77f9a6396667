"""A list that begins with the newest, read from a simulated service: what is as before is not compared."""

from datetime import timedelta

from bench.refresh.world import moment
from jobview.catalogue import FAMILIES
from jobview.model import CadenceKind, Parent, Source, State
from jobview.refresh.cadence import Cadence
from tests.integration.bench.simulated import HERE, job, simulate

GLUE = FAMILIES["glue/job-run"]
NIGHTLY = Source(service="glue", type="job-run", target=HERE, parents=(Parent(type="job", id="nightly"),))
DONE = 900
"""Runs that have long ended: five pages of 200 with the newer ones."""


def test_only_the_first_page_is_asked_for_and_compared_only_where_it_changed() -> None:
    ended = [
        job(NIGHTLY, number, (number - 9e5, State.RUNNING, "RUNNING"), (number - 8e5, State.SUCCEEDED, "SUCCEEDED"))
        for number in range(DONE)
    ]
    open_one = job(NIGHTLY, DONE, (-600.0, State.RUNNING, "RUNNING"), (240.0, State.FAILED, "FAILED"))
    late = job(NIGHTLY, DONE + 1, (170.0, State.RUNNING, "RUNNING"), (5_000.0, State.SUCCEEDED, "SUCCEEDED"))
    simulated = simulate(GLUE, NIGHTLY, [*ended, open_one, late])
    clock, memory, services = simulated.clock, simulated.memory, simulated.services

    def read(at: float) -> tuple[int, float]:
        """Pages that were asked for, and jobs that were compared."""
        clock.at = at
        before = memory.tallies.read_units["jobs"]
        services.calls.clear()
        simulated.refresher.read_lane([GLUE], HERE, deadline=at + 40)
        asked = sum(len(calls) for (_, _, quota, _), calls in services.calls.items() if quota == "GetJobRuns")
        return asked, 2 * (memory.tallies.read_units["jobs"] - before)

    assert read(0) == (5, 901)
    assert read(60) == (1, 0), "the first page is as the full sync saw it, and nothing new lies behind it"
    assert read(120) == (1, 0)
    # A new run, and the page is another one.
    assert read(180) == (1, 200)
    # The open one has ended.
    assert read(241) == (1, 200)
    assert read(301) == (1, 0)
    states = {job_id[-4:]: stored.view.state for job_id, stored in memory.jobs.items()}
    assert (states["0900"], states["0901"], states["0000"]) == (State.FAILED, State.RUNNING, State.SUCCEEDED)
    [row] = [row for row in memory.coverage() if row.source == NIGHTLY]
    assert row.schedule is not None
    assert (row.schedule.kind, row.schedule.pages) == (CadenceKind.ACTIVE, 5)
    assert row.as_of == moment(301)
    assert row.schedule.due == moment(301) + timedelta(seconds=Cadence().active.total_seconds())
