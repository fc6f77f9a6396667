"""One ``make run`` for the whole tier: the CDK app on a local AWS, with sample jobs that go on all the time."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from boto3 import Session

from local.aws import LocalAws, only_local
from local.calls import Caller
from local.deploy import STACK, Deployment, deployed
from local.processes import free_port
from tests.e2e.make_run import MakeRun

FIRST_START_SECONDS = 420
LAST = "test_stop_and_start"
"""Ends what all others use."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LAST in item.nodeid)


@pytest.fixture(scope="session", autouse=True)
def _no_other_aws() -> Iterator[None]:
    with only_local():
        yield


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory, _no_other_aws: None) -> Iterator[MakeRun]:
    command = MakeRun(state=tmp_path_factory.mktemp("make-run") / "state", port=free_port())
    try:
        command.start()
        command.until_up(seconds=FIRST_START_SECONDS)
        yield command
    finally:
        if command.running:
            command.interrupt()


@pytest.fixture(scope="session")
def aws(run: MakeRun) -> LocalAws:
    return run.aws


@pytest.fixture(scope="session")
def session(aws: LocalAws) -> Session:
    return aws.session()


@pytest.fixture(scope="session")
def deployment(aws: LocalAws) -> Deployment:
    settings = json.loads((aws.state / "cdk" / "configuration.json").read_text())
    found = deployed(aws, settings)
    assert found is not None, "the sources have changed since make run deployed them"
    return found


@pytest.fixture(scope="session")
def api(deployment: Deployment) -> Caller:
    return Caller(deployment.url)


@pytest.fixture(scope="session")
def template(aws: LocalAws) -> dict[str, Any]:
    """The template that was deployed."""
    found: dict[str, Any] = json.loads((aws.state / "cdk" / "application" / f"{STACK}.template.json").read_text())
    return found


@pytest.fixture
def fault(aws: LocalAws) -> Iterator[Callable[..., None]]:
    """Make calls go wrong: ``fault(service="omics", fault={"kind": "down"})``; all is well again after the test."""

    def put(**rule: Any) -> None:
        aws.administer("POST", "faults", rule)

    yield put
    aws.administer("DELETE", "faults", {})
