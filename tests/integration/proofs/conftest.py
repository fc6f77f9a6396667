"""One world for the proofs of a file; each begins with nothing stored and no jobs."""

import os
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from jobview.http.gateway import Resolver
from jobview.settings import read_monitored
from local.standin import Plan, StandIn
from tests.integration.proofs.account import NAMES, new_queue, small_watch
from tests.integration.proofs.executions import WallClock
from tests.integration.proofs.world import World
from tests.local_aws import ACCOUNT, create_table, emulator, environment
from tests.local_jobview import Local, local_jobview
from tests.monitoring import monitoring


@pytest.fixture(scope="session")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with emulator(tmp_path_factory.mktemp("emulator")) as url:
        yield url


@pytest.fixture(scope="module")
def _world(upstream: str) -> Iterator[World]:
    with (
        pytest.MonkeyPatch.context() as patch,
        StandIn(upstream=upstream, account=ACCOUNT, clock=(wall := WallClock())) as aws,
    ):
        for name in ("AWS_CA_BUNDLE", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
            patch.delenv(name, raising=False)
        for name, value in environment(aws.url).items():
            patch.setenv(name, value)
        # What the stand-in does not play is asked for without a detour.
        for service in ("DYNAMODB", "SQS", "EVENTS"):
            patch.setenv(f"AWS_ENDPOINT_URL_{service}", upstream)
        patch.setattr(boto3, "DEFAULT_SESSION", None)
        # botocore waits between its own tries; the time of these worlds is the wall clock's.
        patch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda _: None))
        settings = {
            "JOBVIEW_TABLE": create_table(boto3.client("dynamodb")),
            **monitoring(NAMES),
        }
        yield World(
            aws=aws,
            wall=wall,
            table=settings["JOBVIEW_TABLE"],
            queue=new_queue(),
            settings=settings,
            monitored=small_watch(read_monitored(settings)),
        )
    assert "AWS_ENDPOINT_URL_DYNAMODB" not in os.environ


@pytest.fixture(autouse=True)
def own_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each thread has a request of its own, as each execution of a function has.

    Powertools keeps the event and the context on a class, for a process that answers one request at a time. Callers in
    threads would be answered with what others asked for.
    """
    own = threading.local()
    resolve = Resolver.resolve

    def resolve_own(resolver: Resolver, event: dict[str, Any], context: Any) -> dict[str, Any]:
        own.event, own.context = APIGatewayProxyEventV2(event), context
        return resolve(resolver, event, context)

    monkeypatch.setattr(Resolver, "resolve", resolve_own)
    monkeypatch.setattr(Resolver, "current_event", property(lambda _: own.event), raising=False)
    monkeypatch.setattr(Resolver, "lambda_context", property(lambda _: own.context), raising=False)


@pytest.fixture
def world(_world: World) -> World:
    _world.reset()
    return _world


@pytest.fixture
def local(upstream: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Local]:
    for name in ("AWS_CA_BUNDLE", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    with local_jobview(upstream, monkeypatch.setenv) as jobview:
        jobview.settings |= monitoring(families=["omics/reference-import"])
        for parent in ("a", "b", "c"):
            jobview.aws.seed("omics", "reference-import", plan=Plan(submitted=0, running=1e9), parent=parent)
        yield jobview
