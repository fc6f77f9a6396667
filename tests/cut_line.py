"""The line from one execution of a function to DynamoDB, SQS and EventBridge: counted, throttled, cut off for good."""

import io
import json
import threading
from collections.abc import Callable, Mapping
from typing import Any

import boto3
import botocore.session
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.httpsession import URLLib3Session
from botocore.loaders import Loader

from jobview.aws.clock import Clock
from jobview.bootstrap import Application, build_application

LINES = ("dynamodb", "sqs", "events")
_LOADER = Loader()


class KilledError(BaseException):
    """The process is gone: no ``except Exception`` sees it, and nothing that it still tries reaches AWS."""


class Line:
    """What one execution sends. It may be cut before or behind its ``at``-th request: then the process is gone."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        """Service and operation of each request, in order."""
        self.dead = False
        self._at: int | None = None
        self._behind = False
        self._throttled: range = range(0)
        self._lock = threading.Lock()
        self._http = URLLib3Session()

    def whole(self) -> None:
        """Count from nothing, and let everything pass."""
        with self._lock:
            self.sent, self.dead, self._at, self._throttled = [], False, None, range(0)

    def cut(self, at: int, *, behind: bool) -> None:
        """Kill the process at its ``at``-th request from now on, before it is carried out or ``behind`` that."""
        self.whole()
        self._at, self._behind = at, behind

    def throttle(self, requests: range) -> None:
        """DynamoDB refuses those of its requests from now on; each repetition counts as another one."""
        self.whole()
        self._throttled = requests

    def session(self) -> boto3.Session:
        """A session all of whose requests to DynamoDB, SQS and EventBridge go over this line."""
        core = botocore.session.get_session()
        core.register_component("data_loader", _LOADER)
        passing: Any = self._pass  # botocore takes an answer from it; the stubs know none
        for service in LINES:
            core.register(f"before-send.{service}", passing)
        return boto3.Session(botocore_session=core)

    def build_application(self, settings: Mapping[str, str], clock: Clock) -> Application:
        """The parts of a function, as it puts them together itself, with their store behind this line."""
        before, boto3.DEFAULT_SESSION = boto3.DEFAULT_SESSION, self.session()
        try:
            return build_application(settings, clock=clock)
        finally:
            boto3.DEFAULT_SESSION = before

    def _pass(self, request: AWSPreparedRequest, event_name: str, **_: object) -> AWSResponse | None:
        name = event_name.removeprefix("before-send.")
        with self._lock:
            if self.dead:
                raise KilledError(f"{name} of a process that is gone")
            self.sent.append(name)
            last = len(self.sent) == self._at
            self.dead = last
            throttled = name.startswith("dynamodb") and len(self.sent) in self._throttled
        if throttled:
            return _throttled(request)
        if last:
            if self._behind:
                self._http.send(request)
            raise KilledError(f"at {name}, request {self._at}")
        return None


def killed(work: Callable[[], object]) -> bool:
    """True where the process was killed at its work."""
    try:
        work()
    except KilledError:
        return True
    return False


def _throttled(request: AWSPreparedRequest) -> AWSResponse:
    body = {"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException", "message": "Rate exceeded"}
    return AWSResponse(request.url, 400, HTTPHeaders(), _Raw(json.dumps(body)))


class _Raw(io.BytesIO):
    """A body as urllib3 hands it over."""

    def __init__(self, text: str) -> None:
        super().__init__(text.encode())

    def stream(self, *_: object, **__: object) -> list[bytes]:
        return [self.read()]
