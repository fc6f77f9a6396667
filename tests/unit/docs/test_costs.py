"""The arithmetic of docs/costs.md."""

import re

import pytest

from jobview.catalogue import FAMILIES
from tests.unit.docs.blocks import ROOT, rows

DOCUMENT = ROOT / "docs" / "costs.md"
ROWS = rows(DOCUMENT.read_text())


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
    assert number(together[1]) == pytest.approx(sum(number(row[-1]) for row in ROWS), abs=0.001)


def test_lanes_and_families_of_the_example() -> None:
    enabled = [family for family in FAMILIES.values() if family.retired is None]
    text = DOCUMENT.read_text()
    assert len(enabled) == 9
    assert "nine families" in text
    assert f"{len({family.service for family in enabled})} lanes" in text


def test_the_readme_tells_the_same_sum() -> None:
    together = re.search(r"Together: (\$[\d.]+) a month", DOCUMENT.read_text())
    assert together is not None
    assert together[1] in (ROOT / "README.md").read_text()
