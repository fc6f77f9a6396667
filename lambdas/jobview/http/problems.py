"""The API's error answers: RFC 9457 problems, with one stable ``type`` for each kind.

A ``type`` is ``urn:jobview:problem:<kind>``; kinds are never renamed. Beside the RFC's members a problem has
``parameter`` and ``allowed`` where a part of the request is wrong, and ``awsCode``, ``source``, ``operation`` and
``retryable`` where a call to AWS failed.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from http import HTTPStatus
from typing import Any

from jobview.model import ReadError

MEDIA_TYPE = "application/problem+json"
URN = "urn:jobview:problem:"
RETRY_AFTER = {HTTPStatus.TOO_MANY_REQUESTS: 5, HTTPStatus.SERVICE_UNAVAILABLE: 10}
"""The seconds in ``Retry-After``."""

KINDS: Mapping[str, tuple[HTTPStatus, str]] = {
    "invalid-parameter": (HTTPStatus.BAD_REQUEST, "A parameter is wrong"),
    "invalid-token": (HTTPStatus.BAD_REQUEST, "The page token is wrong"),
    "invalid-job-id": (HTTPStatus.BAD_REQUEST, "This is not a job id"),
    "route-not-found": (HTTPStatus.NOT_FOUND, "There is no such route"),
    "method-not-allowed": (HTTPStatus.METHOD_NOT_ALLOWED, "The route has no such method"),
    "job-not-found": (HTTPStatus.NOT_FOUND, "There is no such job"),
    "not-monitored": (HTTPStatus.NOT_FOUND, "This deployment does not monitor that"),
    "items-not-found": (HTTPStatus.NOT_FOUND, "The item-level results are not there"),
    "image-set-not-found": (HTTPStatus.NOT_FOUND, "There is no such image set"),
    "not-acceptable": (
        HTTPStatus.NOT_ACCEPTABLE,
        "The answer cannot be sent in an accepted encoding",
    ),
    "retired": (HTTPStatus.GONE, "AWS has shut this service down"),
    "aws-conflict": (HTTPStatus.CONFLICT, "AWS is changing this at the moment"),
    "aws-rejected": (HTTPStatus.BAD_REQUEST, "AWS does not accept this request"),
    "aws-throttled": (HTTPStatus.TOO_MANY_REQUESTS, "AWS allows no more requests at the moment"),
    "aws-denied": (HTTPStatus.BAD_GATEWAY, "AWS does not allow this deployment to read that"),
    "aws-expired": (HTTPStatus.BAD_GATEWAY, "The credentials of this deployment have expired"),
    "aws-unsupported": (HTTPStatus.NOT_IMPLEMENTED, "AWS does not offer this here"),
    "aws-malformed": (HTTPStatus.BAD_GATEWAY, "AWS answered with something unreadable"),
    "aws-timeout": (HTTPStatus.GATEWAY_TIMEOUT, "AWS did not answer in time"),
    "aws-unavailable": (HTTPStatus.SERVICE_UNAVAILABLE, "AWS does not answer at the moment"),
    "busy": (HTTPStatus.SERVICE_UNAVAILABLE, "The store does not answer in time at the moment"),
    "answer-too-large": (HTTPStatus.INTERNAL_SERVER_ERROR, "The answer is too large to be sent"),
    "internal": (HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong inside"),
}
"""The HTTP status and the title of every kind."""

_OF_READ_ERROR: Mapping[str, str] = {
    "throttled": "aws-throttled",
    "denied": "aws-denied",
    "expired": "aws-expired",
    "unsupported": "aws-unsupported",
    "invalid": "aws-rejected",
    "malformed": "aws-malformed",
    "timeout": "aws-timeout",
    "deadline": "aws-timeout",
    "retired": "retired",
}
"""The kind of problem for each ``ReadError.kind``; for others it is ``aws-unavailable``."""


class Problem(Exception):  # noqa: N818 - RFC 9457 calls it so
    """A request that cannot be answered, and the reason.

    Parameters
    ----------
    kind
        A key of ``KINDS``.
    detail
        One or two sentences about this occurrence; nothing internal, no presigned URL.
    members
        Extension members; those that are ``None`` are left out.
    headers
        Further HTTP headers of the answer.
    """

    def __init__(
        self,
        kind: str,
        detail: str,
        *,
        members: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.status, self.title = KINDS[kind]
        self.detail = detail
        self.members = {name: value for name, value in (members or {}).items() if value is not None}
        self.headers = dict(headers or {})
        if self.status in RETRY_AFTER:
            self.headers.setdefault("Retry-After", str(RETRY_AFTER[self.status]))

    def to_dict(self, instance: str) -> dict[str, Any]:
        """The problem document; ``instance`` names the occurrence."""
        return {
            "type": URN + self.kind,
            "title": self.title,
            "status": int(self.status),
            "detail": self.detail,
            "instance": instance,
            **self.members,
        }

    def to_json(self, instance: str) -> str:
        """``to_dict`` as JSON."""
        return json.dumps(self.to_dict(instance), separators=(",", ":"), ensure_ascii=False)


def invalid_parameter(parameter: str, problem: str, allowed: str | Sequence[str]) -> Problem:
    """Make the problem of a parameter that is unknown, repeated or has a wrong value.

    ``allowed`` is the list of allowed values, or a description of them.
    """
    words = [allowed] if isinstance(allowed, str) else list(allowed)
    return Problem(
        "invalid-parameter",
        f"{parameter} {problem}. Allowed: {', '.join(words) or 'nothing'}.",
        members={"parameter": parameter, "allowed": words},
    )


def invalid_token(problem: str) -> Problem:
    """Make the problem of a page token that is damaged or belongs to another query."""
    return Problem(
        "invalid-token",
        f"nextToken {problem}. Take it from the previous answer, and do not change the filters.",
        members={
            "parameter": "nextToken",
            "allowed": ["the nextToken of an answer to the same route and filters"],
        },
    )


def retired(family: str, title: str, day: date) -> Problem:
    """Make the problem of a retired family that is not enabled here."""
    return Problem(
        "retired",
        f"AWS shut down {title} ({family}) on {day.isoformat()}: its jobs cannot be read from AWS any more. "
        "Jobs that were stored before can be read without maxAge.",
        members={"family": family, "retired": day.isoformat(), "retryable": False},
    )


def of_read_error(error: ReadError, source: str) -> Problem:
    """Make the problem of a failed read of AWS, for a request that needs this one read."""
    return Problem(
        _OF_READ_ERROR.get(error.kind, "aws-unavailable"),
        f"{error.operation or 'The call'} of {source} failed: {error.code}: {error.message}",
        members={
            "awsCode": error.code,
            "source": source,
            "operation": error.operation,
            "retryable": error.retryable,
        },
    )
