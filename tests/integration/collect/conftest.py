"""Readers that talk to a local AWS: the stand-in, moto's server, and canned answers."""

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from jobview.aws.calls import Calls
from jobview.aws.clients import Clients
from jobview.reader import Reader
from local.reservations import OwnReservations
from local.standin import ManualClock, StandIn
from tests.integration.collect.canned import FrozenTime
from tests.integration.collect.imaging import BUCKET, PREFIX, Put, ReaderOf


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_CA_BUNDLE", "AWS_PROFILE", "AWS_SESSION_TOKEN", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DISABLE_HOST_PREFIX_INJECTION", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="session")
def made() -> dict[tuple[object, ...], Clients]:
    """Clients of the servers that outlive a test: making them is most of a test's time."""
    return {}


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn(clock=ManualClock(), ids_seed=1) as running:
        yield running


@pytest.fixture
def frozen_time() -> FrozenTime:
    return FrozenTime()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch, made: dict[tuple[object, ...], Clients]) -> Callable[..., Clients]:
    """Clients of an endpoint."""

    def clients(url: str, *, fresh: bool = False, **options: Any) -> Clients:
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        name = (url, *sorted(options.items()))
        if fresh:
            return Clients(**options)
        if name not in made:
            made[name] = Clients(**options)
        return made[name]

    return clients


@pytest.fixture
def reader_of(at: Callable[..., Clients], frozen_time: FrozenTime) -> Callable[..., Reader]:
    """A reader of an endpoint, on the clock that stands still."""

    def reader(url: str, *, attempts: int = 3, **options: Any) -> Reader:
        return Reader(
            at(url, **options),
            reservations=OwnReservations(frozen_time.clock),
            clock=frozen_time.clock,
            attempts=attempts,
        )

    return reader


@pytest.fixture
def calls_of(at: Callable[..., Clients], frozen_time: FrozenTime) -> Callable[..., Calls]:
    """Calls to an endpoint, on the clock that stands still and without jitter."""

    def calls(url: str, *, attempts: int = 3, **options: Any) -> Calls:
        return Calls(
            at(url, **options),
            reservations=OwnReservations(frozen_time.clock),
            clock=frozen_time.clock,
            attempts=attempts,
            jitter=lambda: 1.0,
        )

    return calls


@pytest.fixture
def imaging_reader(moto: str, reader_of: ReaderOf) -> Reader:
    return reader_of(moto)


@pytest.fixture
def put(moto: str) -> Put:
    """Writes an object into an otherwise empty job folder."""
    s3 = boto3.client("s3", endpoint_url=moto, region_name="us-east-1")
    s3.create_bucket(Bucket=BUCKET)
    for listed in s3.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        s3.delete_object(Bucket=BUCKET, Key=listed["Key"])

    def write(name: str, body: bytes | str) -> None:
        s3.put_object(Bucket=BUCKET, Key=PREFIX + name, Body=body)

    return write
