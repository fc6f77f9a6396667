import json
from datetime import date

import pytest

from jobview.http import problems
from jobview.http.problems import Problem
from jobview.model import ErrorKind, ReadError


def test_a_problem_has_the_members_of_the_rfc_and_its_own() -> None:
    told = json.loads(problems.invalid_parameter("limit", "is '0'", "1 to 500").to_json("urn:x:1"))
    assert told == {
        "type": "urn:jobview:problem:invalid-parameter",
        "title": "A parameter is wrong",
        "status": 400,
        "detail": "limit is '0'. Allowed: 1 to 500.",
        "instance": "urn:x:1",
        "parameter": "limit",
        "allowed": ["1 to 500"],
    }


@pytest.mark.parametrize("kind", sorted(problems.KINDS))
def test_every_kind_can_be_answered_and_says_when_to_retry(kind: str) -> None:
    problem = Problem(kind, "why", members={"parameter": None})
    told = problem.to_dict("urn:x:1")
    assert set(told) == {"type", "title", "status", "detail", "instance"}
    assert ("Retry-After" in problem.headers) == (told["status"] in (429, 503))


@pytest.mark.parametrize("kind", list(ErrorKind))
def test_every_kind_of_read_error_is_a_problem(kind: ErrorKind) -> None:
    error = ReadError(kind=kind.value, code="C", message="m", operation="ListX", retryable=True)
    problem = problems.of_read_error(error, "glue:us-east-1:1:job-run")
    assert problem.kind.startswith("aws-") or problem.kind == "retired"
    assert problem.members == {
        "awsCode": "C",
        "source": "glue:us-east-1:1:job-run",
        "operation": "ListX",
        "retryable": True,
    }
    assert "ListX of glue:us-east-1:1:job-run failed: C: m" in problem.detail


def test_an_error_without_an_operation_is_reported_without_one() -> None:
    error = ReadError(kind="deadline", code="Deadline", message="m", operation=None, retryable=True)
    problem = problems.of_read_error(error, "s")
    assert problem.kind == "aws-timeout"
    assert "operation" not in problem.members


def test_a_retired_family_names_its_day() -> None:
    problem = problems.retired("panorama/package-import", "AWS Panorama package import", date(2026, 5, 31))
    assert problem.status == 410
    assert problem.members["retired"] == "2026-05-31"
    assert "2026-05-31" in problem.detail
