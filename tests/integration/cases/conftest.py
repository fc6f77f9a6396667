from datetime import UTC, datetime

import pytest


@pytest.fixture
def start() -> datetime:
    """The first read of every case."""
    return datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
