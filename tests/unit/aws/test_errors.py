import socket
from collections.abc import Callable
from typing import Any

import botocore.exceptions as aws
import botocore.session
import pytest
from urllib3.connection import HTTPConnection
from urllib3.exceptions import NameResolutionError, NewConnectionError

from jobview.aws.errors import MESSAGE_LIMIT, ReadFailure, classify, coverage_status, failure
from jobview.aws.presigned import presigned, redact
from jobview.catalogue import FAMILIES, SERVICE_MODELS
from jobview.model import CoverageStatus, ErrorKind, ReadError

PRESIGNED = "https://bucket.s3.amazonaws.com/failed.json?X-Amz-Algorithm=AWS4&X-Amz-Credential=AKIA&X-Amz-Signature=ab"


def answered(code: str, message: str = "no", status: int = 400) -> aws.ClientError:
    response: Any = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return aws.ClientError(response, "ListImportJobs")


@pytest.mark.parametrize(
    ("code", "kind", "retryable"),
    [
        ("ThrottlingException", ErrorKind.THROTTLED, True),
        ("Throttling", ErrorKind.THROTTLED, True),
        ("TooManyRequestsException", ErrorKind.THROTTLED, True),
        ("RequestLimitExceeded", ErrorKind.THROTTLED, True),
        ("ProvisionedThroughputExceededException", ErrorKind.THROTTLED, True),
        ("SlowDown", ErrorKind.THROTTLED, True),
        ("AccessDenied", ErrorKind.DENIED, False),
        ("AccessDeniedException", ErrorKind.DENIED, False),
        ("UnauthorizedOperation", ErrorKind.DENIED, False),
        ("ExpiredToken", ErrorKind.EXPIRED, False),
        ("ExpiredTokenException", ErrorKind.EXPIRED, False),
        ("UnrecognizedClientException", ErrorKind.EXPIRED, False),
        ("OptInRequired", ErrorKind.UNSUPPORTED, False),
        ("SubscriptionRequiredException", ErrorKind.UNSUPPORTED, False),
        ("UnknownOperationException", ErrorKind.UNSUPPORTED, False),
        ("ResourceNotFoundException", ErrorKind.NOT_FOUND, False),
        ("ValidationException", ErrorKind.INVALID, False),
        ("RequestTimeoutException", ErrorKind.TIMEOUT, True),
        ("InternalServerException", ErrorKind.SERVICE, True),
        ("ConflictException", ErrorKind.SERVICE, True),
        ("AutomationExecutionNotFoundException", ErrorKind.NOT_FOUND, False),
        ("InvalidFilterKey", ErrorKind.INVALID, False),
        ("DependencyFailureException", ErrorKind.SERVICE, True),
        ("SomethingNew", ErrorKind.SERVICE, False),
        ("503", ErrorKind.SERVICE, True),
        ("404", ErrorKind.SERVICE, False),
    ],
)
@pytest.mark.parametrize("status", [400, 403, 429, 500])
def test_the_code_decides_and_never_the_status(code: str, kind: ErrorKind, retryable: bool, status: int) -> None:
    error = classify(answered(code, status=status), "ListImportJobs")
    assert (error.kind, error.code, error.retryable) == (kind.value, code, retryable)
    assert error.operation == "ListImportJobs"


@pytest.mark.parametrize(
    ("error", "kind", "retryable"),
    [
        (aws.ReadTimeoutError(endpoint_url="https://x"), ErrorKind.TIMEOUT, True),
        (aws.ConnectTimeoutError(endpoint_url="https://x"), ErrorKind.TIMEOUT, True),
        (aws.ConnectionClosedError(endpoint_url="https://x"), ErrorKind.CONNECTION, True),
        (aws.SSLError(endpoint_url="https://x", error=OSError("bad certificate")), ErrorKind.CONNECTION, True),
        (aws.IncompleteReadError(actual_bytes=1, expected_bytes=2), ErrorKind.CONNECTION, True),
        (ConnectionResetError("reset"), ErrorKind.CONNECTION, True),
        (aws.NoCredentialsError(), ErrorKind.EXPIRED, False),
        (aws.CredentialRetrievalError(provider="sso", error_msg="over"), ErrorKind.EXPIRED, False),
        (aws.UnauthorizedSSOTokenError(), ErrorKind.EXPIRED, False),
        (aws.LoginRefreshRequired(), ErrorKind.EXPIRED, False),
        (aws.NoRegionError(), ErrorKind.UNSUPPORTED, False),
        (aws.UnknownEndpointError(service_name="x", region_name="y"), ErrorKind.UNSUPPORTED, False),
        (aws.InvalidRegionError(region_name="no such"), ErrorKind.UNSUPPORTED, False),
        (aws.UnknownServiceError(service_name="x", known_service_names="y"), ErrorKind.UNSUPPORTED, False),
        (aws.ParamValidationError(report="Missing required parameter"), ErrorKind.INVALID, False),
        (aws.InvalidConfigError(error_msg="?"), ErrorKind.SERVICE, False),
        (AttributeError("'list' object has no attribute 'get'"), ErrorKind.MALFORMED, True),
    ],
)
def test_what_never_got_an_answer(error: Exception, kind: ErrorKind, retryable: bool) -> None:
    told = classify(error, "GetJob")
    assert (told.kind, told.code, told.retryable) == (kind.value, type(error).__name__, retryable)


def unreachable(cause: Exception) -> aws.EndpointConnectionError:
    return aws.EndpointConnectionError(endpoint_url="https://panorama.eu-central-1.amazonaws.com/jobs", error=cause)


def unresolved(number: int) -> aws.EndpointConnectionError:
    try:
        raise NameResolutionError("panorama", HTTPConnection("panorama"), socket.gaierror(number, "?")) from (
            socket.gaierror(number, "Name or service not known")
        )
    except NewConnectionError as error:
        return unreachable(error)


def test_a_host_that_does_not_exist_is_a_region_without_the_service() -> None:
    told = classify(unresolved(socket.EAI_NONAME), "ListPackageImportJobs")
    assert told.kind == ErrorKind.UNSUPPORTED
    assert "panorama.eu-central-1.amazonaws.com does not exist" in told.message


def test_a_resolver_that_only_fails_for_now_is_a_connection_failure() -> None:
    assert classify(unresolved(socket.EAI_AGAIN), None).kind == ErrorKind.CONNECTION


def test_a_refused_connection_is_a_connection_failure() -> None:
    assert classify(unreachable(ConnectionRefusedError()), None).kind == ErrorKind.CONNECTION


def test_a_circle_of_causes_ends() -> None:
    cause = ConnectionRefusedError()
    other = OSError()
    cause.__cause__, other.__cause__ = other, cause
    assert classify(unreachable(cause), None).kind == ErrorKind.CONNECTION


@pytest.mark.parametrize(
    ("region", "kind"),
    [
        ("af-south-1", ErrorKind.UNSUPPORTED),
        ("us-east-1", ErrorKind.EXPIRED),
        (None, ErrorKind.EXPIRED),
        # Nothing has to be enabled in the other partitions.
        *((each, ErrorKind.EXPIRED) for each in ("cn-north-1", "us-gov-west-1", "eusc-de-east-1", "us-isob-east-1")),
    ],
)
@pytest.mark.parametrize(
    "code", ["UnrecognizedClientException", "UnrecognizedClient", "InvalidClientTokenId", "AuthFailure"]
)
def test_unknown_credentials_in_a_region_that_has_to_be_enabled(code: str, region: str | None, kind: ErrorKind) -> None:
    told = classify(answered(code, "The security token is invalid"), "X", region=region)
    assert told.kind == kind
    assert ("has to be enabled" in told.message) == (kind is ErrorKind.UNSUPPORTED)


def test_a_classified_failure_stays_as_it_is() -> None:
    stopped = failure(ErrorKind.DEADLINE, "DeadlineExceeded", "over", "X")
    assert classify(stopped, "Y") is stopped.error
    assert str(stopped) == "DeadlineExceeded: over"


def test_messages_are_bounded_redacted_and_never_empty() -> None:
    assert len(classify(answered("X", "m" * 5000), None).message) == MESSAGE_LIMIT
    assert "Signature" not in classify(answered("X", f"see {PRESIGNED}"), None).message
    assert classify(answered("ConflictException", ""), None).message == "ConflictException without a message"
    assert classify(aws.ClientError({}, "X"), None).code == "Unknown"


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (ErrorKind.THROTTLED, CoverageStatus.THROTTLED),
        (ErrorKind.DENIED, CoverageStatus.DENIED),
        (ErrorKind.UNSUPPORTED, CoverageStatus.UNSUPPORTED),
        (ErrorKind.RETIRED, CoverageStatus.RETIRED),
        (ErrorKind.EXPIRED, CoverageStatus.FAILED),
        (ErrorKind.MALFORMED, CoverageStatus.FAILED),
        (ErrorKind.DEADLINE, CoverageStatus.STALE),
    ],
)
def test_the_coverage_of_a_source_that_failed(kind: ErrorKind, status: CoverageStatus) -> None:
    assert coverage_status(failure(kind, "X", "x").error) is status


@pytest.mark.parametrize(
    "url",
    [
        PRESIGNED,
        "https://b.s3.amazonaws.com/k?AWSAccessKeyId=A&Signature=x%3D&Expires=1",
        "https://b/k?x-amz-security-token=abc",
        "https://b/k?a=b&x-amz-signature=00",
    ],
)
def test_presigned_urls_are_recognised_and_redacted(url: str) -> None:
    assert presigned(url)
    assert redact(f'failed: "{url}", again') == 'failed: "[presigned URL removed]", again'


@pytest.mark.parametrize("text", ["s3://bucket/key", "https://b/k?versionId=3", "a = b", "signature=none"])
def test_other_texts_are_left_alone(text: str) -> None:
    assert not presigned(text)
    assert redact(text) == text


def test_only_the_presigned_url_of_a_text_is_redacted() -> None:
    assert redact(f"see https://b/k?versionId=3 and {PRESIGNED}") == (
        "see https://b/k?versionId=3 and [presigned URL removed]"
    )


def test_a_failure_of_our_own_may_say_that_it_can_be_tried_again() -> None:
    make: Callable[..., ReadFailure] = failure
    errors: list[ReadError] = [
        make(ErrorKind.NOT_FOUND, "X", "x", retryable=True).error,
        make(ErrorKind.NOT_FOUND, "X", "x").error,
    ]
    assert [error.retryable for error in errors] == [True, False]


def test_every_error_of_the_operations_that_are_called_is_known() -> None:
    core = botocore.session.Session(session_vars={"profile": (None, None, None, None)})
    core.get_component("data_loader").search_paths.append(str(SERVICE_MODELS))
    codes = {
        (shape.metadata.get("error", {}).get("code", shape.name), call.operation)
        for declared in FAMILIES.values()
        for service, call in declared.calls_by_service
        for shape in core.get_service_model(service).operation_model(call.operation).error_shapes
    }
    read = {(code, classify(answered(code), operation)) for code, operation in codes}
    assert {code for code, error in read if error.kind == ErrorKind.SERVICE and not error.retryable} == set()
