"""The simulated day, in small: what it prints is what it found, and what it counts could also be found wrong."""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from bench.refresh import baseline, idle, world
from bench.refresh.day import Day, Figures
from bench.refresh.prices import PRICES, bill
from bench.refresh.quotas import violations
from bench.refresh.services import Troubles

ROOT = Path(__file__).resolve().parents[3]
TROUBLES = Troubles(throttled=0.02, outage="stepfunctions")


@cache
def small() -> world.World:
    return world.make(1, 1_500, seed=5)


@cache
def a_day(events: bool) -> Figures:
    """A day with events, or one without, of the same world. Not a fixture, so that coverage does not count it."""
    return Day(world.make(1, 1_500, seed=5), events=events, concurrency=4, troubles=TROUBLES).run()


@pytest.mark.parametrize("events", [False, True])
def test_a_day_keeps_quotas_loses_nothing_and_writes_what_changes(events: bool) -> None:
    day = a_day(events)
    assert small().jobs() > 1_500
    assert day.calls > 10_000
    assert day.throttled > 100
    assert day.violations == 0
    assert (day.unseen, day.forgotten) == (0, 0)
    assert day.tallies.items["transition"] == day.tallies.things["transition"] > 300
    written = sum(day.tallies.items[kind] for kind in ("view", "transition", "count"))
    changed = sum(day.tallies.things[kind] for kind in ("view", "transition", "count"))
    assert changed <= written <= 1.05 * changed
    assert day.tallies.items["view"] <= 1.1 * day.tallies.items["transition"], "listed and got: one write"
    assert day.tallies.items["source"] == pytest.approx(day.reads, rel=0.01)


def test_with_events_a_change_is_seen_in_seconds_and_without_within_a_minute() -> None:
    middle = {events: sorted(a_day(events).tallies.visible["active"]) for events in (False, True)}
    assert 10 < middle[False][len(middle[False]) // 2] < 60
    assert middle[True][len(middle[True]) // 2] < 5


def test_what_is_active_is_read_and_not_what_exists() -> None:
    everything = baseline.run(small(), interval=1, troubles=TROUBLES)
    assert a_day(False).calls < everything.calls / 5
    assert a_day(False).reads < everything.reads / 5


@pytest.mark.parametrize(
    ("moments", "rate", "expected"),
    [
        ([0, 1, 2, 3], 1.0, 0),
        ([0, 0.96, 2], 1.0, 0),  # a call may be late by a twentieth of a second
        ([0, 0.9, 2], 1.0, 1),
        ([2, 0, 1], 1.0, 0),
        ([number / 5 for number in range(50)], 5.0, 0),
        ([*(number / 5 for number in range(50)), 4.1], 5.0, 6),  # each six calls that it is among
        ([0, 4, 8], 0.25, 0),
        ([0, 3], 0.25, 1),
        ([], 5.0, 0),
    ],
)
def test_calls_that_come_too_soon_are_counted(moments: list[float], rate: float, expected: int) -> None:
    assert violations(moments, rate) == expected


def test_the_interval_of_listing_everything_is_the_longest_lanes() -> None:
    assert baseline.minutes({("a", "b", "c"): 61.0, ("d", "e", "f"): 10.0}) == 2
    assert baseline.minutes({("a", "b", "c"): 3.0}) == 1


def test_a_bill_is_quantities_times_prices() -> None:
    found = bill(
        runs={"plan": 10, "refresh": 20},
        seconds={"plan": 4, "refresh": 100},
        messages=20,
        write_units=1_000,
        read_units=2_000,
        published=50,
    )
    assert found.quantities["Lambda GB-seconds"] == pytest.approx(4 * 0.5 + 100 * 1.728 + 5 * 0.5)
    assert found.quantities["SQS requests"] == 60
    assert found.dollars == pytest.approx(sum(found.quantities[name] * price for name, price in PRICES.items()))


def test_it_prints_its_table() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.refresh", "--targets", "1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    assert "quota violations: 0\n" in done.stdout
    told = re.findall(r"^ *([a-zA-Z][\w ,:/-]*?)  +\S", done.stdout, re.MULTILINE)
    document = (ROOT / "docs" / "performance.md").read_text()
    for row in told:
        assert row in document, f"docs/performance.md has no row {row!r}"
    assert len(told) > 20


def test_an_idle_account_with_four_hundred_families_costs_less_than_a_dollar_a_day() -> None:
    one = idle.simulate("1 region", 400, idle.REGIONS[:1])
    assert one.sources == 400
    assert 400 < one.column.reads < 400 * 24, "every few hours, and lists that soon forget every quarter of an hour"
    assert one.column.violations == 0
    assert one.bill.dollars < 0.1, "and less than a dollar in all regions, as docs/performance.md shows"
    assert set(one.bill.quantities) == set(PRICES)
    [title, *lines] = idle.table([one])
    assert title.split() == ["1", "region"]
    document = (ROOT / "docs" / "performance.md").read_text()
    for line in lines:
        assert line.rpartition("  ")[0].strip() in document, line
