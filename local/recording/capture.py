"""Records AWS's answers while the product reads."""

import threading
from collections.abc import Collection, Mapping
from typing import Any

from botocore.model import OperationModel
from botocore.parsers import ResponseParserError, create_parser

from jobview.aws.clients import Clients
from jobview.model import Target

MOST = 40
"""The most answers of one operation that are recorded; a fixture needs one."""

Operation = tuple[str, str]
"""Service and operation."""


class Answers:
    """The successful answers of each operation, in order, as botocore parses them."""

    def __init__(self) -> None:
        self.kept: dict[Operation, list[dict[str, Any]]] = {}
        self.models: dict[Operation, OperationModel] = {}
        self.unreadable: set[Operation] = set()
        """Operations with an answer that could not be read and was left out."""
        self.failed: dict[Operation, str] = {}
        """Operations that were called only for the recording and failed, with the reason."""
        self._lock = threading.Lock()

    def take(self, service: str, model: OperationModel, response: Mapping[str, Any]) -> None:
        """Record an answer, unless it is an error or there are enough."""
        name = (service, model.name)
        if model.output_shape is None or not 200 <= response["status_code"] < 300:
            return
        with self._lock:
            if len(self.kept.get(name, ())) >= MOST:
                return
        try:
            read = create_parser(model.service_model.resolved_protocol).parse(response, model.output_shape)
        except (ResponseParserError, ValueError, TypeError, KeyError):
            self.unreadable.add(name)
            return
        read.pop("ResponseMetadata", None)
        with self._lock:
            self.models[name] = model
            self.kept.setdefault(name, []).append(read)


class RecordingClients(Clients):
    """Clients that record the answers of the given services."""

    def __init__(self, answers: Answers, services: Collection[str]) -> None:
        super().__init__()
        self._answers = answers
        self._services = services
        self._heard: set[int] = set()

    def client(self, service: str, target: Target) -> Any:
        """The client of a service in a target. Its answers are recorded."""
        made = super().client(service, target)
        with self._lock:
            if service in self._services and id(made) not in self._heard:
                self._heard.add(id(made))
                made.meta.events.register("after-call", self._listener(service))
        return made

    def _listener(self, service: str) -> Any:
        def heard(http_response: Any, model: OperationModel, **_: Any) -> None:
            if not model.has_streaming_output:
                response = {
                    "status_code": http_response.status_code,
                    "headers": http_response.headers,
                    "body": http_response.content,
                }
                self._answers.take(service, model, response)

        return heard
