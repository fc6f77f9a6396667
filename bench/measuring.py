"""Comparing ways of doing one thing: interleaved rounds in one process, medians, ratios.

A shared machine is slower in one second than in the next. So every round runs every contender once, each round begins
with another one, and a contender is the median of its rounds. Only the ratios of one run mean something.
"""

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, kw_only=True, slots=True)
class Contender:
    """One way of doing the thing that is measured."""

    name: str
    run: Callable[[], object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A contender's figure, and how it stands to the first contender's."""

    name: str
    seconds: float
    ratio: float
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """One comparison."""

    title: str
    what: str
    """What ``seconds`` is: of what, on which clock."""
    rows: tuple[Row, ...]


def interleaved(
    contenders: Sequence[Contender], *, rounds: int, repeat: int = 1, clock: Callable[[], float] = time.process_time
) -> dict[str, float]:
    """Median seconds of each contender for one run.

    Parameters
    ----------
    contenders
        What is compared; each runs once before the clock starts.
    rounds
        How often each is measured.
    repeat
        Runs in one measurement, where a single one is too short for the clock.
    clock
        ``time.process_time`` for work on the CPU, ``time.perf_counter`` for work that waits.
    """
    for contender in contenders:
        contender.run()
    taken: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    gc.freeze()  # what was there before is nobody's rubbish, and looking through it takes longer than a round
    try:
        for turn in range(rounds):
            start = turn % len(contenders)
            for contender in (*contenders[start:], *contenders[:start]):
                gc.collect()
                begun = clock()
                for _ in range(repeat):
                    contender.run()
                taken[contender.name].append((clock() - begun) / repeat)
    finally:
        gc.unfreeze()
    return {name: median(times) for name, times in taken.items()}


def compared(medians: dict[str, float], *, notes: dict[str, str] | None = None) -> tuple[Row, ...]:
    """The medians as rows, in their order, each with its ratio to the first."""
    first = next(iter(medians.values()))
    return tuple(
        Row(name=name, seconds=seconds, ratio=seconds / first, note=(notes or {}).get(name, ""))
        for name, seconds in medians.items()
    )


def table(result: Result) -> list[str]:
    """The comparison as lines of text."""
    width = max(len(row.name) for row in result.rows)
    rows = [f"{row.name:<{width}}  {_short(row.seconds):>9}  {row.ratio:>8.2f}  {row.note}" for row in result.rows]
    return [result.title, *(f"  {line}".rstrip() for line in (result.what, *rows))]


def _short(seconds: float) -> str:
    if seconds >= 1:
        return f"{seconds:.2f} s"
    if seconds >= 0.001:
        return f"{seconds * 1e3:.2f} ms"
    return f"{seconds * 1e6:.1f} µs"
