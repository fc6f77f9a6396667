"""What most integration tests need: Jobview on the stand-in and moto, its API function, and canned answers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from handlers.api.handler import build
from jobview.aws.clock import Clock
from local.openapi.problems import problem
from tests.api_gateway import Client, Reply
from tests.integration.collect.canned import Canned
from tests.local_aws import moto_server
from tests.local_jobview import START, Local, local_jobview

ASKED_OF_AWS = {"awsCode", "source", "operation", "retryable"}
"""What a problem has too where AWS was asked."""


@dataclass
class Deployed:
    """The API function on the local AWS."""

    local: Local
    settings: dict[str, str] = field(default_factory=dict)
    seconds: float = 29.0

    def __post_init__(self) -> None:
        ticks = iter(range(10**9))
        clock = Clock(monotonic=lambda: next(ticks) / 1000, sleep=lambda _: None, now=self.local.clock.now)
        app = build({**self.local.settings, **self.settings}, clock=clock)
        self._client = Client(app.resolve, seconds=self.seconds)

    def get(self, target: str, method: str = "GET", **headers: str) -> Reply:
        return self._client.get(target, method, **headers)

    def send(self, made: dict[str, Any]) -> Reply:
        """Hand an event of API Gateway to the function."""
        return self._client.send(made)

    def problem(self, target: str, status: int, kind: str, **headers: str) -> dict[str, object]:
        """The problem that a request is answered with."""
        reply = self.get(target, **headers)
        assert reply.headers["content-type"] == "application/problem+json", reply.body
        assert reply.headers["cache-control"] == "no-store"
        told: dict[str, object] = reply.json
        assert (reply.status, told["status"], told["type"]) == (status, status, f"urn:jobview:problem:{kind}"), told
        shown = set(problem(kind))
        assert set(told) in (shown, shown | ASKED_OF_AWS), "the members are those of the example in the contract"
        assert told["title"]
        assert told["detail"]
        assert told["instance"] == "urn:jobview:request:request-1"
        return told


def without_settings_of_aws(patch: pytest.MonkeyPatch) -> None:
    """Take away what the machine says of AWS beyond what ``local_jobview`` sets."""
    for name in ("AWS_CA_BUNDLE", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        patch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    with moto_server() as url:
        yield url


@pytest.fixture
def start() -> datetime:
    """The time at which the clock of ``local`` begins."""
    return START


@pytest.fixture
def local(moto: str, monkeypatch: pytest.MonkeyPatch, start: datetime) -> Iterator[Local]:
    without_settings_of_aws(monkeypatch)
    with local_jobview(moto, monkeypatch.setenv, start=start) as jobview:
        yield jobview


@pytest.fixture(scope="module")
def quiet(moto: str) -> Iterator[Local]:
    """One that the tests of a file share, because they change nothing."""
    with pytest.MonkeyPatch.context() as patch:
        without_settings_of_aws(patch)
        with local_jobview(moto, patch.setenv) as jobview:
            yield jobview


@pytest.fixture
def api(local: Local) -> Deployed:
    return Deployed(local)


@pytest.fixture(scope="session")
def canned_server() -> Iterator[Canned]:
    server = Canned()
    yield server
    server.stop()


@pytest.fixture
def canned(canned_server: Canned) -> Canned:
    canned_server.forget()
    return canned_server
