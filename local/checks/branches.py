"""The share of branches that the tests take: ``python -m local.checks.branches REPORT LEAST``.

``coverage``'s own bound counts statements and branches together, where the many statements hide missing branches.
"""

import json
import sys
from pathlib import Path
from typing import Any


def share(report: Any) -> float:
    """Return the percentage of branches that ``coverage json`` has seen taken."""
    totals = report["totals"]
    return 100.0 * float(totals["covered_branches"]) / float(totals["num_branches"])


def main(arguments: list[str]) -> int:
    """Print the share; return 1 where it is less than it has to be."""
    report, least = Path(arguments[0]), float(arguments[1])
    found = share(json.loads(report.read_text()))
    print(f"branches of lambdas/ that the tests take: {found:.1f} % (at least {least:.0f} % are wanted)")
    return int(found < least)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
