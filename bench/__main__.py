"""``python -m bench``: every comparison, as ratios of one run."""

import argparse
import os
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "lambdas"))

from bench import answering, fanout, merging, timestamps
from bench.measuring import Result, table


def results(*, quick: bool) -> Iterator[Result]:
    """Every comparison in turn; ``quick`` measures too little to mean anything, but runs everything."""
    rounds = 1 if quick else 11
    yield answering.measure(rounds=rounds)
    yield from fanout.measure(rounds=1 if quick else 3, sources=(4,) if quick else (10, 40))
    yield timestamps.measure(rounds=rounds)
    yield merging.measure(rounds=rounds)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="run everything once: it measures little")
    options = parser.parse_args(arguments)
    begun = time.perf_counter()
    print(f"Python {platform.python_version()}, {os.cpu_count()} CPUs. Trust the ratios, not the times.")
    for result in results(quick=options.quick):
        print()
        print("\n".join(table(result)), flush=True)
    print(f"\n{time.perf_counter() - begun:.0f} s in all")
    return 0


if __name__ == "__main__":
    sys.exit(main())
