"""A parallel run reports what failed, whatever texts the tests compare."""

import shutil
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parent.parent
FAILING = """
import pytest

@pytest.mark.parametrize("text", ["\\ud800", "\\udfff and more"])
def test_half_a_character(text):
    print(text.encode("utf-8", "surrogatepass"))
    raise ValueError(text)

def test_in_a_message():
    assert "plain" == "\\ud800", "\\ud800"
"""


def test_half_a_character_is_sent_from_a_worker(tmp_path: Path) -> None:
    shutil.copy(TESTS / "conftest.py", tmp_path)
    (tmp_path / "test_failing.py").write_text(FAILING)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "1", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "INTERNALERROR" not in done.stdout + done.stderr
    assert "3 failed" in done.stdout, done.stdout
    assert "ValueError: \\ud800" in done.stdout
