"""A copy of the tree, for tests that add files to it or break some, and what commands say there."""

import shutil
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

from local.catalogue.declarations import modules, service_of

ROOT = Path(__file__).parent.parent
_FOLDERS = ("lambdas", "local", "tests", "infra", "requirements")
_FILES = ("docs/families.md", "app.py", "cdk.json", "pyproject.toml")
_OUTLIVED = shutil.ignore_patterns("__pycache__", ".*")


def copy_tree(folder: Path) -> Path:
    """Copy what the catalogue and its tests need into the folder."""
    for name in _FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=_OUTLIVED)
    for name in _FILES:
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder


def copy_tree_of(folder: Path, services: Collection[str]) -> Path:
    """Copy the same with the families of some services alone, so that what is run there takes no longer when there are
    more families."""
    copy_tree(folder)
    for module in modules():
        service = service_of(module)
        if service not in services:
            (folder / f"lambdas/jobview/catalogue/services/{module}.py").unlink()
            (folder / f"lambdas/jobview/catalogue/compiled/{service}.json").unlink()
            shutil.rmtree(folder / "tests/fixtures" / service)
    return folder


def python(tree: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the copy."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=tree,
        env={
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "PYTHONPATH": f"{tree}/lambdas:{tree}",
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def run(tree: Path, *command: str) -> str:
    """What a command says that has to succeed."""
    done = python(tree, *command)
    assert done.returncode == 0, f"{command}:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout
