"""A copy of the tree, for tests that add files to it or break some, and what commands say there."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
_COPIED = ("lambdas", "local", "tests", "infra", "requirements", "app.py", "cdk.json", "pyproject.toml")
_OUTLIVED = shutil.ignore_patterns("__pycache__", ".*")


def copy_tree(folder: Path) -> Path:
    """Copy what the catalogue and its tests need into the folder."""
    for name in _COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=_OUTLIVED)
        else:
            shutil.copy(source, folder / name)
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
