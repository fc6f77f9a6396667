"""Both API functions as one WSGI application, and how schemathesis is to draw requests for them."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tests.api_gateway import Client

Environ = Mapping[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], object]

_TOKEN = re.compile(r"[A-Za-z0-9_\-]{1,4096}")
_ACCOUNT = re.compile(r"[0-9]{12}")
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}")


def application(api: Client, image_sets: Client) -> Callable[[Environ, StartResponse], Iterable[bytes]]:
    """A WSGI application over the two handlers, as API Gateway's routes divide them."""

    def serve(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("REQUEST_URI") or environ["PATH_INFO"]
        target = path.partition("?")[0] + (f"?{environ['QUERY_STRING']}" if environ.get("QUERY_STRING") else "")
        headers = {
            name.removeprefix("HTTP_").lower(): value for name, value in environ.items() if name.startswith("HTTP_")
        }
        headers.pop("accept_encoding", None)  # the test client unpacks nothing
        client = image_sets if path.startswith("/v1/image-sets/") else api
        reply = client.get(target, environ["REQUEST_METHOD"], **headers)
        start_response(f"{reply.status} Status", list(reply.headers.items()))
        return [reply.body]

    return serve


def to_what_there_is(query: Mapping[str, Any], *, account: str, region: str) -> dict[str, Any]:
    """A drawn query with values that the contract cannot narrow down to what this deployment takes.

    A token is only right where an answer gave it, and accounts and regions are those that are monitored. Values that
    break the contract stay as they were drawn.
    """
    kept = dict(query)
    if _fits(kept.get("nextToken"), _TOKEN):
        del kept["nextToken"]
    for name, pattern, there in (("account", _ACCOUNT, account), ("region", _REGION, region)):
        values = kept.get(name)
        if isinstance(values, list) and values and all(_fits(value, pattern) for value in values):
            kept[name] = [there]
    return kept


def _fits(value: object, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None
