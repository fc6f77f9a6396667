"""Jobs that were made with the services' own calls, on an emulator that knows nothing of Jobview's declarations.

An independent witness: moto's authors read AWS's documents too, and made its answers from them.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from jobview.aws.clients import Clients
from jobview.aws.clock import Clock
from jobview.catalogue import FAMILIES
from jobview.model import State, Target
from jobview.model.jobid import JobKey
from jobview.reader import Reader
from jobview.refresh.dependencies import Dependencies
from jobview.refresh.refresher import Refresher
from local import emulated
from local.reservations import OwnReservations
from local.smoke import Memory
from tests.integration.families.real_calls import makers
from tests.local_aws import ACCOUNT, REGION, environment, moto_server

TARGET = Target(account=ACCOUNT, region=REGION)
FOREVER = 1e9
NULLS = {"textract/document-analysis", "textract/document-text-detection"}
"""Of these moto does not know the number of pages, and answers with a null."""


@pytest.fixture(scope="module", autouse=True)
def moto() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch, moto_server() as url:
        for name in ("AWS_CA_BUNDLE", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
            patch.delenv(name, raising=False)
        for name, value in environment(url).items():
            patch.setenv(name, value)
        yield


def client_of(service: str) -> Any:
    return boto3.client(service)  # type: ignore[call-overload]


def test_the_documented_families_are_these() -> None:
    assert tuple(sorted(makers())) == emulated.IN_TESTS


@pytest.mark.parametrize("name", sorted(makers()))
def test_a_job_of_another_emulator_is_read(name: str) -> None:
    family = FAMILIES[name]
    *parents, native_id = makers()[name](client_of).split(":", len(family.parents))
    key = JobKey(
        service=family.service,
        region=REGION,
        account=ACCOUNT,
        type=family.type,
        parents=tuple(parents),
        native_id=native_id,
    )
    clock = Clock(monotonic=lambda: 0.0, sleep=lambda _: None)
    reader = Reader(Clients(), reservations=OwnReservations(clock), clock=clock, attempts=1)
    store = Memory()
    refresher = Refresher(Dependencies(reader=reader, store=store, now=lambda: datetime.now(UTC)))
    if family.list is not None:
        reads = refresher.read_families([family], [TARGET], deadline=FOREVER)
        assert [read.coverage.error for read in reads if read.coverage.error is not None] == []
        assert [read.coverage.warnings for read in reads if read.coverage.warnings] == []
        assert set(store.jobs) == {str(key)}
        assert store.jobs[str(key)].view.state is not State.UNKNOWN
    got = refresher.read_job(family, TARGET, key, deadline=FOREVER, known=store.jobs.get(str(key)))
    assert got.error is None
    assert got.view is not None
    assert got.unreadable == (1 if name in NULLS else 0)
    assert got.view.state not in {State.UNKNOWN, State.DELETED}, got.view.native_status
