"""docs/architecture.md against the code: imports point one way, and its figures are the code's."""

import ast
import re
from collections import defaultdict
from pathlib import Path

from jobview import merge as merge_module
from jobview.aws.sessions import REFUSED_SECONDS, RENEWED_SECONDS
from jobview.model import CoverageStatus
from jobview.refresh.item_results import ITEMS_ATTEMPTS
from jobview.refresh.pending_details import LONGEST, MOST
from jobview.refresh.recorder import ATTEMPTS
from jobview.store import paging, table
from tests.unit.docs.blocks import ROOT, rows, section

DOCUMENT = ROOT / "docs" / "architecture.md"
LAMBDAS = ROOT / "lambdas"
ROOTS = ("handlers", "jobview")
NUMBERS = {8: "eight", 10: "ten"}


def flowing(heading: str) -> str:
    """The text under a heading without its line breaks."""
    return " ".join(section(DOCUMENT, heading).split())


def package(module: str) -> str:
    parts = module.split(".")
    return ".".join(parts[:2])


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            inside = node.module in ROOTS
            found.update(f"{node.module}.{alias.name}" for alias in node.names) if inside else found.add(node.module)
        elif isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
    return {package(name) for name in found if name.split(".")[0] in ROOTS}


def imports() -> dict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path in LAMBDAS.rglob("*.py"):
        here = package(".".join(path.relative_to(LAMBDAS).with_suffix("").parts))
        if not here.endswith("__init__"):
            found[here] |= imported(path) - {here}
    return dict(found)


def layers() -> dict[str, set[str]]:
    return {row[0].strip("`"): set(re.findall(r"`([^`]+)`", row[2])) for row in rows(section(DOCUMENT, "Layers"))}


def test_every_import_is_allowed_by_the_table_and_every_allowed_one_is_used() -> None:
    assert imports() == layers()


def test_listed_changes_wait_for_their_gets_as_long_as_it_says() -> None:
    assert (LONGEST.total_seconds(), MOST) == (5, 100)
    assert "waits for its get, up to five seconds and up to a hundred jobs at once" in flowing("Flow")


def test_the_walk_of_one_job_names_files_that_are_there() -> None:
    named = re.findall(r"[a-z_]+(?:/[a-z_]+)*\.py", section(DOCUMENT, "The walk of one job"))
    assert len(named) > 10
    for name in named:
        assert (LAMBDAS / name).is_file() or (LAMBDAS / "jobview" / name).is_file(), name


def test_imports_point_one_way() -> None:
    """The table can be read from top to bottom: a package imports only what stands above it."""
    above: set[str] = set()
    for name, allowed in layers().items():
        assert allowed <= above, f"{name} imports what does not stand above it: {allowed - above}"
        above.add(name)


def test_the_functions_know_nothing_of_the_local_aws_and_infra_knows_only_the_catalogue() -> None:
    for path in LAMBDAS.rglob("*.py"):
        assert not re.search(r"^\s*(from|import) (local|infra|tests)\b", path.read_text(), re.MULTILINE), path
    for path in (ROOT / "infra").rglob("*.py"):
        assert not re.search(r"^\s*(from|import) local\b", path.read_text(), re.MULTILINE), path
        named = set(re.findall(r"^\s*(?:from|import) (jobview\S*)", path.read_text(), re.MULTILINE))
        assert named <= {"jobview", *(f"jobview.catalogue.{room}" for room in ("family", "operations", "records"))}, (
            path
        )


def test_the_layout_of_the_table() -> None:
    assert table.__doc__ is not None
    for what, pk, sk in rows(section(DOCUMENT, "The store")):
        for text in (what, pk.strip("`"), sk.strip("`")):
            assert text in table.__doc__, text


def test_figures_are_those_of_the_code() -> None:
    store = flowing("The store")
    assert f"in {table.LIST_SHARDS} partitions; `byState` the same by state, {table.STATE_SHARDS} partitions" in store
    assert f"at most {paging.MOST_QUERIES} queries" in flowing("The store's limits")
    assert f"after {NUMBERS[ATTEMPTS]} lost races" in flowing("The merge")
    assert f"up to {NUMBERS[ITEMS_ATTEMPTS]} tries" in flowing("Flow")


def test_figures_of_other_accounts_are_those_of_the_code() -> None:
    told = flowing("Other accounts")
    assert f"from {NUMBERS[RENEWED_SECONDS // 60]} minutes on" in told
    assert "refusal is remembered for a minute" in told
    assert REFUSED_SECONDS == 60


def test_the_merge_ranks_as_its_docstring_says() -> None:
    rules = re.findall(r"\d\. (.+?)(?= \d\. | Any order)", flowing("The merge"))
    told = " ".join((merge_module.__doc__ or "").replace("``", "`").split())
    assert len(rules) == 3
    for rule in rules:
        assert rule in told, rule


def test_every_coverage_status_is_named() -> None:
    text = section(DOCUMENT, "Coverage")
    assert all(f"`{status.value}`" in text for status in CoverageStatus)
