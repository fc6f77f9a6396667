"""A service that lets one job be got a second: what is listed is shown before its get, after a few seconds."""

from jobview.catalogue import FAMILIES
from jobview.model import Depth, Source, State
from jobview.refresh.pending_details import LONGEST
from tests.integration.bench.simulated import HERE, job, simulate

SES = FAMILIES["sesv2/import"]
IMPORTS = Source(service="sesv2", type="import", target=HERE)
NEW = 20


def test_listed_jobs_are_shown_before_all_of_them_could_be_got() -> None:
    jobs = [job(IMPORTS, number, (1.0, State.RUNNING, "PROCESSING")) for number in range(NEW)]
    simulated = simulate(SES, IMPORTS, jobs)
    clock, memory = simulated.clock, simulated.memory
    clock.at = 2.0
    simulated.refresher.read_lane([SES], HERE, deadline=300)
    assert clock.at > NEW, "one get a second"
    longest = LONGEST.total_seconds()
    waits = memory.tallies.visible["active"]
    assert len(waits) == NEW
    assert longest < max(waits) < longest + 3
    assert {each.depth for each in memory.jobs.values()} == {Depth.DETAIL}
    once = sum(each.revision == 1 for each in memory.jobs.values())
    assert 3 <= once <= longest + 1, "those that were got in time are one write, the others two"
    assert memory.tallies.items["transition"] == NEW
