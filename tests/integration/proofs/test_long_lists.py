"""A list that is too long for one execution goes on where it stopped, whoever was killed on the way."""

from datetime import timedelta

from local.standin import Plan
from tests.cut_line import killed
from tests.integration.proofs.lanes import RUNNING
from tests.integration.proofs.world import World

LONG = "sesv2/import"


def test_in_short_turns_and_with_killed_ones_between_the_whole_list_is_read(world: World) -> None:
    one, other = world.execution("sesv2"), world.execution("sesv2")
    ending = [world.start(LONG, Plan(submitted=0, running=3_600)) for _ in range(2)]
    jobs = ending + [world.start(LONG, RUNNING) for _ in range(9)]
    world.settle(other)
    world.check_settled(other)
    # From here on everything is listed anew, in turns that are too short for it.
    world.wall.advance(timedelta(hours=7).total_seconds())
    cursors: set[int] = set()
    for number in range(1, 15):
        other.refresh(world.lane("sesv2"), time=25.0)
        [row] = [row for row in other.store.coverage() if row.source.type == "import"]
        assert row.schedule is not None
        if row.schedule.cursor is not None:
            cursors.add(row.schedule.cursor.pages)
        one.line.cut(number, behind=number % 2 == 0)
        killed(lambda: one.refresh(world.lane("sesv2"), time=25.0))
        one.line.whole()
        world.check()
        world.wall.advance(330)
    assert len(cursors) > 2, "it stopped at several places"
    world.settle(other)
    histories = world.check_settled(other)
    assert histories.keys() == set(jobs), "what lies behind the place where it went on is neither lost nor gone"
