"""``python -m bench`` runs, and what its figures are said to show in the documents is what they show."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench import answering, timestamps
from bench.measuring import Contender, compared, interleaved

ROOT = Path(__file__).resolve().parents[3]


def test_every_comparison_runs_and_is_printed_as_ratios() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    titles = re.findall(r"^(\d)\. ", done.stdout, re.MULTILINE)
    assert titles == ["1", "2", "3", "4"]
    figures = re.findall(r"\d (?:s|ms|µs) +(\d+\.\d\d)", done.stdout)
    assert len(figures) == 12
    assert figures.count("1.00") >= 4
    assert "the slowest call: the limit" in done.stdout


@pytest.mark.parametrize("module", [answering, timestamps])
def test_our_way_is_the_faster_one(module: object) -> None:
    rows = module.measure(rounds=3).rows  # type: ignore[attr-defined]
    assert rows[0].ratio == 1
    assert rows[1].ratio > 2, [(row.name, row.seconds) for row in rows]


def test_rounds_are_interleaved_and_every_contender_runs_alike() -> None:
    order: list[str] = []
    now = iter(range(1000))
    contenders = [Contender(name=name, run=lambda name=name: order.append(name)) for name in "abc"]  # type: ignore[misc]
    medians = interleaved(contenders, rounds=3, repeat=2, clock=lambda: float(next(now)))
    assert "".join(order) == "abc" + "aabbcc" + "bbccaa" + "ccaabb"
    assert medians == {"a": 0.5, "b": 0.5, "c": 0.5}


def test_ratios_are_to_the_first() -> None:
    rows = compared({"first": 2.0, "second": 5.0}, notes={"second": "slower"})
    assert [(row.ratio, row.note) for row in rows] == [(1.0, ""), (2.5, "slower")]
