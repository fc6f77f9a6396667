"""API Gateway for tests: requests become events of payload 2.0, answers become what a client sees.

The events are those that an HTTP API sends: ``rawPath`` and ``pathParameters`` decoded once, the route named in
``routeKey``. The route is chosen before anything is decoded, and extra slashes at the beginning do not count. What no
route matches has ``$default`` as its key, as if the API had such a route; ours has none and answers 404 by itself.
"""

import base64
import gzip
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

from handlers.api.routes import CONTRACT
from jobview.http.gateway import Handler

ROUTES: Sequence[str] = tuple(f"GET {path}" for path in json.loads(CONTRACT.read_text())["paths"])


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a client gets."""

    status: int
    headers: Mapping[str, str]
    """With lower-case names."""
    body: bytes

    @property
    def json(self) -> Any:
        """The body's JSON, unpacked where it is packed."""
        packed = self.headers.get("content-encoding") == "gzip"
        return json.loads(gzip.decompress(self.body) if packed else self.body)


class Context:
    """What the handlers use of Lambda's context."""

    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = "test"

    def __init__(self, seconds: float = 29.0) -> None:
        self._seconds = seconds

    def get_remaining_time_in_millis(self) -> int:
        return int(self._seconds * 1000)


def routed(path: str, method: str, routes: Sequence[str]) -> tuple[str, dict[str, str]]:
    """The key of the route that a request takes, and its path parameters."""
    for key in routes:
        own, _, template = key.partition(" ")
        found = re.fullmatch(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template)), "/" + path.lstrip("/"))
        if own == method and found:
            return key, {name: unquote(value) for name, value in found.groupdict().items()}
    return "$default", {}


def event(
    target: str,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    *,
    routes: Sequence[str] = ROUTES,
    stage: str = "$default",
) -> dict[str, Any]:
    """The event that an HTTP API makes of a request."""
    path, _, query = target.partition("?")
    key, values = routed(path, method, routes)
    raw_path = unquote(path) if stage == "$default" else f"/{stage}{unquote(path)}"
    parameters: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        parameters[name] = f"{parameters[name]},{value}" if name in parameters else value
    made: dict[str, Any] = {
        "version": "2.0",
        "routeKey": key,
        "rawPath": raw_path,
        "rawQueryString": query,
        "headers": {name.lower(): value for name, value in (headers or {}).items()},
        "requestContext": {
            "requestId": "request-1",
            "routeKey": key,
            "stage": stage,
            "http": {"method": method, "path": raw_path},
        },
        "isBase64Encoded": False,
    }
    if values:
        made["pathParameters"] = values
    if parameters:
        made["queryStringParameters"] = parameters
    return made


class Client:
    """Calls a handler as a client of the API would."""

    def __init__(self, handler: Handler, *, seconds: float = 29.0, routes: Sequence[str] = ROUTES) -> None:
        self._handler = handler
        self._context = Context(seconds)
        self._routes = routes

    def get(self, target: str, method: str = "GET", **headers: str) -> Reply:
        """Send a request; ``accept_encoding="gzip"`` becomes a header."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.send(event(target, method, named, routes=self._routes))

    def send(self, made: dict[str, Any]) -> Reply:
        """Hand an event to the handler."""
        answer = self._handler(made, self._context)
        body = answer.get("body") or ""
        return Reply(
            status=answer["statusCode"],
            headers={name.lower(): value for name, value in answer["headers"].items()},
            body=base64.b64decode(body) if answer["isBase64Encoded"] else body.encode(),
        )
