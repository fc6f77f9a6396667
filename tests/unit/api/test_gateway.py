import gzip
import json
import logging
import os
import sys
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from handlers.api import parameters as p
from handlers.api.filtering import filtered
from jobview.http import gateway
from jobview.http.problems import Problem
from jobview.model import JobFilter
from tests.api_gateway import Client

SECRET = "DOE^JANE"


def logger() -> Logger:
    """A logger that writes where this test looks."""
    return Logger(service=uuid.uuid4().hex, stream=sys.stdout)


def resolver(answer: Callable[[APIGatewayHttpResolver], Response[Any]]) -> APIGatewayHttpResolver:
    app = gateway.resolver(logger(), p.ALLOWED)

    @app.get("/v1/things/<id>", tags=["things"])
    @filtered(only=("name", "states"))
    def thing(
        id: str,  # noqa: A002, ARG001
        wanted: JobFilter,  # noqa: ARG001
        limit: p.Limit = 100,  # noqa: ARG001
    ) -> Response[Any]:
        return answer(app)

    return app


def client(answer: Callable[[APIGatewayHttpResolver], Response[Any]]) -> Client:
    return Client(gateway.logged(resolver(answer), logger()), routes=["GET /v1/things/{id}"])


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("gzip", True),
        ("br, gzip", True),
        ("GZIP;q=0.5", True),
        ("*", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("identity", False),
        ("*;q=0", False),
        ("gzip;q=0, *", False),
        ("x-gzip", False),
        ("", False),
    ],
)
def test_gzip_is_sent_where_it_is_accepted(header: str, *, accepted: bool) -> None:
    assert gateway.accepts_gzip(header, absent=True) is accepted


@pytest.mark.parametrize("absent", [True, False])
def test_without_a_header_the_route_decides(*, absent: bool) -> None:
    assert gateway.accepts_gzip(None, absent=absent) is absent


def test_a_large_body_is_packed_the_same_way_every_time() -> None:
    body = json.dumps({"x": "y" * 5000})
    api = client(lambda app: gateway.reply(app, body))
    reply = api.get("/v1/things/1", accept_encoding="gzip")
    assert reply.headers["content-encoding"] == "gzip"
    assert gzip.decompress(reply.body).decode() == body
    assert api.get("/v1/things/1", accept_encoding="gzip").body == reply.body
    plain = api.get("/v1/things/1")
    assert "content-encoding" not in plain.headers
    assert plain.body.decode() == body
    assert plain.headers["vary"] == "Accept-Encoding"


def test_a_small_body_is_not_packed() -> None:
    reply = client(lambda app: gateway.reply(app, "{}")).get("/v1/things/1", accept_encoding="gzip")
    assert (reply.status, reply.body) == (200, b"{}")
    assert reply.headers["cache-control"] == "private, no-cache"


def test_a_body_that_is_too_large_is_a_problem() -> None:
    api = client(lambda app: gateway.reply(app, '"' + "x" * (gateway.LARGEST_TEXT + 1) + '"'))
    assert api.get("/v1/things/1").json["type"] == "urn:jobview:problem:answer-too-large"
    assert api.get("/v1/things/1", accept_encoding="gzip").status == 200
    noise = os.urandom(gateway.LARGEST_BODY + 1).hex()
    api = client(lambda app: gateway.reply(app, noise))
    assert api.get("/v1/things/1", accept_encoding="gzip").status == 500


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ('W/"a"', 304),
        ('"a"', 304),
        ('"b", W/"a"', 304),
        ("*", 304),
        ('W/"b"', 200),
        ("", 200),
    ],
)
def test_if_none_match_is_compared_weakly(asked: str, status: int) -> None:
    reply = client(lambda app: gateway.reply(app, "{}", etag='W/"a"')).get("/v1/things/1", if_none_match=asked)
    assert reply.status == status
    assert reply.headers["etag"] == 'W/"a"'
    assert reply.headers["cache-control"] == "private, no-cache"
    assert reply.headers["vary"] == "Accept-Encoding"
    assert reply.body == (b"" if status == 304 else b"{}")


def test_an_entity_tag_keeps_its_parts_apart() -> None:
    tags = {gateway.weak_etag(parts) for parts in (["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""])}
    assert len(tags) == 4
    assert gateway.weak_etag(["ab", "c"]) == gateway.weak_etag(["ab", "c"])
    assert gateway.weak_etag(["\ud800"]).startswith('W/"')


@pytest.mark.parametrize(
    ("target", "parameter", "detail"),
    [
        ("/v1/things/1?limit=0", "limit", "limit is '0'"),
        ("/v1/things/1?limit=-3", "limit", "limit is '-3'"),
        ("/v1/things/1?limit=501", "limit", "1 to 500"),
        ("/v1/things/1?limit=", "limit", "limit is ''"),
        ("/v1/things/1?limit=1&limit=2", "limit", "more than once"),
        ("/v1/things/1?name=a&name=b", "name", "more than once"),
        ("/v1/things/1?state=RUNNING&state=NO", "state", "PARTIALLY_SUCCEEDED"),
        ("/v1/things/1?state=RUNNING,", "state", "state is ''"),
        ("/v1/things/1?colour=red", "colour", "state, name, limit"),
        ("/v1/things/1?Limit=1", "Limit", "not a parameter of this route"),
        ("/v1/things/1?limit%5B%5D=1", "limit[]", "not a parameter of this route"),
    ],
)
def test_wrong_parameters_are_named(target: str, parameter: str, detail: str) -> None:
    reply = client(lambda app: gateway.reply(app, "{}")).get(target)
    assert reply.status == 400
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json["type"] == "urn:jobview:problem:invalid-parameter"
    assert reply.json["parameter"] == parameter
    assert reply.json["allowed"]
    assert detail in reply.json["detail"]


def test_a_long_wrong_value_is_cut() -> None:
    reply = client(lambda app: gateway.reply(app, "{}")).get(f"/v1/things/1?limit={'9' * 5000}")
    assert len(reply.json["detail"]) < 300


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/things", "/v1/things/1/2", "/v1/things/%2F", "/v2/things/1?x=1"])
def test_an_unknown_route_is_a_problem(path: str) -> None:
    reply = client(lambda app: gateway.reply(app, "{}")).get(path)
    assert (reply.status, reply.json["type"]) == (404, "urn:jobview:problem:route-not-found")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH"])
def test_a_wrong_method_gets_the_list_of_methods(method: str) -> None:
    reply = client(lambda app: gateway.reply(app, "{}")).get("/v1/things/1", method)
    assert (reply.status, reply.json["type"]) == (405, "urn:jobview:problem:method-not-allowed")
    assert reply.headers["allow"] == "GET"


def test_a_crash_is_answered_without_what_is_inside(capsys: pytest.CaptureFixture[str]) -> None:
    def crash(_: APIGatewayHttpResolver) -> Response[Any]:
        raise RuntimeError(SECRET)

    reply = client(crash).get("/v1/things/1")
    assert (reply.status, reply.json["type"]) == (500, "urn:jobview:problem:internal")
    logged = capsys.readouterr().out
    assert SECRET not in reply.body.decode()
    assert SECRET not in logged
    assert "RuntimeError" in logged
    # The request that the problem names.
    assert reply.json["instance"] == "urn:jobview:request:request-1"
    assert all(json.loads(line)["request"] == "request-1" for line in logged.splitlines())
    assert "test_gateway.py" in logged


def test_a_problem_carries_its_headers() -> None:
    def busy(_: APIGatewayHttpResolver) -> Response[Any]:
        raise Problem("busy", "later")

    reply = client(busy).get("/v1/things/1")
    assert (reply.status, reply.headers["retry-after"]) == (503, "10")


def test_the_log_line_has_the_route_and_no_query(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    client(lambda app: gateway.reply(app, "{}")).get(f"/v1/things/{SECRET}?name={SECRET}")
    [line] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (line["message"], line["route"], line["status"]) == ("answered", "GET /v1/things/{id}", 200)
    assert SECRET not in json.dumps(line)
    assert SECRET not in caplog.text
