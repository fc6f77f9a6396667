"""API Gateway for tests: requests become events of payload 2.0, answers become what a client sees."""

import base64
import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

from jobview.gateway import Handler


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


def event(target: str, method: str = "GET", headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The event that an HTTP API makes of a request."""
    path, _, query = target.partition("?")
    parameters: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        parameters[name] = f"{parameters[name]},{value}" if name in parameters else value
    made: dict[str, Any] = {
        "version": "2.0",
        "routeKey": f"{method} /route",
        "rawPath": unquote(path),
        "rawQueryString": query,
        "headers": {name.lower(): value for name, value in (headers or {}).items()},
        "requestContext": {
            "requestId": "request-1",
            "stage": "$default",
            "http": {"method": method, "path": unquote(path)},
        },
        "isBase64Encoded": False,
    }
    if parameters:
        made["queryStringParameters"] = parameters
    return made


class Client:
    """Calls a handler as a client of the API would."""

    def __init__(self, handler: Handler, *, seconds: float = 29.0) -> None:
        self._handler = handler
        self._context = Context(seconds)

    def get(self, target: str, method: str = "GET", **headers: str) -> Reply:
        """Send a request; ``accept_encoding="gzip"`` becomes a header."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self._handler(event(target, method, named), self._context)
        body = answer.get("body") or ""
        return Reply(
            status=answer["statusCode"],
            headers={name.lower(): value for name, value in answer["headers"].items()},
            body=base64.b64decode(body) if answer["isBase64Encoded"] else body.encode(),
        )
