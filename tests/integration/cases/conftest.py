from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.integration.collect.canned import Canned
from tests.local_aws import moto_server
from tests.local_jobview import Local, local_jobview

BEGIN = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""The first read of every case."""


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    with moto_server() as url:
        yield url


@pytest.fixture
def local(moto: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Local]:
    for name in ("AWS_CA_BUNDLE", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    with local_jobview(moto, monkeypatch.setenv, start=BEGIN) as jobview:
        yield jobview


@pytest.fixture
def canned() -> Iterator[Canned]:
    server = Canned()
    yield server
    server.stop()
