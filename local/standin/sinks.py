"""Where the upstream's answer goes: straight to the client, or into memory to be spoiled first."""

from http.server import BaseHTTPRequestHandler

from local.standin.wire import Response


class Straight:
    """Writes an answer to the client as it comes, chunked where its length is not known."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        self._handler = handler
        self._chunked = False
        self._silent = False

    def head(self, status: int, reason: str, headers: list[tuple[str, str]]) -> None:
        """Write the status line and the headers."""
        handler = self._handler
        self._silent = handler.command == "HEAD" or status in (204, 304)
        known = any(name.lower() == "content-length" for name, _ in headers)
        handler.send_response_only(status, reason)
        for name, value in headers:
            handler.send_header(name, value)
        if not known and not self._silent:
            if handler.request_version == "HTTP/1.1":
                self._chunked = True
                handler.send_header("Transfer-Encoding", "chunked")
            else:
                handler.close_connection = True
        if handler.close_connection:
            handler.send_header("Connection", "close")
        handler.end_headers()

    def data(self, piece: bytes) -> None:
        """Write a piece of the body."""
        if not self._silent:
            self._handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if self._chunked else piece)

    def end(self) -> None:
        """Say that the body is over, if its length did not."""
        if self._chunked:
            self._handler.wfile.write(b"0\r\n\r\n")


class Kept:
    """Keeps an answer whole."""

    def __init__(self) -> None:
        self._status = 0
        self._headers: dict[str, str] = {}
        self._body = bytearray()

    def head(self, status: int, _reason: str, headers: list[tuple[str, str]]) -> None:
        """Keep status and headers; of the length the server takes care."""
        self._status = status
        self._headers = {name: value for name, value in headers if name.lower() != "content-length"}

    def data(self, piece: bytes) -> None:
        """Keep a piece of the body."""
        self._body += piece

    def response(self) -> Response:
        """Return what was kept."""
        return Response(status=self._status, headers=self._headers, body=bytes(self._body))
