"""boto3 clients for reading: one session for each account, clients made on first use, time limits, checked answers."""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import UnknownRegionError

from jobview.aws import timestamps
from jobview.aws.answers import check
from jobview.aws.clock import SYSTEM, Clock
from jobview.aws.parsers import ParserFactory
from jobview.aws.sessions import RoleCredentials
from jobview.catalogue import SERVICE_MODELS
from jobview.catalogue.family import Family
from jobview.model import Target
from jobview.model.role import Role

MOST_CLIENTS = 500
"""The largest number of cached clients. One takes about 0.4 MB, and a hundred accounts in ten regions have 9,000."""
CONNECTIONS = 64
"""The number of connections that each client keeps open: no function reads with more threads."""


class Clients:
    """Makes clients on first use, with one boto3 session for each account; safe for many threads.

    Credentials come from boto3's default chain, or from the assumed role in accounts that have one. The clients do not
    retry: ``calls.Calls`` does that by error code.

    Parameters
    ----------
    roles
        The role to assume in each account that has one.
    clock
        Time, injected; it decides when an assumed role's credentials expire.
    connect_timeout, read_timeout
        Seconds. ``bounded`` shortens the read timeout.
    most
        The largest number of cached clients; the least recently used are dropped.
    """

    def __init__(
        self,
        *,
        roles: Mapping[str, Role] = MappingProxyType({}),
        clock: Clock = SYSTEM,
        connect_timeout: float = 2.0,
        read_timeout: float = 10.0,
        most: int = MOST_CLIENTS,
    ) -> None:
        self.read_timeout = read_timeout
        self._most = most
        self._roles = roles
        self._clock = clock
        self._config = Config(
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
            max_pool_connections=CONNECTIONS,
            retries={"mode": "standard", "total_max_attempts": 1},
            user_agent_extra="jobview/0.1",
        )
        self._lock = threading.RLock()
        self._clients: OrderedDict[tuple[Role | None, str, str], Any] = OrderedDict()
        self._sts_client: Any = None
        self._left = threading.local()
        self._core = self._make_core()
        self._sessions: dict[Role | None, Any] = {None: boto3.Session(botocore_session=self._core)}
        self._credentials: dict[Role, RoleCredentials] = {}

    def client(self, service: str, target: Target) -> Any:
        """The client of a service in a target.

        Raises
        ------
        botocore.exceptions.BotoCoreError
            The service or the region is unknown.
        """
        role = self._roles.get(target.account)
        name = (role, service, target.region)
        with self._lock:  # creating clients is not thread-safe in boto3
            if name not in self._clients:
                make: Any = self._session(role).client  # types-boto3 knows service names only as literals
                self._clients[name] = make(service, region_name=target.region, config=self._config)
                if len(self._clients) > self._most:
                    self._clients.popitem(last=False)  # a thread that is using it can finish
            self._clients.move_to_end(name)
            return self._clients[name]

    def ready(self, service: str, target: Target) -> Any:
        """The client with fresh credentials, so that its next call begins at once.

        Raises
        ------
        botocore.exceptions.BotoCoreError
            See ``client``.
        ReadFailure
            The target's role cannot be assumed.
        """
        client = self.client(service, target)
        role = self._roles.get(target.account)
        if role is not None:
            self._credentials[role].get_frozen_credentials()
        return client

    def supported(self, family: Family, region: str) -> bool:
        """False where the region is known to lack the service; true otherwise."""
        if family.global_regions:
            return region in family.global_regions.values()
        if family.regions is not None:
            return region in family.regions
        try:
            partition = self._core.get_partition_for_region(region)
        except UnknownRegionError:
            return True
        known = self._core.get_available_regions(family.service, partition_name=partition)
        return not known or region in known

    @contextmanager
    def bounded(self, seconds: float) -> Iterator[None]:
        """A context in which this thread's calls wait at most ``seconds`` for an answer."""
        self._left.seconds = seconds
        try:
            yield
        finally:
            self._left.seconds = None

    def _session(self, role: Role | None) -> Any:
        if role is not None and role not in self._sessions:
            credentials = RoleCredentials(role, self._sts, clock=self._clock, seconds_left=self._seconds_left)
            core = self._make_core()
            # All sessions share one loader, which reads each model once.
            core.register_component("data_loader", self._core.get_component("data_loader"))
            core.register_component("credential_provider", _Provider(credentials))
            self._sessions[role] = boto3.Session(botocore_session=core)
            self._credentials[role] = credentials
        return self._sessions[role]

    def _make_core(self) -> Any:
        core = botocore.session.get_session()
        core.get_component("data_loader").search_paths.append(str(SERVICE_MODELS))
        factory = ParserFactory()
        factory.set_parser_defaults(timestamp_parser=timestamps.parse)
        core.register_component("response_parser_factory", factory)
        core.register("before-call", self._cut_read_timeout)
        core.register("after-call", check)
        # Regions that an account has to enable refuse tokens of the global endpoint.
        core.set_config_variable("sts_regional_endpoints", "regional")
        return core

    def _sts(self) -> Any:
        """The client that assumes roles, in the function's own region and with its own credentials."""
        with self._lock:
            if self._sts_client is None:
                self._sts_client = self._sessions[None].client("sts", config=self._config)
            return self._sts_client

    def _seconds_left(self) -> float | None:
        seconds: float | None = getattr(self._left, "seconds", None)
        return seconds

    def _cut_read_timeout(self, **event: Any) -> None:
        seconds = self._seconds_left()
        if seconds is not None and seconds < self.read_timeout:
            event["context"]["read_timeout"] = seconds


@dataclass(frozen=True)
class _Provider:
    """A session's credential chain with a single provider."""

    credentials: RoleCredentials

    def load_credentials(self) -> RoleCredentials:
        return self.credentials
