from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from jobview.catalogue.operations import Window
from jobview.collect.periods import MARGIN, beginning, periods

UNTIL = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def test_one_call_asks_for_all_of_a_window_that_is_not_limited() -> None:
    assert periods(Window(length=90 * DAY), None, UNTIL) == [(UNTIL - 90 * DAY + MARGIN, UNTIL)]


@pytest.mark.parametrize("longest", [DAY, 7 * DAY, 30 * DAY, 89 * DAY, 90 * DAY, 400 * DAY])
def test_the_periods_join_without_a_gap_and_none_is_too_long(longest: timedelta) -> None:
    window = Window(length=90 * DAY, longest=longest)
    found = periods(window, None, UNTIL)
    assert found[0][1] == UNTIL
    assert found[-1][0] == beginning(window, UNTIL)
    assert all(timedelta() < end - start <= longest for start, end in found)
    assert all(older[1] == newer[0] for newer, older in pairwise(found))
    assert periods(window, None, UNTIL + timedelta(microseconds=999)) == found


@pytest.mark.parametrize(
    ("since", "start"),
    [
        (UNTIL - 3 * DAY, UNTIL - 3 * DAY),
        (UNTIL - 900 * DAY, UNTIL - 90 * DAY + MARGIN),
        # A clock that is ahead has read the source before.
        (UNTIL + timedelta(minutes=10), UNTIL),
        (UNTIL, UNTIL),
    ],
)
def test_less_is_a_later_start(since: datetime, start: datetime) -> None:
    assert periods(Window(length=90 * DAY, longest=7 * DAY), since, UNTIL)[-1][0] == start
    assert periods(Window(length=90 * DAY), since, UNTIL) == [(start, UNTIL)]
