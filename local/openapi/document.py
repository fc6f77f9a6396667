"""The OpenAPI document: Powertools' description of the routes, with their answers and problems."""

import json
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler.openapi.models import APIKey, APIKeyIn

from handlers.api.edge import Edge
from handlers.api.routes import add_catalogue, add_lists, add_single
from handlers.image_sets.routes import add_routes as add_image_sets
from jobview.http import gateway, problems
from local.openapi import schemas
from local.openapi.examples import answers
from local.openapi.problems import Problem, Refusal, problem

TITLE = "Jobview"
VERSION = "1"
_INTRODUCTION = """\
Every asynchronous AWS job in one shape, with one set of states, from a cache that shows how fresh it is.

Requests are signed with AWS Signature Version 4 (service `execute-api`). Every list has its coverage: its sources, when
each was read, and which could not be read. Unknown parameters and values are refused."""
_AUTHORISATION = APIKey.model_validate(
    {"in": APIKeyIn.header, "name": "Authorization", "description": "AWS Signature Version 4, service execute-api"}
)
_TAGS = ["jobs", "sources", "catalogue", "image sets"]

_AWS = (
    "aws-rejected",
    "retired",
    "aws-throttled",
    "aws-unsupported",
    "aws-denied",
    "aws-expired",
    "aws-malformed",
    "aws-unavailable",
    "aws-timeout",
)
_ALWAYS = ("invalid-parameter", "internal")
_MODELS: Mapping[str, tuple[type[schemas.Shape] | None, str, tuple[str, ...]]] = {
    "listJobs": (schemas.Jobs, "A page of jobs.", ("invalid-token", "retired", "busy")),
    "listServiceJobs": (schemas.Jobs, "A page of jobs.", ("route-not-found", "invalid-token", "retired", "busy")),
    "getJob": (
        schemas.JobWithNative,
        "The job.",
        ("route-not-found", "invalid-job-id", "job-not-found", "not-monitored", *_AWS, "busy"),
    ),
    "listTransitions": (
        schemas.Transitions,
        "A page of the history.",
        ("route-not-found", "invalid-token", "invalid-job-id", "job-not-found", "busy"),
    ),
    "listItems": (
        schemas.ItemList,
        "A page of the items.",
        (
            "route-not-found",
            "invalid-token",
            "invalid-job-id",
            "job-not-found",
            "not-monitored",
            "items-not-found",
            *_AWS,
            "busy",
        ),
    ),
    "listLinks": (
        schemas.LinkList,
        "The links.",
        ("route-not-found", "invalid-job-id", "job-not-found", "not-monitored", *_AWS, "busy"),
    ),
    "getSummary": (schemas.Summary, "The summary.", ("busy",)),
    "listSources": (schemas.Sources, "A page of the coverage.", ("invalid-token", "busy")),
    "listFamilies": (schemas.Families, "The catalogue.", ()),
    "getContract": (None, "This document.", ()),
    "getImageSetMetadata": (
        None,
        "The metadata, as HealthImaging sends it.",
        (
            "route-not-found",
            "image-set-not-found",
            "not-acceptable",
            "aws-conflict",
            *(kind for kind in _AWS if kind != "retired"),
        ),
    ),
}
"""The answer of each operation, its description, and the kinds of its problems in addition to the common ones."""
_GATEWAY = {
    HTTPStatus.FORBIDDEN: "API Gateway: the signature is missing or wrong, or IAM does not allow the request.",
    HTTPStatus.TOO_MANY_REQUESTS: "API Gateway: too many requests.",
    HTTPStatus.NOT_FOUND: "API Gateway: no such route, for a path parameter with a slash or none at all.",
}
"""The answers that API Gateway itself gives."""
_TAGGED = frozenset(
    {"listJobs", "listServiceJobs", "getJob", "listTransitions", "getSummary", "listFamilies", "getContract"}
)
_PAGED = frozenset({"listJobs", "listServiceJobs", "listTransitions", "listItems", "listSources"})
_TEXT = {"schema": {"type": "string"}}


def document() -> dict[str, Any]:
    """The OpenAPI document of both functions' routes."""
    app = gateway.resolver(Logger(service="openapi"), {})
    nothing: Any = None  # the routes are described here, not called
    edge = Edge(app=app, monotonic=nothing)
    add_lists(edge, nothing)
    add_single(edge, nothing)
    add_catalogue(edge, nothing)
    add_image_sets(app, nothing)
    for route in (*app._static_routes, *app._dynamic_routes):  # noqa: SLF001 - Powertools has no public list
        route.responses = _responses(str(route.operation_id))
    made: dict[str, Any] = json.loads(
        app.get_openapi_json_schema(
            title=TITLE,
            version=VERSION,
            description=_INTRODUCTION,
            security_schemes={"aws.sigv4": _AUTHORISATION},
            security=[{"aws.sigv4": []}],
            tags=list(_TAGS),
        )
    )
    made["components"]["securitySchemes"]["aws.sigv4"]["x-amazon-apigateway-authtype"] = "awsSigv4"
    tidied: dict[str, Any] = _whole_numbers(_tidied(made))
    return tidied


def text() -> str:
    """The document as it is checked in and served."""
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


def _responses(operation: str) -> dict[int, Any]:
    model, words, kinds = _MODELS[operation]
    content: dict[str, Any] = {gateway.JSON: {"schema": {"type": "object"}}}
    if model is not None:
        content[gateway.JSON] = {"model": model, "examples": {"answer": {"value": answers()[operation]}}}
    headers: dict[str, Any] = {"Cache-Control": _TEXT}
    if operation in _TAGGED:
        headers["ETag"] = {"description": "Send it as If-None-Match.", **_TEXT}
    if operation in _PAGED:
        headers["Link"] = {"description": 'The next page, rel="next".', **_TEXT}
    if operation == "getImageSetMetadata":
        content = {
            gateway.JSON: {"schema": {"type": "object"}, "examples": {"answer": {"value": {"SchemaVersion": "1.1"}}}},
            "text/plain": {"schema": {"type": "string", "description": "The same; the service chooses."}},
        }
        headers["Content-Encoding"] = {"description": "gzip, as HealthImaging sends it.", **_TEXT}
    made: dict[int, Any] = {200: {"description": words, "headers": headers, "content": content}}
    if operation in _TAGGED:
        made[304] = {"description": "The caller already has this answer.", "headers": {"ETag": _TEXT}, "content": {}}
    if operation == "getImageSetMetadata":
        made[303] = {
            "description": "Too large for a response: GET the Location within five minutes.",
            "headers": {"Location": {"description": "A presigned link.", **_TEXT}},
            "content": {},
        }
    by_status: dict[HTTPStatus, list[str]] = {HTTPStatus.FORBIDDEN: [], HTTPStatus.TOO_MANY_REQUESTS: []}
    for kind in (*_ALWAYS, *kinds):
        by_status.setdefault(problems.KINDS[kind][0], []).append(kind)
    return made | {int(status): _failure(status, by_status[status]) for status in by_status}


def _failure(status: HTTPStatus, kinds: list[str]) -> dict[str, Any]:
    words = [f"{problems.KINDS[kind][1]}." for kind in kinds]
    content: dict[str, Any] = {}
    if kinds:
        examples = {kind: {"value": problem(kind)} for kind in kinds}
        content[problems.MEDIA_TYPE] = {"model": Problem, "examples": examples}
    if status in _GATEWAY:
        words.append(_GATEWAY[status])
        content[gateway.JSON] = {"model": Refusal}
    answer: dict[str, Any] = {"description": " ".join(words), "content": content}
    if status in problems.RETRY_AFTER:
        answer["headers"] = {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}
    return answer


def _tidied(made: dict[str, Any]) -> dict[str, Any]:
    """Remove the parts of the document that Powertools adds and that these routes do not have."""
    for operation in _operations(made):
        del operation["responses"]["422"]
        operation["responses"] = {status: operation["responses"][status] for status in sorted(operation["responses"])}
        for response in operation["responses"].values():
            if response.get("content") == {}:
                del response["content"]
        for parameter in operation.get("parameters", []):
            parameter["schema"] = _plain(parameter["schema"])
            if parameter["schema"]["type"] == "array":
                parameter |= {"style": "form", "explode": True}
    schemas = made["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError", "ResponseValidationError"):
        schemas.pop(name, None)
    for schema in schemas.values():
        schema.pop("title", None)
        for member in schema.get("properties", {}).values():
            member.pop("title", None)
            member.pop("default", None)  # the member may be left out and has no default
    return made


def _whole_numbers(value: Any) -> Any:
    """Turn bounds into whole numbers, because Powertools makes all of them floating-point numbers."""
    if isinstance(value, dict):
        return {name: _whole_numbers(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_whole_numbers(member) for member in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _operations(made: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for path in made["paths"].values():
        yield from path.values()


def _plain(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a parameter. A parameter that is left out is absent and not null."""
    kept = {name: value for name, value in schema.items() if name not in ("title", "description", "anyOf")}
    for choice in schema.get("anyOf", []):
        if choice != {"type": "null"}:
            kept |= choice
    return kept
