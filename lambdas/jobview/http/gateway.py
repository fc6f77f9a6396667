"""The HTTP layer of both API functions: strict requests, problems, entity tags, compression, size.

``resolver`` makes a Powertools resolver that answers every failure, from an unknown route to a crash, with a problem.
``reply`` makes the answer to a successful GET.
"""

import base64
import hashlib
import time
import traceback
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.api_gateway import ResponseBuilder
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from jobview.http import problems
from jobview.http.problems import Problem
from jobview.model.utf8 import encodable

JSON = "application/json"
REVALIDATE = "private, no-cache"
"""For answers that the caller may cache and revalidate with their entity tag."""
NO_STORE = "no-store"
"""For answers that contain presigned links, native records or health data."""

LARGEST_BODY = 4_500_000
"""The most bytes of a body: in base64 it still fits Lambda's limit of 6 MB."""
LARGEST_TEXT = 3_000_000
"""The most UTF-8 bytes of a JSON text: it still fits when every second character has to be escaped."""
COMPRESS_FROM = 1400
"""The smallest body that is compressed: smaller ones fit one packet."""
LEVEL = 1
"""A page of 100 jobs takes 0.15 ms and shrinks to a twentieth. Level 6 takes three times as long for a tenth less."""

Allowed = Mapping[str, str | tuple[str, ...]]
Handler = Callable[[dict[str, Any], Any], dict[str, Any]]
"""A Lambda function's handler: (event, context) → response of payload 2.0."""


class Resolver(APIGatewayHttpResolver):
    """Powertools' resolver, except that it uses the route that API Gateway chose and IAM authorised.

    Powertools matches ``rawPath``. API Gateway decodes it first, so that Powertools could choose another route for
    ``/v1/jobs/a%2Fitems``. ``routeKey`` and ``pathParameters`` are API Gateway's own result. If they do not match each
    other, or a parameter is more than one path segment, there is no route.
    """

    def _resolve(self) -> ResponseBuilder[Any]:
        event: Mapping[str, Any] = self.current_event.raw_event
        values: Mapping[str, str] = event.get("pathParameters") or {}
        method = self.current_event.http_method.upper()
        for route in (*self._static_routes, *self._dynamic_routes):
            if event.get("routeKey") == f"{route.method} {route.openapi_path}":
                fits = route.method == method and set(route.rule.groupindex) == set(values)
                if not fits or any("/" in value for value in values.values()):
                    break
                self.context.update(_route=route, _path=route.openapi_path)
                return self._call_route(route, dict(values))
        return self._handle_not_found(method=method, path=self.current_event.path)


def resolver(logger: Logger, allowed: Allowed) -> APIGatewayHttpResolver:
    """Make a resolver that refuses unknown and repeated parameters and answers every failure with a problem.

    Parameters
    ----------
    logger
        Logs internal errors. It never gets a query string, a body or an exception's message.
    allowed
        The allowed values of each parameter, or a description of them, for problems.
    """
    app = Resolver(enable_validation=True)
    app.use(middlewares=[_refuse_unknown_parameters])

    def problem(error: Problem) -> Response[str]:
        return problem_response(app, error)

    def invalid(error: RequestValidationError) -> Response[str]:
        return problem_response(app, _of_validation(error.errors()[0], allowed))

    def unrouted(_: NotFoundError) -> Response[str]:
        return problem_response(app, _no_route(app))

    def crashed(error: Exception) -> Response[str]:
        frames = [
            f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)
        ]
        request = app.current_event.request_context.request_id
        logger.error("crashed", request=request, error=type(error).__name__, frames=frames[-12:])
        detail = "The request failed inside Jobview; its logs have the reason."
        return problem_response(app, Problem("internal", detail))

    app.exception_handler(Problem)(problem)
    app.exception_handler(RequestValidationError)(invalid)
    app.exception_handler(NotFoundError)(unrouted)
    app.exception_handler(Exception)(crashed)
    return app


def logged(app: APIGatewayHttpResolver, logger: Logger) -> Handler:
    """Make a handler that logs a line for each request: route, status, time."""

    def handle(event: dict[str, Any], context: Any) -> dict[str, Any]:
        started = time.monotonic()
        answer = app.resolve(event, context)
        logger.info(
            "answered",
            request=event["requestContext"]["requestId"],
            route=event.get("routeKey"),
            status=answer["statusCode"],
            milliseconds=round((time.monotonic() - started) * 1000),
        )
        return answer

    return handle


def reply(
    app: APIGatewayHttpResolver,
    body: str,
    *,
    etag: str | None = None,
    cache: str = REVALIDATE,
    headers: Mapping[str, str] | None = None,
    media_type: str = JSON,
) -> Response[Any]:
    """Answer 200 with the body, compressed if the caller accepts that, or 304 if the caller already has the body.

    Raises
    ------
    Problem
        ``answer-too-large``: the body is larger than a Lambda function may return.
    """
    common = {"Cache-Control": cache, "Vary": "Accept-Encoding", **(headers or {})}
    if etag is not None:
        common["ETag"] = etag
        if _matches(header(app, "if-none-match"), etag):
            return Response(status_code=304, headers=common, body="")
    body = encodable(body)
    raw = body.encode()
    if len(raw) >= COMPRESS_FROM and accepts_gzip(header(app, "accept-encoding"), absent=False):
        packed = gzip(raw)
        if len(packed) > LARGEST_BODY:
            raise _too_large()
        return binary(packed, media_type, {**common, "Content-Encoding": "gzip"})
    if len(raw) > LARGEST_TEXT:
        raise _too_large()
    return Response(200, media_type, body, common)


def binary(raw: bytes, media_type: str, headers: Mapping[str, str]) -> Response[Any]:
    """Answer 200 with bytes, in base64, which API Gateway decodes."""
    answer: Response[Any] = Response(200, media_type, base64.b64encode(raw).decode(), headers)
    answer.base64_encoded = True
    return answer


def gzip(raw: bytes) -> bytes:
    """Compress bytes as one gzip member. Equal bytes give an equal result."""
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return packer.compress(raw) + packer.flush()


def weak_etag(parts: Iterable[str]) -> str:
    """Make a weak entity tag from texts."""
    digest = hashlib.blake2b(digest_size=12)
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass")
        digest.update(len(raw).to_bytes(8, "big"))
        digest.update(raw)
    return f'W/"{digest.hexdigest()}"'


def header(app: APIGatewayHttpResolver, name: str) -> str | None:
    """Return a request header by its lower-case name."""
    headers: Mapping[str, str] = app.current_event.raw_event.get("headers") or {}
    return next((value for key, value in headers.items() if key.lower() == name), None)


def accepts_gzip(accept_encoding: str | None, *, absent: bool) -> bool:
    """True where Accept-Encoding allows gzip (RFC 9110, 12.5.3); ``absent`` is the result without a header."""
    if accept_encoding is None:
        return absent
    weights: dict[str, bool] = {}
    for part in accept_encoding.lower().split(","):
        coding, _, parameters = part.partition(";")
        name, _, weight = parameters.strip().partition("=")
        weights[coding.strip()] = not (name.strip() == "q" and weight.strip().strip("0") in ("", "."))
    return weights.get("gzip", weights.get("*", False))


def repeated(value: object) -> bool:
    """True where a parameter with a single value was given several times."""
    return isinstance(value, list)


def _matches(if_none_match: str | None, etag: str) -> bool:
    if if_none_match is None:
        return False
    if if_none_match.strip() == "*":
        return True
    opaque = etag.removeprefix("W/")
    return any(candidate.strip().removeprefix("W/") == opaque for candidate in if_none_match.split(","))


def _refuse_unknown_parameters(
    app: APIGatewayHttpResolver, next_middleware: Callable[[APIGatewayHttpResolver], Response[Any]]
) -> Response[Any]:
    route = app.context["_route"]
    # Powertools invents a route for an unknown path. That route has no tags; all real routes have.
    if route.tags:
        known = [str(parameter.alias) for parameter in route.dependant.query_params]
        for name in app.current_event.query_string_parameters or {}:
            if name not in known:
                raise problems.invalid_parameter(name, "is not a parameter of this route", known)
    return next_middleware(app)


def _of_validation(error: Mapping[str, Any], allowed: Allowed) -> Problem:
    where, name = error["loc"][0], str(error["loc"][1])
    words = allowed[name]
    if where == "path" and name == "id":
        return Problem("invalid-job-id", error["msg"].removeprefix("Value error, "), members={"parameter": "id"})
    if repeated(error["input"]):
        return problems.invalid_parameter(name, "is given more than once", words)
    return problems.invalid_parameter(name, f"is {str(error['input'])[:100]!r}", words)


def _no_route(app: APIGatewayHttpResolver) -> Problem:
    """The problem for a request without a route. It reads the path only to choose the message."""
    path = app.current_event.path
    routes = (*app._static_routes, *app._dynamic_routes)  # noqa: SLF001 - Powertools has no public list
    methods = sorted({route.method for route in routes if route.rule.match(path)})
    if methods and app.current_event.http_method.upper() not in methods:
        return Problem(
            "method-not-allowed",
            f"{app.current_event.http_method} is not among the methods of this route: {', '.join(methods)}.",
            members={"allowed": methods},
            headers={"Allow": ", ".join(methods)},
        )
    return Problem(
        "route-not-found", "No route has this path (no parameter in it has a slash); /v1/openapi.json lists them."
    )


def _too_large() -> Problem:
    return Problem("answer-too-large", "The answer does not fit into a response; use a smaller limit.")


def problem_response(app: APIGatewayHttpResolver, problem: Problem) -> Response[str]:
    """Turn a problem into HTTP."""
    request = app.current_event.request_context.request_id
    return Response(
        int(problem.status),
        problems.MEDIA_TYPE,
        encodable(problem.to_json(f"urn:jobview:request:{request}")),
        {"Cache-Control": NO_STORE, **problem.headers},
    )
