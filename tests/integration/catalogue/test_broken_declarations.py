"""What is wrong with one family is said of that family, by name, and spoils no other family's tests."""

import re
from pathlib import Path

import pytest

from tests.tree_copy import copy_tree_of, python

SERVICES = Path("lambdas/jobview/catalogue/services")
FIXTURES = Path("tests/fixtures")
BROKEN = ("athena", "batch", "glue", "hollow", "omics", "stepfunctions", "transcribe")
SOUND = ("codebuild", "medical-imaging", "panorama", "signer", "sesv2", "ssm")
_FAILED = re.compile(r"^FAILED tests/contract/\S+::(\S+)", re.MULTILINE)


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree in which something is wrong with most families, each in another way."""
    tree = copy_tree_of(tmp_path_factory.mktemp("tree"), {*BROKEN, *SOUND})
    change(tree / SERVICES / "athena.py", "job=Job(", "jobs=Job(")
    change(tree / SERVICES / "batch.py", 'reason="statusReason"', 'reason="statusRaeson"')
    change(tree / SERVICES / "glue.py", "Family(", "Family((")
    (tree / SERVICES / "hollow.py").write_text('"""A module without a family."""\n')
    change(tree / FIXTURES / "omics/GetReferenceImportJob.json", '"status"', '"state"')
    (tree / FIXTURES / "stepfunctions/execution.expected.json").unlink()
    (tree / FIXTURES / "transcribe/ListTranscriptionJobs.json").write_text("{")
    return tree


@pytest.fixture(scope="module")
def said(tree: Path) -> str:
    """What a run of the contract tests says there."""
    done = python(
        tree,
        *("-m", "pytest", "tests/contract", "-q", "-n", "2", "--tb=short", "-p", "no:cacheprovider"),
        # They know of every service.
        *("--ignore", "tests/contract/test_undeclared.py", "--ignore", "tests/contract/test_families_page.py"),
        *("--deselect", "tests/contract/test_start_calls.py::test_some_of_every_kind_are_derived_or_declared"),
    )
    assert done.returncode == 1, f"{done.stdout[-4000:]}{done.stderr[-4000:]}"
    assert "error" not in done.stdout.splitlines()[-1], "the tests are collected"
    return done.stdout


def test_the_compiler_names_each_family_and_what_is_wrong(tree: Path) -> None:
    done = python(tree, "-m", "local.catalogue")
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert len(lines) == 4, done.stderr
    assert re.match(r"catalogue: athena\.py:\d+: TypeError: .* 'jobs'", lines[0])
    assert lines[1].startswith("catalogue: batch/job: a record of ListJobs: ")
    assert "no member statusRaeson" in lines[1]
    assert re.match(r"catalogue: glue\.py:\d+: SyntaxError: ", lines[2])
    assert lines[3] == "catalogue: hollow.py declares no family"


@pytest.mark.parametrize(
    "broken",
    ["athena", "batch", "glue", "hollow", "omics/GetReferenceImportJob.json", "stepfunctions/execution",
     "transcribe/ListTranscriptionJobs.json"],
)  # fmt: skip
def test_what_is_broken_fails(said: str, broken: str) -> None:
    assert [name for name in _FAILED.findall(said) if f"[{broken}" in name]


def test_nothing_else_fails(said: str) -> None:
    failed = _FAILED.findall(said)
    assert len(failed) > len(BROKEN)
    assert [name for name in failed if not any(service in name for service in BROKEN)] == []


def test_the_failures_name_the_member(said: str) -> None:
    for text in ("batch/job: a record of ListJobs", "statusRaeson", "$.state is unknown", "execution.expected.json"):
        assert text in said
