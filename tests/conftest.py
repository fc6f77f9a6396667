"""What all tests share: how hypothesis draws, which tests count for coverage, and how a parallel run reports."""

import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no fault of a test's. CI draws the same examples every time; elsewhere each run draws new ones.
settings.register_profile(
    "jobview",
    deadline=None,
    derandomize=os.environ.get("CI") == "true",
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("jobview")

_HERE = Path(__file__).parent
_MEASURED = (
    "unit",
    *(f"integration/{room}" for room in ("api", "collect", "ingest", "notify", "publish", "refresh", "store")),
    "integration/proofs/test_shared_job.py",
    "integration/proofs/test_shared_reads.py",
)
"""Folders and files whose tests count for coverage. Counting makes a test half as slow again, and all other tests run
code that these have run before: in every order, with every process killed, for every family."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the tests that do not count for coverage alone."""
    measured = {_HERE / name for name in _MEASURED}
    for item in items:
        if measured.isdisjoint({item.path, *item.path.parents}):
            item.add_marker(pytest.mark.no_cover)


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, Any, Any]:
    """A report that a worker of a parallel run can send: half a character (a lone surrogate) is no UTF-8."""
    return _sendable((yield))


def _sendable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, dict):
        return {_sendable(name): _sendable(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_sendable(inner) for inner in value)
    return value
