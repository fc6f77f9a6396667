"""The one endpoint: the SigV4 credential scope of a request names its service.

Calls to services played here are answered here. Everything else (other services, unsigned requests, presigned URLs)
goes to the upstream unchanged.
"""

import logging
import socket
import struct
import time
import uuid
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from local.standin.admin import ADMIN, administer
from local.standin.answering import answer, error_of, spoil_body
from local.standin.faults import Fault, Faults, Trouble
from local.standin.signature import Scope, scope_of
from local.standin.sinks import Kept, Straight
from local.standin.state import Call, State, unknown_operation
from local.standin.upstream import (
    Body,
    BrokenAnswerError,
    UnreachableError,
    Upstream,
    operation_of,
    render_error,
)
from local.standin.wire import Request, Response, ServiceError

_log = logging.getLogger(__name__)


class FrontServer(ThreadingHTTPServer):
    """A thread for each connection; `close_connections` ends those that idle clients keep open."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], *, state: State, faults: Faults, upstream: Upstream | None) -> None:
        self.state = state
        self.faults = faults
        self.upstream = upstream
        self._open: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve a connection in a thread of its own."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection that is done."""
        self._open.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        """End every open connection."""
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                _log.debug("a connection was closed already")

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """Log what a connection's thread raised."""
        _log.debug("connection from %s ended", client_address, exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: FrontServer

    def _serve(self) -> None:
        # http.server tidies `self.path` up; the request line has what was sent.
        self.target = self.requestline.split(" ")[1]
        path, query = Request.split_target(self.target)
        headers = list(self.headers.items())
        try:
            body = Body(self.rfile, headers)  # type: ignore[arg-type]
        except ValueError as problem:
            self.close_connection = True
            self._send(Response(status=400, body=str(problem).encode()))
            return
        head = Request(
            method=self.command,
            path=path,
            query=query,
            headers={name.lower(): value for name, value in headers},
        )
        try:
            self._dispatch(head, body)
        except ConnectionError:
            _log.debug("%s %s: the client went away", self.command, path)
            self.close_connection = True
        if not body.ended:
            self.close_connection = True

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = _serve  # noqa: N815

    def _dispatch(self, head: Request, body: Body) -> None:
        server = self.server
        if head.path.startswith(ADMIN):
            upstream = server.upstream.url if server.upstream else None
            self._send(administer(server.state, server.faults, upstream, head.method, head.path, body.read()))
            return
        scope = scope_of(head)
        if scope is not None and server.state.needs_body(scope):
            whole = body.read()
            head, body = replace(head, body=whole), Body.again(whole, chunked=body.chunked)
        call = server.state.recognise(scope, head) if scope else None
        if call is not None:
            self._answer(call, body)
        else:
            self._pass_through(head, body, scope)

    def _answer(self, call: Call, body: Body) -> None:
        whole = replace(call, request=replace(call.request, body=body.read()))
        trouble = self.server.faults.for_request(call.service, call.operation, call.region)
        if self._hang_up(trouble):
            return
        cut = trouble.after is not None and trouble.after.kind == "cut"
        self._send(answer(self.server.state, whole, trouble), cut=cut)

    def _pass_through(self, head: Request, body: Body, scope: Scope | None) -> None:
        name = scope.service if scope else "unsigned"
        trouble = Trouble()
        if scope is not None and self.server.faults.in_force():
            operation = operation_of(name, head)
            trouble = self.server.faults.for_request(name, operation, scope.region)
        if self._hang_up(trouble):
            return
        if trouble.before is not None:
            body.read()
            self._send(render_error(name, error_of(name, trouble.before)))
        elif self.server.upstream is None:
            body.read()
            self._send(render_error(name, unknown_operation(name, head)))
        elif name == "sts":
            self._assume(self.server.upstream, body, trouble.after)
        else:
            self._forward(self.server.upstream, name, body, trouble.after)

    def _assume(self, upstream: Upstream, body: Body, fault: Fault | None) -> None:
        """Pass a call of STS through where the role's trust allows it, and remember whose the credentials are."""
        accounts, asked = self.server.state.accounts, body.read()
        refusal = accounts.refusal(asked)
        if refusal is not None:
            self._send(render_error("sts", refusal))
            return
        kept = Kept()
        try:
            again = Body.again(asked, chunked=body.chunked)
            upstream.forward(self.command, self.target, self.headers.items(), again, kept)
        except (UnreachableError, BrokenAnswerError) as problem:
            _log.warning("%s %s: upstream %s: %s", self.command, self.target, upstream.url, problem)
            self._send(render_error("sts", ServiceError("BadGateway", f"upstream: {problem}", status=502)))
            return
        response = kept.response()
        accounts.note(asked, response.body)
        self._send(
            response if fault is None else spoil_body(response, fault), cut=fault is not None and fault.kind == "cut"
        )

    def _forward(self, upstream: Upstream, service: str, body: Body, fault: Fault | None) -> None:
        straight, kept = Straight(self), Kept()
        try:
            sink = straight if fault is None else kept
            upstream.forward(self.command, self.target, self.headers.items(), body, sink)
        except UnreachableError as problem:
            _log.warning("%s %s: upstream %s: %s", self.command, self.target, upstream.url, problem)
            self.close_connection = True
            self._send(render_error(service, ServiceError("BadGateway", f"upstream: {problem}", status=502)))
        except BrokenAnswerError as problem:
            # Half an answer is out: only the end of the connection can still say so.
            _log.warning("%s %s: upstream %s: %s", self.command, self.target, upstream.url, problem)
            self.close_connection = True
        else:
            if fault is None:
                straight.end()
            else:
                self._send(spoil_body(kept.response(), fault), cut=fault.kind == "cut")

    def _hang_up(self, trouble: Trouble) -> bool:
        """Wait as long as the trouble says; close the connection if it says so."""
        if trouble.seconds:
            time.sleep(trouble.seconds)
        if trouble.waits_for:
            self.server.faults.wait_for_removal(trouble.waits_for)
        if trouble.fault is None or trouble.fault.kind not in ("drop", "reset"):
            return False
        self.close_connection = True
        if trouble.fault.kind == "reset":
            # Closing with no time to linger sends RST in place of FIN.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.rfile.close()
            self.wfile.close()
            self.connection.close()
        return True

    def _send(self, response: Response, *, cut: bool = False) -> None:
        self.send_response_only(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("x-amzn-RequestId", str(uuid.uuid4()))
        self.send_header("Content-Length", str(len(response.body)))
        if cut or self.close_connection:
            self.close_connection = True
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body[: len(response.body) // 2] if cut else response.body)

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002 - the base class names it
        """One line a request, for debugging."""
        _log.debug(format, *arguments)
