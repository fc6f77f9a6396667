"""boto3 clients for reading: one session, lazy clients, bounded waiting, answers checked for being JSON at all."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import UnknownRegionError

from jobview.catalogue import SERVICE_MODELS
from jobview.catalogue.declaration import Family
from jobview.collect import timestamps
from jobview.collect.errors import ErrorKind, failure

_JSON = frozenset({"json", "rest-json"})


class Clients:
    """Clients of one boto3 session, made when first used; safe for many threads.

    Credentials come from boto3's ordinary chain. Nothing is retried here: ``calls.Calls`` does that by error code.

    Parameters
    ----------
    connect_timeout, read_timeout
        Seconds; the reading one is cut to what ``bounded`` leaves.
    connections
        Connections kept open for each client.
    """

    def __init__(self, *, connect_timeout: float = 2.0, read_timeout: float = 10.0, connections: int = 64) -> None:
        core = botocore.session.get_session()
        core.get_component("data_loader").search_paths.append(str(SERVICE_MODELS))
        core.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=timestamps.parse)
        core.register("before-call", self._cut_read_timeout)
        core.register("after-call", _check_json)
        self.read_timeout = read_timeout
        self._core = core
        self._session = boto3.Session(botocore_session=core)
        self._config = Config(
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
            max_pool_connections=connections,
            retries={"mode": "standard", "total_max_attempts": 1},
            user_agent_extra="jobview/0.1",
        )
        self._lock = threading.Lock()
        self._clients: dict[tuple[str, str], Any] = {}
        self._left = threading.local()

    def client(self, service: str, region: str) -> Any:
        """The client of a service in a region.

        Raises
        ------
        botocore.exceptions.BotoCoreError
            The service or the region is not known.
        """
        name = (service, region)
        with self._lock:  # creating clients is not thread-safe in boto3
            if name not in self._clients:
                make: Any = self._session.client  # types-boto3 knows service names only as literals
                self._clients[name] = make(service, region_name=region, config=self._config)
            return self._clients[name]

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

    def paginator(self, service: str, operation: str) -> Mapping[str, Any] | None:
        """How botocore declares an operation to be paged; ``None`` where it does not."""
        try:
            declared: Mapping[str, Any] = self._core.get_paginator_model(service).get_paginator(operation)
        except (ValueError, botocore.exceptions.DataNotFoundError):
            return None
        return declared

    @contextmanager
    def bounded(self, seconds: float) -> Iterator[None]:
        """Within it, this thread's calls wait at most ``seconds`` for an answer."""
        self._left.seconds = seconds
        try:
            yield
        finally:
            self._left.seconds = None

    def _cut_read_timeout(self, **event: Any) -> None:
        seconds: float | None = getattr(self._left, "seconds", None)
        if seconds is not None and seconds < self.read_timeout:
            event["context"]["read_timeout"] = seconds


def _check_json(**event: Any) -> None:
    """Refuse an answer that is no JSON object: botocore's parsers take it for an empty one.

    Where the parser found a member, the answer was parsed, so that only the small ones are looked at again.
    """
    model, http_response, parsed = event["model"], event["http_response"], event["parsed"]
    shape = model.output_shape
    if http_response.status_code >= 300 or shape is None or "payload" in shape.serialization:
        return
    if model.service_model.resolved_protocol not in _JSON:
        return
    body = [name for name, member in shape.members.items() if "location" not in member.serialization]
    # For a body that is no JSON the parser makes up one with the member ``message``.
    if not body or any(name in parsed for name in body if name.lower() != "message"):
        return
    try:
        answer = json.loads(http_response.content)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise failure(
            ErrorKind.MALFORMED, "MalformedAnswer", "the answer has status 200 and is no JSON object", model.name
        )
