"""The simulated day in docs/performance.md: what the text says of it is what its table says."""

import re

from tests.unit.docs.blocks import ROOT, blocks

DOCUMENT = ROOT / "docs" / "performance.md"
[TABLE] = [block.text for block in blocks(DOCUMENT) if block.attributes.get("run") == "bench-refresh"]


def row(name: str) -> list[str]:
    """The cells of a row: without events, with events, listing everything."""
    found = re.search(rf"^ *{re.escape(name)}  +(.+)$", TABLE, re.MULTILINE)
    assert found is not None, name
    return re.split(r"  +", found[1].strip())


def number(cell: str) -> float:
    return float(cell.split()[0].replace(",", ""))


def test_it_is_the_size_that_was_asked_for() -> None:
    told = re.search(r"^200 targets, ([\d,]+) sources, ([\d,]+) jobs", TABLE, re.MULTILINE)
    assert told is not None
    assert number(told[1]) == 20_000
    assert number(told[2]) >= 1_000_000


def test_no_quota_was_violated_and_nothing_was_lost() -> None:
    assert re.search(r"^quota violations: 0$", TABLE, re.MULTILINE)
    assert re.findall(r"(?:forgotten|later): (\d+)$", TABLE, re.MULTILINE) == ["0"] * 4


def test_items_follow_what_changes() -> None:
    without, with_events, _ = row("items for each thing changed of a job")
    assert max(number(with_events), number(without)) <= 1.05
    told = " ".join(DOCUMENT.read_text().split())
    assert f"{with_events} items are written with events, {without} without" in told
    views, transitions = (number(row(f"  {kind}s: written / changed")[0]) for kind in ("view", "transition"))
    assert f"There are {views / transitions:.2f} views written for each transition" in told


def test_calls_and_dollars_are_less_than_those_of_listing_everything() -> None:
    for name in ("calls of AWS a minute", "dollars a day"):
        without, with_events, everything = map(number, row(name))
        assert max(without, with_events) < everything


def test_events_make_it_seconds() -> None:
    without, with_events, _ = row("change to visible, active sources: p50")
    assert without.endswith(" s")
    assert with_events.endswith(" s")
    assert number(with_events) < 5 < number(without) < 60


def test_an_idle_account_costs_less_than_a_dollar_a_day() -> None:
    [table] = [block.text for block in blocks(DOCUMENT) if block.attributes.get("run") == "bench-refresh-idle"]
    dollars = re.search(r"^dollars a day +(.+)$", table, re.MULTILINE)
    assert dollars is not None
    as_idle, one, all_regions = dollars[1].split()
    assert table.splitlines()[0].split(". ", 1)[1].startswith("400 families in one account")
    assert number(one) < number(all_regions) < 1
    assert number(one) < number(as_idle) / 5
    told = " ".join(DOCUMENT.read_text().split())
    assert f"they cost ${one} a day in a region, and ${all_regions} in the seventeen regions" in told
    assert re.search(r"^quota violations +0 +0 +0$", table, re.MULTILINE)
