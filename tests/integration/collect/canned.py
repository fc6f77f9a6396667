"""A server with answers from the test, and a clock that does not move."""

import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import botocore.session

from jobview.aws.clock import Clock


class FrozenTime:
    """A clock that stands still but for sleeping, so that pauses and deadlines cost no time."""

    def __init__(self) -> None:
        self.at = 0.0
        self.slept: list[float] = []
        self.begun = datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += seconds

    @property
    def clock(self) -> Clock:
        return Clock(monotonic=lambda: self.at, sleep=self.sleep, now=lambda: self.begun + timedelta(seconds=self.at))


@dataclass
class Asked:
    """A request as it came over the wire."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Told:
    """An answer as it goes over the wire."""

    body: bytes | str = b"{}"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    claims: int | None = None
    """Content-Length, where it is not the body's own."""
    stall: float = 0.0
    """Seconds that the connection stays open, and silent, after the body."""


class Canned:
    """Answers every request with what ``answer`` makes of it."""

    def __init__(self) -> None:
        self.answer: Callable[[Asked], Told] = lambda _: Told()
        self.asked: list[Asked] = []
        self.over = threading.Event()
        canned = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                asked = Asked(self.command, self.path, dict(self.headers), self.rfile.read(length))
                canned.asked.append(asked)
                told = canned.answer(asked)
                body = told.body.encode() if isinstance(told.body, str) else told.body
                self.send_response(told.status)
                for name, value in told.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body) if told.claims is None else told.claims))
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(body)
                self.wfile.flush()
                canned.over.wait(told.stall)

            do_GET = do_POST = do_PUT = handle_any  # noqa: N815 - the names that the base class looks for

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def forget(self) -> None:
        """Before the next test."""
        self.answer = lambda _: Told()
        self.asked.clear()

    def stop(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Operations:
    """An AWS service of which a test says what each operation answers.

    An answer with ``only for jobStatus`` goes to requests with that status or none; for another the list is empty.
    ``{"error": code, "message": text}`` is an error.
    """

    def __init__(self, name: str, canned: Canned) -> None:
        self._model = botocore.session.get_session().get_service_model(name)
        self.variable = f"AWS_ENDPOINT_URL_{str(self._model.service_id).upper().replace(' ', '_')}"
        """The variable that leads boto3 to it."""
        self.answers: dict[str, Any] = {}
        canned.answer = self._answer

    def _answer(self, asked: Asked) -> Told:
        operation = self._operation(asked)
        answer = dict(self.answers.get(operation, {}))
        only = answer.pop("only for jobStatus", None)
        inputs = json.loads(asked.body or b"{}")
        if only is not None and inputs.get("jobStatus") not in (None, only):
            answer = {"jobSummaryList": []}
        if "error" in answer:
            body = {"__type": answer["error"], "message": answer["message"]}
            return Told(json.dumps(body), status=400, headers={"x-amzn-ErrorType": answer["error"]})
        return Told(json.dumps(answer))

    def _operation(self, asked: Asked) -> str:
        target = asked.headers.get("X-Amz-Target")
        if target is not None:
            return target.rpartition(".")[2]
        for name in self._model.operation_names:
            http = self._model.operation_model(name).http
            path = re.sub(r"\{[^}]+\}", "[^/]+", http["requestUri"].partition("?")[0])
            if http["method"] == asked.method and re.fullmatch(path, asked.path.partition("?")[0]):
                return name
        raise AssertionError(f"{asked.method} {asked.path} is no operation")
