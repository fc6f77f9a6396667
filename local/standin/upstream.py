"""Passes requests through, unchanged, to the emulator behind the endpoint; and tells what they were for."""

import http.client
import io
import logging
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import cache
from itertools import chain
from typing import BinaryIO, Protocol
from urllib.parse import urlsplit

from botocore.exceptions import UnknownServiceError
from botocore.loaders import Loader
from botocore.model import ServiceModel

from local.standin import xml
from local.standin.protocol import ServiceProtocol
from local.standin.wire import Request, Response, ServiceError

_log = logging.getLogger(__name__)

HOP_BY_HOP = frozenset(
    {
        "connection",
        "expect",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_CHUNK = 64 * 1024
# Longer than the longest Lambda invocation.
_TIMEOUT_SECONDS = 910.0


class Sink(Protocol):
    """Takes an upstream answer as it comes."""

    def head(self, status: int, reason: str, headers: list[tuple[str, str]]) -> None:
        """Return the status line and the end-to-end headers; called once, first."""
        ...

    def data(self, piece: bytes) -> None:
        """Return a piece of the body."""
        ...


class UnreachableError(Exception):
    """The upstream could not be connected to, or went away before it answered."""


class BrokenAnswerError(Exception):
    """The upstream stopped in the middle of its answer."""


class Upstream:
    """The emulator at `url` (`http://host:port`)."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "http" or parts.hostname is None:
            raise ValueError(f"upstream: {url} is not an http URL")
        self.url = url.rstrip("/")
        self._host = parts.hostname
        self._port = parts.port or 80

    def forward(self, method: str, target: str, headers: Iterable[tuple[str, str]], body: "Body", sink: Sink) -> None:
        """Send a request on and stream the answer into `sink`.

        Raises `UnreachableError` before the answer's head and `BrokenAnswerError` after it; what the client
        breaks off comes as `ConnectionError`.
        """
        connection = http.client.HTTPConnection(self._host, self._port, timeout=_TIMEOUT_SECONDS)
        with closing(connection):
            try:
                connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
                for name, value in headers:
                    if name.lower() not in HOP_BY_HOP:
                        connection.putheader(name, value)
                if body.chunked:
                    connection.putheader("Transfer-Encoding", "chunked")
                connection.putheader("Connection", "close")
                connection.endheaders()
            except OSError as problem:
                raise UnreachableError(str(problem)) from problem
            _send_body(connection, body)
            try:
                answer = connection.getresponse()
            except (OSError, http.client.HTTPException) as problem:
                raise UnreachableError(str(problem) or type(problem).__name__) from problem
            kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in HOP_BY_HOP]
            sink.head(answer.status, answer.reason, kept)
            while piece := _read(answer):
                sink.data(piece)
            if answer.length:
                raise BrokenAnswerError(f"{answer.length} bytes are missing")


def _send_body(connection: http.client.HTTPConnection, body: "Body") -> None:
    pieces = (b"%x\r\n%s\r\n" % (len(piece), piece) if body.chunked else piece for piece in body.pieces())
    for piece in chain(pieces, [b"0\r\n\r\n"] if body.chunked else []):
        try:
            connection.send(piece)
        except OSError:
            # An upstream that refuses a body early closes its end; its answer is there all the same.
            return


def _read(answer: http.client.HTTPResponse) -> bytes:
    try:
        return answer.read1(_CHUNK)
    except (OSError, http.client.HTTPException) as problem:
        raise BrokenAnswerError(str(problem) or type(problem).__name__) from problem


class Body:
    """The body of a request as it arrives: of a known length, chunked, or none.

    Raises `ValueError` for a length that is no number.
    """

    def __init__(self, stream: BinaryIO, headers: Iterable[tuple[str, str]]) -> None:
        lower = {name.lower(): value for name, value in headers}
        self._stream = stream
        self.chunked = "chunked" in lower.get("transfer-encoding", "").lower()
        self._left = 0 if self.chunked else int(lower.get("content-length", "0"))
        if self._left < 0:
            raise ValueError("negative Content-Length")
        self._ended = not self.chunked and self._left == 0

    @staticmethod
    def again(whole: bytes, *, chunked: bool) -> "Body":
        """Return a body that was read, to be read once more; it is sent on as it came, chunked or not."""
        body = Body(io.BytesIO(whole), [("Content-Length", str(len(whole)))])
        body.chunked = chunked
        return body

    def pieces(self) -> Iterator[bytes]:
        """Return the body, piece by piece, until it ends. Raises `ConnectionError` if it ends too early."""
        if self.chunked and not self._left:
            yield from self._chunks()
            return
        while self._left:
            piece = self._stream.read(min(_CHUNK, self._left))
            if not piece:
                raise ConnectionError("the request's body ended early")
            self._left -= len(piece)
            yield piece
        self._ended = True

    def _chunks(self) -> Iterator[bytes]:
        while not self._ended:
            size = int(self._stream.readline(1024).split(b";")[0].strip() or b"0", 16)
            if size == 0:
                while self._stream.readline(1024).strip():
                    pass
                self._ended = True
                return
            piece = self._stream.read(size)
            if len(piece) < size:
                raise ConnectionError("the request's body ended early")
            self._stream.readline(8)
            yield piece

    def read(self) -> bytes:
        """Return what is left of the body."""
        return b"".join(self.pieces())

    @property
    def ended(self) -> bool:
        """Whether all of it has been read, so that the connection can carry another request."""
        return self._ended


@cache
def _protocol(service: str) -> ServiceProtocol | None:
    try:
        return ServiceProtocol(ServiceModel(Loader().load_service_model(service, "service-2"), service))
    except UnknownServiceError:
        return None


def operation_of(service: str, request: Request) -> str | None:
    """Return the operation that a request to a service behind the endpoint is for, as far as its head tells.

    Known for JSON services (by `X-Amz-Target`), REST services (by path) and the plain object calls of S3.
    """
    target = request.headers.get("x-amz-target")
    if target is not None:
        return target.rpartition(".")[2]
    if service == "s3":
        return _s3_operation(request)
    protocol = _protocol(service)
    found = None if protocol is None else protocol.match(request)
    return None if found is None else found[0]


def _s3_operation(request: Request) -> str | None:
    has_key = "/" in request.path.strip("/")
    listing = any(key == "list-type" for key, _ in request.query)
    if not has_key:
        return "ListObjectsV2" if listing and request.method == "GET" else None
    return {
        "GET": "GetObject",
        "HEAD": "HeadObject",
        "PUT": "PutObject",
        "DELETE": "DeleteObject",
    }.get(request.method)


def render_error(service: str, error: ServiceError) -> Response:
    """Return an error in the protocol of a service behind the endpoint."""
    protocol = _protocol(service)
    if protocol is not None:
        return protocol.error(error)
    body = xml.error("query", error.code, error.message)
    return Response(status=error.status or 400, headers={"Content-Type": "text/xml"}, body=body)
