"""What goes over the wire, freed from any HTTP server: a request, an answer, and an error of a service."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl


@dataclass(frozen=True, kw_only=True)
class Request:
    """One HTTP request, read whole.

    `path` is still percent-encoded and has no query. Header names are lower case.
    """

    method: str
    path: str
    query: Sequence[tuple[str, str]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @staticmethod
    def split_target(target: str) -> tuple[str, Sequence[tuple[str, str]]]:
        """Path and decoded query pairs of a request target such as `/datastore?maxResults=5`."""
        path, _, query = target.partition("?")
        return path, parse_qsl(query, keep_blank_values=True)


@dataclass(frozen=True, kw_only=True)
class Response:
    """One HTTP answer. `Content-Length` is added by the server."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class ServiceError(Exception):
    """An error that a service answers with, named as in its model.

    `status` is the HTTP status for a code that the model does not know; a modelled code brings its own.
    `fields` are further members of the error's shape.
    """

    def __init__(
        self, code: str, message: str, *, status: int | None = None, fields: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.fields = dict(fields or {})
