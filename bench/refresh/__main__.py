"""``python -m bench.refresh``: a day of 200 targets, with and without events, beside listing everything."""

import argparse
import multiprocessing
import os
import platform
import sys
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "lambdas"))

from bench.refresh import baseline, idle, report, world
from bench.refresh.day import Day, Figures
from bench.refresh.services import Troubles

TARGETS, JOBS = 200, 1_000_000
MOST_IDLE = 2_000
AT_ONCE = 10
"""Targets that one process simulates at a time, in a world of their own: lanes do not touch one another."""
CONCURRENCY = 200
"""Lanes of the whole deployment that are read at once."""


def options(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What the command line says: ``targets`` or ``idle``. Ends the program where it is wrong, with what is allowed."""
    parser = argparse.ArgumentParser(prog="make bench-refresh", description=__doc__)
    parser.add_argument("--targets", type=int, default=TARGETS, help="accounts times regions; jobs follow")
    parser.add_argument("--idle", type=int, metavar="FAMILIES", help="an idle account with so many families instead")
    given = parser.parse_args(arguments)
    if given.idle is not None and not 1 <= given.idle <= MOST_IDLE:
        parser.error(f"--idle: is {given.idle}; allowed: 1 to {MOST_IDLE}")
    if not 1 <= given.targets <= TARGETS:
        parser.error(f"--targets: is {given.targets}; allowed: 1 to {TARGETS}")
    return given


def main(arguments: Sequence[str] | None = None) -> int:
    """Simulate and print; returns the exit status: 0 where no quota was violated and nothing was lost."""
    given = options(arguments)
    begun = time.perf_counter()
    if given.idle is not None:
        return _idle(given.idle, begun)
    targets: int = given.targets
    parts = [(number, min(AT_ONCE, targets - number), targets) for number in range(0, targets, AT_ONCE)]
    with multiprocessing.Pool(os.cpu_count()) as pool:
        sizes = pool.map(_size, parts)
        interval = max(size[3] for size in sizes)
        done = pool.map(_simulate, [(*part, events) for part in parts for events in (False, True)], chunksize=1)
        all_listed = pool.map(_list_all, [(*part, interval) for part in parts])
    without = report.simulated("without events", done[0::2])
    columns = [without, report.simulated("with events", done[1::2]), report.listed(all_listed, without)]
    sources, jobs, still_open = (sum(size[place] for size in sizes) for place in range(3))
    print(f"Python {platform.python_version()}, {os.cpu_count()} processes")
    print(f"{targets} targets, {sources:,} sources, {jobs:,} jobs; at noon {still_open:,} have not ended.")
    print(
        f"{world.ACTIVE:.0%} of the sources are active: a job every ten minutes at a mean, {world.BURSTS} bursts of"
        f" {world.BURST_JOBS}; {world.QUIET:.0%} of the others have one or two jobs a day."
    )
    troubles = Troubles()
    print(
        f"{troubles.throttled:.1%} of the calls are throttled; {troubles.outage} is down from"
        f" {troubles.outage_begins / 3600:.0f} to {troubles.outage_ends / 3600:.0f} o'clock; 1% of events are lost."
    )
    print()
    print("\n".join(report.table(columns)))
    print(f"\n{time.perf_counter() - begun:.0f} s in all")
    return int(any(column.violations or not _whole(column) for column in columns))


def _idle(families: int, begun: float) -> int:
    results = idle.days(families)
    print(f"Python {platform.python_version()}. {families} families in one account that has no job and no parent.\n")
    print("\n".join(idle.table(results)))
    print(f"\n{time.perf_counter() - begun:.0f} s in all")
    return int(any(result.column.violations for result in results))


def _whole(column: report.Column) -> bool:
    return all(note.endswith(": 0") for note in column.notes)


def _world(part: tuple[int, int, int]) -> world.World:
    number, targets, _ = part
    return world.make(targets, JOBS * targets // TARGETS, seed=number + 1)


def _size(part: tuple[int, int, int]) -> tuple[int, int, int, int]:
    """Sources, jobs, open jobs at noon, and the minutes in which all of it can be listed."""
    made = _world(part)
    return len(made.sources), made.jobs(), made.open_at(world.DAY / 2), baseline.minutes(baseline.lane_seconds(made))


def _simulate(part: tuple[int, int, int, bool]) -> Figures:
    number, targets, of, events = part
    concurrency = max(2, CONCURRENCY * targets // of)
    return Day(_world(part[:3]), events=events, concurrency=concurrency, troubles=Troubles(), seed=number + 2).run()


def _list_all(part: tuple[int, int, int, int]) -> baseline.Baseline:
    return baseline.run(_world(part[:3]), interval=part[3], troubles=Troubles())


if __name__ == "__main__":
    sys.exit(main())
