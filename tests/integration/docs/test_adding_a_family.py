"""The walk-through of docs/adding-a-family.md, followed in a copy of the tree: drafted, written, and run."""

import json
import shlex
import shutil
from pathlib import Path

import pytest

from tests.tree_copy import copy_tree, python, run
from tests.unit.docs.blocks import ROOT, blocks

DOCUMENT = ROOT / "docs" / "adding-a-family.md"
BLOCKS = tuple(blocks(DOCUMENT))


FILES = {block.attributes["file"]: block for block in BLOCKS if "file" in block.attributes}
INFRASTRUCTURE = (
    "tests/infra/test_member.py",
    "tests/infra/test_permissions.py",
    "tests/infra/test_authorization.py",
    "tests/infra/test_ingest.py",
)
LISTS = "test_names or every_fixture or every_expectation or every_table"


def without_the_family(folder: Path) -> Path:
    """A copy of the tree as it is before the walk-through."""
    copy = copy_tree(folder)
    for name in ("services/healthlake.py", "compiled/healthlake.json"):
        (copy / "lambdas/jobview/catalogue" / name).unlink()
    shutil.rmtree(copy / "tests/fixtures/healthlake")
    run(copy, "-m", "local.openapi")
    return copy


def test_the_files_are_those_of_the_tree() -> None:
    """The module has another family after the one of the document."""
    for name, block in FILES.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        assert text.startswith(block.text) if name.endswith(".py") else text == block.text, name


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree in which the family is drafted as the document says."""
    copy = without_the_family(tmp_path_factory.mktemp("draft"))
    [block] = [block for block in BLOCKS if block.attributes.get("run") == "family"]
    make, target, *variables = shlex.split(block.text)
    assert (make, target) == ("make", "family")
    options = [word for each in variables for word in (f"--{each.split('=')[0].lower()}", each.split("=")[1])]
    run(copy, "-m", "local.catalogue.drafting", *options)
    return copy


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree with the family added as the document says."""
    copy = without_the_family(tmp_path_factory.mktemp("tree"))
    for name, block in FILES.items():
        path = copy / name
        assert not path.exists(), f"{block}: {path.name} exists"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text)
    assert run(copy, "-m", "local.catalogue") == ""
    return copy


def test_the_draft_has_every_file_of_the_walk_through(draft: Path) -> None:
    assert [name for name in FILES if not (draft / name).exists()] == []
    run(draft, "-m", "ruff", "check", "lambdas/jobview/catalogue")
    run(draft, "-m", "ruff", "format", "--check", "lambdas/jobview/catalogue")


def test_the_draft_asks_what_the_document_shows(draft: Path) -> None:
    [block] = [block for block in BLOCKS if block.attributes.get("run") == "questions"]
    done = python(draft, "-m", "local.catalogue")
    assert done.returncode == 1
    for line in block.text.splitlines():
        assert line in done.stderr.splitlines()


def test_the_contract_tests_fail_until_the_draft_is_decided(draft: Path) -> None:
    done = python(draft, "-m", "pytest", "tests/contract", "-q", "-p", "no:cacheprovider", "-k", "healthlake")
    assert done.returncode == 1
    for name in ("ListFHIRImportJobs.json", "DescribeFHIRImportJob.json", "fhir-import.expected.json"):
        assert f"test_nothing_of_a_draft_is_left_to_decide[healthlake/{name}]" in done.stdout
    assert "test_the_checked_in_table_is_what_the_declaration_compiles_to[healthlake]" in done.stdout


def test_the_blocks_are_what_the_steps_say() -> None:
    assert "lambdas/jobview/catalogue/services/healthlake.py" in FILES
    assert sum(name.startswith("tests/fixtures/healthlake/") for name in FILES) == 4


def test_the_facts_are_found_as_described(tree: Path) -> None:
    [block] = [block for block in BLOCKS if block.attributes.get("run") == "facts"]
    said = run(tree, "-c", block.text)
    assert "ListFHIRImportJobs ['DatastoreId'] ['ImportJobPropertiesList', 'NextToken']" in said
    assert "'CANCEL_FAILED'" in said


def test_the_contract_tests_pass_with_the_family(tree: Path) -> None:
    said = run(
        tree,
        *("-m", "pytest", "tests/contract", "-q", "-p", "no:cacheprovider"),
        *("-k", f"healthlake or {LISTS}"),
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


def test_the_declaration_keeps_to_the_projects_style_and_types(tree: Path) -> None:
    run(tree, "-m", "ruff", "check", "lambdas/jobview/catalogue", "tests/contract")
    run(tree, "-m", "ruff", "format", "--check", "lambdas/jobview/catalogue/services/healthlake.py")
    run(tree, "-m", "mypy", "lambdas/jobview/catalogue")


def test_the_family_is_read_from_start_to_end(tree: Path) -> None:
    """The product reads it over HTTP from the local AWS, which plays it from its declaration."""
    end_to_end = ("-m", "pytest", "tests/integration/families", "-q", "-p", "no:cacheprovider")
    assert "passed" in run(tree, *end_to_end, "-k", "healthlake")


def test_the_infrastructure_has_what_the_family_needs(tree: Path) -> None:
    said = run(
        tree, "-m", "pytest", "tests/infra/test_permissions.py", "-q", "-p", "no:cacheprovider", "-k", "not none"
    )
    assert "passed" in said
