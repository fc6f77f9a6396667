"""What measures the contract tests at many families makes families that the contract tests accept."""

from pathlib import Path

from bench.contract_tier import grow
from tests.tree_copy import copy_tree_of, run


def test_copies_of_the_families_are_families(tmp_path: Path) -> None:
    tree = copy_tree_of(tmp_path, {"batch", "codebuild", "glue", "omics", "rds", "s3control"})
    declared = len(list((tree / "tests/fixtures").glob("*/*.expected.json")))
    families = grow(tree, 2 * declared)
    assert declared < families <= 2 * declared
    count = "import jobview.catalogue as c; print(len(c.FAMILIES), 'glue/job-run-aa' in c.FAMILIES)"
    assert int(run(tree, "-c", count).split()[0]) >= families
    assert run(tree, "-c", count).split()[1] == "True"
    said = run(tree, "-m", "pytest", "tests/contract", "-q", "-p", "no:cacheprovider", "-k", "glue/")
    assert "passed" in said
