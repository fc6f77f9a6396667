"""``python -m bench.contract_tier``: how long the contract tests take once the catalogue has many families.

A copy of the tree gets copies of the declared families, each with a type, an expectation and a table of its own, until
there are as many as are asked for. Then the contract tests run there, with two workers.
"""

import argparse
import itertools
import json
import string
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.tree_copy import copy_tree, run

LETTERS = ["".join(pair) for pair in itertools.product(string.ascii_lowercase, repeat=2)]
COPIES = """

for _family in [value for value in globals().values() if isinstance(value, Family) and not value.service.retired]:
    for _letters in {letters}:
        globals()[f"{{_family.type}} {{_letters}}"] = __import__("dataclasses").replace(
            _family, type=f"{{_family.type}}-{{_letters}}", events=None
        )
"""


def grow(tree: Path, families: int) -> int:
    """Copy the families in the tree until there are about as many; returns how many there are."""
    expectations = [
        path for path in sorted((tree / "tests/fixtures").glob("*/*.expected.json")) if "panorama" not in str(path)
    ]
    letters = LETTERS[: max(0, round(families / len(expectations)) - 1)]
    for module in (tree / "lambdas/jobview/catalogue/services").glob("[a-z]*.py"):
        module.write_text(module.read_text() + COPIES.format(letters=letters))
    for expectation in expectations:
        type_ = expectation.name.removesuffix(".expected.json")
        # An event names one family.
        told = {name: value for name, value in json.loads(expectation.read_text()).items() if name != "event"}
        for each in letters:
            expectation.with_name(f"{type_}-{each}.expected.json").write_text(json.dumps(told))
    run(tree, "-m", "local.catalogue")
    return len(expectations) * (len(letters) + 1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; returns the exit status of the tests."""
    parser = argparse.ArgumentParser(prog="python -m bench.contract_tier", description=__doc__)
    parser.add_argument("--families", type=int, default=400)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        tree = copy_tree(Path(folder))
        families = grow(tree, options.families)
        begun = time.perf_counter()
        command = ["-m", "pytest", "tests/contract", "-q", "-n", str(options.workers), "-p", "no:cacheprovider"]
        done = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, *command, "-k", "not test_runner and not retired", "--durations=25"],
            cwd=tree,
            check=False,
            capture_output=True,
            text=True,
        )
        taken = time.perf_counter() - begun
    print("\n".join(done.stdout.splitlines()[-60:]))
    print(f"{families} families: {taken:.0f} s, {1000 * taken / families:.0f} ms a family")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
