"""The invariants in docs/architecture.md: numbered from 1, and each with the tests that hold it."""

import re

from jobview.aws.rate_limiter import LATE_SECONDS
from jobview.events.ingesting import SKEW
from jobview.store.reservations import ABSURD
from tests.unit.docs.blocks import ROOT, section

DOCUMENT = ROOT / "docs" / "architecture.md"


def invariants() -> list[tuple[int, str]]:
    """Number and text of each."""
    found = re.split(r"^(\d+)\. ", section(DOCUMENT, "Invariants"), flags=re.MULTILINE)[1:]
    return [(int(number), text) for number, text in zip(found[::2], found[1::2], strict=True)]


def test_they_are_numbered_from_one() -> None:
    numbers = [number for number, _ in invariants()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 10


def test_each_names_tests_that_are_there() -> None:
    for number, text in invariants():
        named = re.findall(r"`(tests/[^`]+)`", text)
        assert named, f"invariant {number} names no test"
        for path in named:
            assert "def test_" in (ROOT / path).read_text(encoding="utf-8"), f"invariant {number}: {path}"


def test_every_proof_is_named_by_an_invariant() -> None:
    text = section(DOCUMENT, "Invariants")
    for path in (ROOT / "tests" / "integration" / "proofs").glob("test_*.py"):
        assert f"`{path.relative_to(ROOT)}`" in text, path.name


def test_figures_of_clocks_are_those_of_the_code() -> None:
    text = section(DOCUMENT, "Reservations and leases")
    assert "Were they ten minutes off" in text
    assert SKEW.total_seconds() == 600
    assert "more than half an hour ahead" in " ".join(text.split())
    assert ABSURD.total_seconds() == 1_800
    assert "a twentieth of a second" in text
    assert LATE_SECONDS == 1 / 20
