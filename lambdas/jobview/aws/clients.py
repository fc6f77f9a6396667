"""boto3 clients for reading: a session an account, lazy clients, bounded waiting, answers checked for being answers."""

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
"""As many are kept as memory allows: one takes about 0.4 MB, and a hundred accounts in ten regions have 9,000."""
CONNECTIONS = 64
"""As many are kept open for each client: no function reads with more threads."""


class Clients:
    """Clients of one boto3 session for each account, made when first used; safe for many threads.

    Credentials come from boto3's ordinary chain, in accounts with a role from assuming it. Nothing is retried here:
    ``calls.Calls`` does that by error code.

    Parameters
    ----------
    roles
        The role to assume in each account that has one.
    clock
        Time, injected: when an assumed role's credentials expire.
    connect_timeout, read_timeout
        Seconds; the reading one is cut to what ``bounded`` leaves.
    kept
        Clients that are kept, those used last.
    """

    def __init__(
        self,
        *,
        roles: Mapping[str, Role] = MappingProxyType({}),
        clock: Clock = SYSTEM,
        connect_timeout: float = 2.0,
        read_timeout: float = 10.0,
        kept: int = MOST_CLIENTS,
    ) -> None:
        self.read_timeout = read_timeout
        self._kept = kept
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
            The service or the region is not known.
        """
        role = self._roles.get(target.account)
        name = (role, service, target.region)
        with self._lock:  # creating clients is not thread-safe in boto3
            if name not in self._clients:
                make: Any = self._session(role).client  # types-boto3 knows service names only as literals
                self._clients[name] = make(service, region_name=target.region, config=self._config)
                if len(self._clients) > self._kept:
                    self._clients.popitem(last=False)  # whoever is using it keeps it as long
            self._clients.move_to_end(name)
            return self._clients[name]

    def ready(self, service: str, target: Target) -> Any:
        """The client, with credentials that are good for a while, so that its next call begins at once.

        Raises
        ------
        botocore.exceptions.BotoCoreError
            As ``client``.
        ReadFailure
            The target's role cannot be assumed.
        """
        client = self.client(service, target)
        role = self._roles.get(target.account)
        if role is not None:
            self._credentials[role].get_frozen_credentials()
        return client

    def supported(self, family: Family, region: str) -> bool:
        """False where the region is known not to have the service; true where nothing is known."""
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
        """Within it, this thread's calls wait at most ``seconds`` for an answer."""
        self._left.seconds = seconds
        try:
            yield
        finally:
            self._left.seconds = None

    def _session(self, role: Role | None) -> Any:
        if role is not None and role not in self._sessions:
            credentials = RoleCredentials(role, self._sts, clock=self._clock, seconds_left=self._seconds_left)
            core = self._make_core()
            # Models are read once for all sessions.
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
        # The global endpoint's tokens are refused in regions that an account has to enable.
        core.set_config_variable("sts_regional_endpoints", "regional")
        return core

    def _sts(self) -> Any:
        """The client that assumes roles: in the region that the function runs in, as itself."""
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
    """A session's chain of credentials that has but one link."""

    credentials: RoleCredentials

    def load_credentials(self) -> RoleCredentials:
        return self.credentials
