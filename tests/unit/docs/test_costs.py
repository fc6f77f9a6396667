"""The arithmetic of docs/costs.md."""

import json
import re
from typing import Any

import pytest
from botocore.session import Session
from botocore.validate import ParamValidator

from bench.refresh.prices import CALLS, audited
from bench.refresh.world import SOURCES_OF
from jobview.catalogue import FAMILIES
from tests.unit.docs.blocks import ROOT, blocks, rows

DOCUMENT = ROOT / "docs" / "costs.md"
JOBVIEW, ELSEWHERE = (rows(part) for part in DOCUMENT.read_text().split("## In the accounts that are read"))
ROWS = [*JOBVIEW, *ELSEWHERE]
SIMULATED = ROOT / "docs" / "performance.md"


def number(text: str) -> float:
    return float(text.replace(",", "").replace("$", ""))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_quantity_times_price(row: list[str]) -> None:
    _, how, quantity, price, per, month = row
    assert number(month) == pytest.approx(number(quantity) * number(price) / number(per), abs=0.006)
    factors = re.fullmatch(r"([\d,.]+(?: × [\d,.]+)*)", re.sub(r"(?<=\d) (?:(?!×)[^×])*", "", how).replace("×", " × "))
    if "×" in how and "+" not in how and factors:
        product = 1.0
        for factor in factors[1].split(" × "):
            product *= number(factor)
        assert number(quantity) == pytest.approx(product, rel=0.001), how


def test_the_sum() -> None:
    together = re.search(r"\*\*Together: \$([\d.]+) a month\.\*\*", DOCUMENT.read_text())
    assert together is not None
    assert number(together[1]) == pytest.approx(sum(number(row[-1]) for row in JOBVIEW), abs=0.001)


def test_lanes_and_families_of_the_example() -> None:
    text = DOCUMENT.read_text()
    assert len(SOURCES_OF) == 9
    assert "the nine families of the [simulated day](performance.md#a-day-at-scale)" in text
    assert f"{len({FAMILIES[name].service for name in SOURCES_OF})} lanes" in text


def test_the_readme_has_the_same_sum() -> None:
    together = re.search(r"Together: (\$[\d.]+) a month", DOCUMENT.read_text())
    assert together is not None
    assert together[1] in (ROOT / "README.md").read_text()


def simulated(name: str) -> list[float]:
    """A row of the simulated day's table: without events, with events, listing everything."""
    [block] = [block for block in blocks(SIMULATED) if block.attributes.get("run") == "bench-refresh"]
    [line] = [line for line in block.text.splitlines() if line.startswith(name)]
    return [number(value) for value in line.removeprefix(name).split()]


def test_the_records_of_calls_cost_what_the_simulation_says() -> None:
    prices = {row[0].partition(",")[0]: number(row[3]) / number(row[4]) for row in ELSEWHERE}
    assert {name.partition("'")[0]: price for name, price in CALLS.items()} == pytest.approx(prices)
    calls = [minute * 1440 for minute in simulated("calls of AWS a minute")]
    for name in CALLS:
        published = simulated(f"beside it: {name}")
        # The table's calls are rounded to whole ones a minute.
        assert published == pytest.approx([audited(each)[name] for each in calls], abs=720 * CALLS[name] + 0.006)


def test_what_the_document_says_of_the_simulated_day_is_in_its_table() -> None:
    text = " ".join(DOCUMENT.read_text().split())
    jobview, trail, guard = (
        simulated(name)[0] for name in ("dollars a day", *(f"beside it: {name}" for name in CALLS))
    )
    assert f"Jobview costs ${jobview:.2f}, a second copy of its calls ${trail:.2f} and GuardDuty ${guard:.2f}" in text
    assert trail > jobview


def test_the_selectors_are_what_cloudtrail_takes() -> None:
    [block] = [block for block in blocks(DOCUMENT) if block.attributes.get("run") == "selectors"]
    shape: Any = Session().get_service_model("cloudtrail").operation_model("PutEventSelectors").input_shape
    given = {"TrailName": "second", "AdvancedEventSelectors": json.loads(block.text)}
    report = ParamValidator().validate(given, shape)
    assert not report.has_errors(), report.generate_report()
