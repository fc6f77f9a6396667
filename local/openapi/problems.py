"""The error answers of the routes: the model of a problem, and an example of every kind."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from jobview.http import problems
from jobview.model import ReadError


class Problem(BaseModel):
    """An error (RFC 9457). A type is never renamed."""

    model_config = ConfigDict(extra="allow", alias_generator=to_camel)

    type: str = Field(
        json_schema_extra={"enum": [problems.URN + kind for kind in problems.KINDS]},
        examples=["urn:jobview:problem:invalid-parameter"],
    )
    title: str = Field(examples=["A parameter is wrong"])
    status: int = Field(ge=400, le=599, examples=[400])
    detail: str = Field(examples=["limit is '0'. Allowed: a whole number from 1 to 500."])
    instance: str = Field(description="Identifies the request.", examples=["urn:jobview:request:Zx1fgh0oIAMEV5A="])
    parameter: str = Field(default="", description="The parameter that is wrong.", examples=["limit"])
    allowed: list[str] = Field(default=[], description="The allowed values.")
    aws_code: str = Field(default="", description="AWS's own error code.", examples=["ThrottlingException"])
    source: str = Field(default="", description="The source or job that was read.")
    operation: str = Field(default="", description="The AWS operation.", examples=["GetReferenceImportJob"])
    retryable: bool = Field(default=False, description="True where the same request may succeed later.")
    job: str = Field(default="", description="The job that the problem is about.")
    family: str = Field(default="", description="The retired family.", examples=["panorama/package-import"])
    retired: str = Field(default="", description="The day on which AWS shut the service down.", examples=["2026-05-31"])


class Refusal(BaseModel):
    """An answer of API Gateway itself."""

    message: str = Field(examples=["Forbidden"])


_JOB = "sesv2:us-east-1:111122223333:import:a1b2"
_FAILED: dict[str, tuple[str, str, bool]] = {
    "throttled": ("TooManyRequestsException", "Rate exceeded", True),
    "denied": ("AccessDeniedException", "Not allowed to call ses:GetImportJob", False),
    "expired": ("ExpiredTokenException", "The security token is expired", False),
    "unsupported": ("UnknownOperationException", "The region does not have it", False),
    "malformed": ("ResponseParserError", "The answer is not JSON", True),
    "unavailable": ("InternalServiceErrorException", "The service failed", True),
    "timeout": ("ReadTimeoutError", "No answer in time", True),
    "invalid": ("BadRequestException", "The id is malformed", False),
}
"""AWS's code and message for each kind of failed read, and whether a retry may help."""


def _examples() -> Iterator[problems.Problem]:
    """Problems with further members, made by the same code as real ones."""
    yield problems.invalid_parameter("limit", "is '0'", "a whole number from 1 to 500")
    yield problems.invalid_token("is damaged or belongs to another query")
    wrong = "a job id is service:region:account:type[:parent…]:nativeId, with letters, digits, - . _ and ~XX escapes"
    yield problems.Problem("invalid-job-id", wrong, members={"parameter": "id"})
    missing = f"{_JOB} is not in the cache. Add maxAge=0 to read it from AWS now."
    yield problems.Problem("job-not-found", missing, members={"job": _JOB})
    elsewhere = "This deployment does not monitor us-east-1 of account 111122223333."
    yield problems.Problem("not-monitored", elsewhere, members={"job": _JOB})
    yield problems.retired("panorama/package-import", "AWS Panorama package import", date(2026, 5, 31))
    for kind, (code, message, retryable) in _FAILED.items():
        error = ReadError(kind=kind, code=code, message=message, operation="GetImportJob", retryable=retryable)
        yield problems.of_read_error(error, _JOB)
    members = {"awsCode": "NoSuchKey", "source": _JOB, "operation": "GetObject", "retryable": False}
    lost = f"The item-level results of {_JOB} are not there: The specified key does not exist."
    yield problems.Problem("items-not-found", lost, members={"job": _JOB, **members})
    members |= {"source": "medical-imaging", "operation": "GetImageSetMetadata"}
    for kind, code, retryable in (
        ("image-set-not-found", "ResourceNotFoundException", False),
        ("aws-conflict", "ConflictException", True),
    ):
        words = f"GetImageSetMetadata: {problems.KINDS[kind][1]}"
        yield problems.Problem(kind, words, members=members | {"awsCode": code, "retryable": retryable})
    large = "The metadata is larger than 4500000 bytes unpacked: send Accept-Encoding: gzip."
    yield problems.Problem("not-acceptable", large, members={"allowed": ["gzip"]})


_EXAMPLES: Mapping[str, problems.Problem] = {each.kind: each for each in _examples()}


def problem(kind: str) -> dict[str, Any]:
    """An example of a problem."""
    made = _EXAMPLES.get(kind) or problems.Problem(kind, f"{problems.KINDS[kind][1]}.")
    return made.to_dict("urn:jobview:request:Zx1fgh0oIAMEV5A=")
