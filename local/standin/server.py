"""The stand-in as a running server."""

import threading
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import boto3
import botocore.session
from botocore.config import Config
from botocore.loaders import Loader

from jobview.catalogue.family import Family
from local.endpoints import endpoint
from local.standin.clock import Clock
from local.standin.faults import Faults
from local.standin.front import FrontServer
from local.standin.objects import S3Writer
from local.standin.plans import Seed, SeededJob
from local.standin.protocol import MODELS
from local.standin.simulation import Plan
from local.standin.state import State
from local.standin.upstream import Upstream

_ACCESS_KEY = "standin"


class StandIn:
    """The local endpoint, serving from `start` (or `with`) until `stop`.

    port
        0 takes a free one.
    upstream
        URL of the emulator for everything that is not played here; without it that is answered 404.
    account
        The home account: whose every request is that is not signed with an assumed role's credentials.
    roles
        ARN of each role that may be assumed, with the external id that it asks for; left out, all may be that the
        upstream lets.
    clock
        What the jobs live by; the machine's clock if left out.
    s3
        boto3 client through which HealthImaging's output files are written; if left out, a client of the
        upstream, and without an upstream none are written.
    search_paths
        Folders of service models that come before the stand-in's own.
    ids_seed
        With it, the same ids every time.
    families
        Families that are played from their declarations; left out, all that neither a service written by hand nor the
        emulator serves.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        upstream: str | None = None,
        account: str = "111122223333",
        roles: Mapping[str, str | None] | None = None,
        clock: Clock | None = None,
        s3: Any = None,
        search_paths: Iterable[Path] = (),
        ids_seed: int | None = None,
        families: Iterable[Family] | None = None,
    ) -> None:
        behind = Upstream(upstream) if upstream else None
        if s3 is None and behind is not None:
            s3 = client_for(behind.url, "s3")
        self.faults = Faults()
        self.state = State(
            account=account,
            roles=roles,
            clock=clock,
            objects=S3Writer(s3) if s3 is not None else None,
            search_paths=search_paths,
            ids_seed=ids_seed,
            families=families,
        )
        self.clock = self.state.clock
        self._host = host
        self._server = FrontServer((host, port), state=self.state, faults=self.faults, upstream=behind)
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """The endpoint URL for boto3."""
        return f"http://{self._host}:{self.port}"

    def start(self) -> Self:
        """Serve, in threads of its own."""
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="standin", daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving, close every connection and give the port back."""
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._thread = None
        self._server.close_connections()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def seed(
        self,
        service: str,
        type: str,  # noqa: A002
        *,
        plan: Plan | None = None,
        **fields: Any,
    ) -> list[SeededJob]:
        """Make jobs; `fields` are those of `Seed`. Raises `ValueError`."""
        return list(self.state.seed(Seed(service=service, type=type, plan=plan or Plan(), **fields)))

    def forget(self, job: SeededJob) -> Callable[[], None]:
        """Know nothing more of a job, as AWS does with old ones; the answer brings it back.

        Raises `KeyError` for one that is not known.
        """
        return self.state.service(job.service, job.region, job.account, kind=job.type).forget(job.parent, job.id)

    def restart(self, job: SeededJob, plan: Plan, *, anew: bool) -> None:
        """Begin a job again under its id: `anew` as another job, else in its place with its old time of creation.

        Raises `KeyError` for one that is not known.
        """
        self.state.service(job.service, job.region, job.account, kind=job.type).restart(
            job.parent, job.id, plan, anew=anew
        )

    def client(self, service: str, *, region: str = "us-east-1", retries: int = 0, **options: Any) -> Any:
        """Return a boto3 client of this endpoint, also for `panorama`; by default it does not retry."""
        return client_for(self.url, service, region=region, retries=retries, **options)


@cache
def _loader() -> Loader:
    """Return the loader of all models, which remembers those that it has read."""
    return Loader(extra_search_paths=[str(MODELS)])


def client_for(url: str, service: str, *, region: str = "us-east-1", retries: int = 0, **options: Any) -> Any:
    """Return a boto3 client of a local endpoint, with made-up credentials and no host prefixes."""
    # Without a profile: nothing of the person's own AWS configuration may count here.
    core = botocore.session.Session(session_vars={"profile": (None, None, None, None)})
    core.register_component("data_loader", _loader())
    session = boto3.Session(
        aws_access_key_id=_ACCESS_KEY,
        aws_secret_access_key=_ACCESS_KEY,
        region_name=region,
        botocore_session=core,
    )
    config = Config(
        inject_host_prefix=False,
        proxies={},
        retries={"total_max_attempts": retries + 1, "mode": "standard"},
        s3={"addressing_style": "path"},
        **options,
    )
    return session.client(service, endpoint_url=endpoint(url, service), config=config)  # type: ignore[call-overload]
