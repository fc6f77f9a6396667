"""What answers is the route that API Gateway chose and IAM authorised, whatever the decoded path looks like."""

import json
import sys
import uuid
from typing import Any
from urllib.parse import quote

import pytest
from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import Response
from hypothesis import given
from hypothesis import strategies as st

from jobview.http import gateway
from tests.api_gateway import Client, event

ROUTES = [
    "GET /v1/things",
    "GET /v1/things/{id}",
    "GET /v1/things/{id}/parts",
    "GET /v1/groups/{group}/{id}/parts",
    "GET /v1/links/{id}",
]


def client() -> Client:
    app = gateway.resolver(Logger(service=uuid.uuid4().hex, stream=sys.stdout), {})

    def told(name: str, **values: str) -> Response[Any]:
        return gateway.reply(app, json.dumps({"route": name, **values}))

    @app.get("/v1/things", tags=["things"])
    def things() -> Response[Any]:
        return told("things")

    @app.get("/v1/things/<id>", tags=["things"])
    def thing(id: str) -> Response[Any]:  # noqa: A002
        return told("thing", id=id)

    @app.get("/v1/things/<id>/parts", tags=["things"])
    def parts(id: str) -> Response[Any]:  # noqa: A002
        return told("parts", id=id)

    @app.get("/v1/groups/<group>/<id>/parts", tags=["things"])
    def grouped(group: str, id: str) -> Response[Any]:  # noqa: A002
        return told("grouped", group=group, id=id)

    @app.get("/v1/links/<id>", tags=["things"])
    def links(id: str) -> Response[Any]:  # noqa: A002
        return told("links", id=id)

    return Client(app.resolve, routes=ROUTES)


CLIENT = client()


@pytest.mark.parametrize(
    ("target", "answer"),
    [
        ("/v1/things", {"route": "things"}),
        ("/v1/things/a", {"route": "thing", "id": "a"}),
        ("/v1/things/a/parts", {"route": "parts", "id": "a"}),
        ("/v1/groups/g/a/parts", {"route": "grouped", "group": "g", "id": "a"}),
        ("//v1/things/a", {"route": "thing", "id": "a"}),
        ("/v1/things/..", {"route": "thing", "id": ".."}),
        ("/v1/things/a%00b", {"route": "thing", "id": "a\0b"}),
        ("/v1/things/%C3%A9%E2%82%AC", {"route": "thing", "id": "é€"}),
        ("/v1/things/a%252Fparts", {"route": "thing", "id": "a%2Fparts"}),
        ("/v1/things/a%3Fparts", {"route": "thing", "id": "a?parts"}),
        ("/v1/things/a%20b", {"route": "thing", "id": "a b"}),
        ("/v1/links/things", {"route": "links", "id": "things"}),
    ],
)
def test_parameters_are_those_of_the_route(target: str, answer: dict[str, str]) -> None:
    reply = CLIENT.get(target)
    assert (reply.status, reply.json) == (200, answer)


@pytest.mark.parametrize(
    "target",
    [
        "/v1/things/a%2Fparts",
        "/v1/things/%2F",
        "/v1/things/a%2f..%2f..%2flinks%2fb",
        "/v1/groups/a%2Fb/c/parts",
        "/v1/things/..%2Flinks%2Fa",
    ],
)
def test_a_parameter_with_a_slash_is_no_segment_of_a_path(target: str) -> None:
    reply = CLIENT.get(target)
    assert (reply.status, reply.json["type"]) == (404, "urn:jobview:problem:route-not-found")


@pytest.mark.parametrize(
    "target", ["/v1/things/", "/v1/things//parts", "/v1/things/a/", "/v1//things", "/v1/things/a/b"]
)
def test_another_number_of_segments_is_another_route(target: str) -> None:
    reply = CLIENT.get(target)
    assert (reply.status, reply.json["type"]) == (404, "urn:jobview:problem:route-not-found")


@pytest.mark.parametrize(
    "change",
    [
        {"routeKey": "GET /v1/unknown/{id}"},
        {"routeKey": "GET /v1/things"},
        {"routeKey": "GET /v1/groups/{group}/{id}/parts"},
        {"routeKey": "ANY /v1/things/{id}"},
        {"routeKey": "$default"},
        {"routeKey": "GET /v1/things/{proxy+}", "pathParameters": {"proxy": "a"}},
        {"pathParameters": None},
        {"pathParameters": {}},
        {"pathParameters": {"thing": "a"}},
        {"pathParameters": {"id": "a", "group": "b"}},
        {"pathParameters": {"id": "a/parts"}},
    ],
)
def test_an_event_that_contradicts_itself_is_refused(change: dict[str, Any]) -> None:
    made = event("/v1/things/a", routes=ROUTES) | change
    reply = CLIENT.send(made)
    assert (reply.status, reply.json["type"]) == (404, "urn:jobview:problem:route-not-found")
    assert reply.headers["content-type"] == "application/problem+json"


def test_an_event_without_a_route_is_answered_with_a_problem() -> None:
    made = event("/v1/things/a", routes=ROUTES)
    del made["routeKey"]
    reply = CLIENT.send(made)
    assert (reply.status, reply.json["type"]) == (404, "urn:jobview:problem:route-not-found")
    assert reply.headers["content-type"] == "application/problem+json"


def test_the_method_must_be_the_one_of_the_route() -> None:
    made = event("/v1/things/a", routes=ROUTES)
    made["requestContext"]["http"]["method"] = "DELETE"
    reply = CLIENT.send(made)
    assert (reply.status, reply.json["type"]) == (405, "urn:jobview:problem:method-not-allowed")
    assert reply.headers["allow"] == "GET"


def test_the_path_decides_nothing() -> None:
    made = event("/v1/things/a", routes=ROUTES)
    for path in ("/v1/links/b", "/v1/things/b", "/", "", "/prod/v1/things/a"):
        made["rawPath"] = made["requestContext"]["http"]["path"] = path
        assert CLIENT.send(made).json == {"route": "thing", "id": "a"}


def test_a_stage_in_the_path_changes_nothing() -> None:
    reply = CLIENT.send(event("/v1/things/a/parts", routes=ROUTES, stage="live"))
    assert (reply.status, reply.json) == (200, {"route": "parts", "id": "a"})


SEGMENT = st.text(min_size=1, max_size=12) | st.sampled_from(
    ["a/parts", "..", ".", "%2F", "a%2Fparts", "\0", "a?b", "a#b"]
)


@given(SEGMENT, SEGMENT)
def test_any_values_reach_the_route_that_was_chosen_or_none(group: str, own: str) -> None:
    parts = [quote(text, safe="", errors="replace") for text in (group, own)]
    reply = CLIENT.get(f"/v1/groups/{parts[0]}/{parts[1]}/parts")
    if "/" in group + own:
        assert reply.status == 404
    else:
        assert (reply.status, reply.json["route"]) == (200, "grouped")
    reply = CLIENT.get(f"/v1/things/{parts[1]}")
    assert reply.status == 404 if "/" in own else reply.json["route"] == "thing"
