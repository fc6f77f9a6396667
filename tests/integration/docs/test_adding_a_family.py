"""The walk-through of docs/adding-a-family.md, followed: every file written into a copy of the tree, and run."""

import json
from pathlib import Path

import pytest

from tests.tree_copy import copy_tree, run
from tests.unit.docs.blocks import ROOT, blocks

DOCUMENT = ROOT / "docs" / "adding-a-family.md"
BLOCKS = tuple(blocks(DOCUMENT))


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree with the family added as the document says."""
    copy = copy_tree(tmp_path_factory.mktemp("tree"))
    for block in BLOCKS:
        if "file" in block.attributes:
            path = copy / block.attributes["file"]
            assert not path.exists(), f"{block}: {path.name} exists"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text)
    assert run(copy, "-m", "local.catalogue") == ""
    return copy


def test_the_blocks_are_what_the_steps_say() -> None:
    files = [block.attributes["file"] for block in BLOCKS if "file" in block.attributes]
    assert "lambdas/jobview/catalogue/services/healthlake.py" in files
    assert sum(name.startswith("tests/fixtures/healthlake/") for name in files) == 4


def test_the_facts_are_found_as_described(tree: Path) -> None:
    [block] = [block for block in BLOCKS if block.attributes.get("run") == "facts"]
    said = run(tree, "-c", block.text)
    assert "ListFHIRImportJobs ['DatastoreId'] ['ImportJobPropertiesList', 'NextToken']" in said
    assert "'CANCEL_FAILED'" in said


def test_the_contract_tests_pass_with_the_family(tree: Path) -> None:
    said = run(
        tree,
        *("-m", "pytest", "tests/contract", "-q", "-p", "no:cacheprovider"),
        *("-k", "healthlake or names_are_unique or every_fixture or every_expectation or every_table"),
    )
    passed = int(said.rsplit(" passed", 1)[0].rsplit(maxsplit=1)[-1])
    assert passed > 40, said


def test_the_fixture_becomes_the_view_that_is_shown(tree: Path) -> None:
    [block] = [block for block in BLOCKS if "view" in block.attributes]
    expected = json.loads(block.text)
    program = (
        "import json; from tests.contract.expectations import views; "
        f"print(json.dumps(views({block.attributes['view']!r}, 'get')))"
    )
    [view] = json.loads(run(tree, "-c", program)).values()
    assert {name: view[name] for name in expected} == expected


def test_the_openapi_document_is_made_anew_with_the_family(tree: Path) -> None:
    before = (tree / "lambdas/handlers/api/openapi.json").read_text()
    assert "healthlake" not in before
    run(tree, "-m", "local.openapi")
    assert "fhir-import" in (tree / "lambdas/handlers/api/openapi.json").read_text()


def test_the_declaration_keeps_to_the_projects_style(tree: Path) -> None:
    run(tree, "-m", "ruff", "check", "lambdas/jobview/catalogue", "tests/contract")
    run(tree, "-m", "ruff", "format", "--check", "lambdas/jobview/catalogue/services/healthlake.py")
