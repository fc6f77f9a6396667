"""A service's wire protocol, played from its botocore model: which operation, with what, answered how.

Generic over every service and every protocol that boto3 speaks. Host prefixes (`runtime-`, `control-storage-`)
are ignored: one endpoint answers them all.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel, Shape

from local.standin import xml
from local.standin.parsing import Parameters, parse_input
from local.standin.serialising import dump, serialise_output, to_json
from local.standin.validation import violations
from local.standin.wire import Request, Response, ServiceError

PROTOCOLS = ("rest-json", "json", "query", "ec2", "rest-xml")

MODELS = Path(__file__).parent / "models"
"""The stand-in's own service models (panorama, which botocore has dropped)."""

_LABEL = re.compile(r"\{([^}]+?)(\+?)\}")


@dataclass(frozen=True, kw_only=True)
class Route:
    """Where one operation of a REST protocol listens."""

    operation: str
    method: str
    path: re.Pattern[str]
    labels: tuple[str, ...]
    query: Mapping[str, str]
    rank: tuple[int, int, int]

    @staticmethod
    def of(operation: str, method: str, uri: str) -> "Route":
        """Compile a `requestUri` such as `/datastore/{datastoreId}`, with its fixed query if any."""
        template, _, query = uri.partition("?")
        labels: list[str] = []
        pattern = ""
        position = greedy = literal = 0
        for match in _LABEL.finditer(template):
            text = template[position : match.start()]
            labels.append(match.group(1))
            greedy += bool(match.group(2))
            literal += len(text)
            pattern += re.escape(text) + ("(.+)" if match.group(2) else "([^/]+)")
            position = match.end()
        rest = template[position:]
        fixed = dict(parse_qsl(query, keep_blank_values=True))
        return Route(
            operation=operation,
            method=method,
            path=re.compile(pattern + re.escape(rest) + ("" if rest.endswith("/") else "/?")),
            labels=tuple(labels),
            query=fixed,
            # Most specific first: fixed query, no greedy label, more literal text.
            rank=(-len(fixed), greedy, -(literal + len(rest))),
        )

    def match(self, request: Request) -> dict[str, str] | None:
        """Return the raw label values if `request` is for this route."""
        if request.method != self.method:
            return None
        found = self.path.fullmatch(request.path)
        if found is None:
            return None
        if any((key, value) not in request.query for key, value in self.query.items()):
            return None
        return dict(zip(self.labels, found.groups(), strict=True))


class ServiceProtocol:
    """Requests, answers and errors of one service.

    Raises `ValueError` for a model of another protocol.
    """

    def __init__(self, model: ServiceModel) -> None:
        self.model = model
        self.protocol = str(model.resolved_protocol)
        if self.protocol not in PROTOCOLS:
            raise ValueError(f"{model.service_name} speaks {self.protocol}, not one of {PROTOCOLS}")
        self._operations: dict[str, OperationModel] = {}
        self._routes: list[Route] = []
        if self.protocol in ("rest-json", "rest-xml"):
            for name in model.operation_names:
                http = self.operation(name).http
                self._routes.append(Route.of(name, http["method"], http["requestUri"]))
            self._routes.sort(key=lambda route: route.rank)

    def operation(self, name: str) -> OperationModel:
        """Return the model of an operation, built once (botocore builds it and its shapes anew each time)."""
        if name not in self._operations:
            self._operations[name] = self.model.operation_model(name)
        return self._operations[name]

    @property
    def in_form(self) -> bool:
        """True where the operation stands in the body, so that a request's head alone does not tell it."""
        return self.protocol in ("query", "ec2")

    def match(self, request: Request) -> tuple[str, Mapping[str, str]] | None:
        """Return the operation that `request` is for, and the raw values of its URI labels."""
        if self.protocol == "json":
            prefix, _, name = request.headers.get("x-amz-target", "").rpartition(".")
            known = prefix == self.model.metadata["targetPrefix"] and name in self.model.operation_names
            return (name, {}) if known else None
        if self.in_form:
            pairs = [*request.query, *parse_qsl(request.body.decode(errors="replace"))]
            name = next((value for key, value in pairs if key == "Action"), "")
            return (name, {}) if name in self.model.operation_names else None
        for route in self._routes:
            labels = route.match(request)
            if labels is not None:
                return route.operation, labels
        return None

    def parse(self, operation: str, request: Request, labels: Mapping[str, str]) -> Parameters:
        """Return the checked parameters of a request. Raises `ServiceError` where the shape forbids them."""
        model = self.operation(operation)
        parameters = parse_input(model, request, labels)
        if model.input_shape is not None:
            found = list(violations(model.input_shape, parameters))
            if found:
                plural = "s" if len(found) > 1 else ""
                raise self.invalid(operation, f"{len(found)} validation error{plural} detected: {'; '.join(found)}")
        return parameters

    def invalid(self, operation: str, message: str) -> ServiceError:
        """Return a validation error by the name that the operation's model gives it."""
        modelled = [shape.name for shape in self.operation(operation).error_shapes]
        for code in ("ValidationException", "BadRequestException", "InvalidRequestException"):
            if code in modelled:
                return ServiceError(code, message)
        return ServiceError("ValidationException", message, status=400)

    def serialise(self, operation: str, output: dict[str, Any], *, checked: bool = True) -> Response:
        """Return the answer of an operation.

        Unless it is not `checked`, raises `AssertionError` if the model forbids it.
        """
        model = self.operation(operation)
        if checked and model.output_shape is not None:
            found = list(violations(model.output_shape, output, constraints=False))
            if found:
                raise AssertionError(f"{operation} answers what its model forbids: {'; '.join(found)}")
        return serialise_output(model, output)

    def error(self, error: ServiceError) -> Response:
        """Return an error with its modelled status, in JSON with `x-amzn-ErrorType`, or in XML."""
        shape = self._error_shape(error.code)
        body: dict[str, Any] = {"message": error.message}
        status = error.status or 400
        if shape is not None:
            modelled = shape.metadata.get("error", {}).get("httpStatusCode")
            status = modelled or (500 if shape.metadata.get("fault") else 400)
            body = {**to_json(shape, error.fields), **body}
        if self.protocol not in ("json", "rest-json"):
            bare = self.model.service_name == "s3"
            text = xml.error(self.protocol, error.code, error.message, bare=bare)
            return Response(status=status, headers={"Content-Type": "text/xml"}, body=text)
        headers = {"Content-Type": "application/json", "x-amzn-ErrorType": error.code}
        if self.protocol == "json":
            version = self.model.metadata.get("jsonVersion", "1.0")
            headers["Content-Type"] = f"application/x-amz-json-{version}"
            body = {"__type": error.code, **body}
        return Response(status=status, headers=headers, body=dump(body))

    def _error_shape(self, code: str) -> Shape | None:
        for shape in self.model.error_shapes:
            if code == shape.metadata.get("error", {}).get("code", shape.name):
                return shape
        return None


def load_models(names: Iterable[str], search_paths: Iterable[Path] = ()) -> dict[str, ServiceProtocol]:
    """Return the protocols of the services called `names` (boto3's client names).

    Models are looked for in `search_paths` first, then in `MODELS`, then in botocore's own. Raises
    `botocore.exceptions.UnknownServiceError` for a service that nobody has a model of.
    """
    places = (*map(str, search_paths), str(MODELS))
    return {name: _load(name, places) for name in names}


@cache
def _load(name: str, places: tuple[str, ...]) -> ServiceProtocol:
    for place in places:
        own = Loader(extra_search_paths=[place], include_default_search_paths=False)
        if name in own.list_available_services("service-2"):
            return ServiceProtocol(ServiceModel(own.load_service_model(name, "service-2"), name))
    return ServiceProtocol(ServiceModel(Loader().load_service_model(name, "service-2"), name))
