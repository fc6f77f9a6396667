"""Classifies errors by AWS's error code, never by the HTTP status.

AWS services use different statuses for the same error: HealthLake throttles with 400, HealthImaging with 429.
"""

import re
import socket
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import botocore.exceptions as aws

from jobview.aws.presigned import redact
from jobview.model import CoverageStatus, ErrorKind, ReadError
from jobview.model.partitions import partition

MESSAGE_LIMIT = 1024
"""The longest error message, in characters."""


_CODES: Mapping[ErrorKind, tuple[str, ...]] = {
    ErrorKind.THROTTLED: (
        "ActiveWaitingRequestsExceededException",
        "BandwidthLimitExceeded",
        "CallRateLimitExceededException",
        "EC2ThrottledException",
        "KmsThrottlingException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "ResourceContention",
        "ServiceQuotaExceededException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequests",
        "TooManyRequestsException",
        "TransactionInProgressException",
    ),
    ErrorKind.DENIED: (
        "AccessDenied",
        "AccessDeniedException",
        "AccessDeniedFault",
        "AllAccessDisabled",
        "AuthorizationError",
        "AuthorizationErrorException",
        "Forbidden",
        "ForbiddenException",
        "KMSAccessDeniedException",
        "KmsAccessDeniedException",
        "NotAuthorized",
        "NotAuthorizedException",
        "OperationNotPermittedException",
        "OperationNotPermittedFault",
        "PolicyErrorException",
        "Unauthorized",
        "UnauthorizedException",
        "UnauthorizedOperation",
    ),
    ErrorKind.EXPIRED: (
        "AuthFailure",
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "RequestExpired",
        "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
        "TokenRefreshRequired",
        "UnauthenticatedException",
        "UnrecognizedClient",
        "UnrecognizedClientException",
    ),
    ErrorKind.UNSUPPORTED: (
        "AWSOrganizationsNotInUseException",
        "AccountSetupInProgressException",
        "DisabledOperationException",
        "HomeRegionNotSetException",
        "NoLongerSupportedException",
        "NoManagementAccountSLRExistsException",
        "NotSignedUp",
        "OperationNotEnabledException",
        "OperationNotSupportedException",
        "OptInRequired",
        "RegionSetupInProgressException",
        "SecurityIncidentResponseNotActiveException",
        "SubscriptionRequiredException",
        "UninitializedAccountException",
        "UnknownEndpoint",
        "UnknownOperation",
        "UnknownOperationException",
        "UnsupportedAPIEndpointException",
        "UnsupportedFeatureException",
        "UnsupportedOperation",
        "UnsupportedOperationException",
        "UnsupportedRegionException",
        "UnsupportedUserEditionException",
    ),
    ErrorKind.NOT_FOUND: (
        "EntityNotFoundException",
        "ExecutionDoesNotExist",
        "JobDoesNotExist",
        "NoSuchBucket",
        "NoSuchKey",
        "NotFound",
        "NotFoundException",
        "PipelineDeletedException",
        "ResourceNotFound",
        "ResourceNotFoundException",
        "StateMachineDoesNotExist",
        "UnknownResourceFault",
    ),
    ErrorKind.INVALID: (
        "ArgumentException",
        "BadRequest",
        "BadRequestException",
        "BatchLimitExceededException",
        "ClientException",
        "ContentSizeExceededException",
        "EventDataStoreARNInvalidException",
        "IllegalArgumentException",
        "InactiveEventDataStoreException",
        "InvalidAction",
        "InvalidArgument",
        "InvalidArn",
        "InvalidInput",
        "InvalidInputException",
        "InvalidParameter",
        "InvalidParameterException",
        "InvalidParameterValue",
        "InvalidParameterValueException",
        "InvalidQueryParameter",
        "InvalidRequest",
        "InvalidRequestException",
        "InvalidToken",
        "KMSDisabledException",
        "KMSInvalidStateException",
        "KmsInvalidStateException",
        "MissingParameter",
        "OrganizationStateException",
        "ParameterValidationFailed",
        "SerializationException",
        "StateMachineTypeNotSupported",
        "UnprocessableEntityException",
        "ValidationError",
        "ValidationException",
    ),
    ErrorKind.TIMEOUT: ("RequestTimeout", "RequestTimeoutException"),
    ErrorKind.SERVICE: (
        "BaseException",
        "CFNRegistryException",
        "ConcurrentUpdateException",
        "ConflictException",
        "InternalError",
        "InternalFailure",
        "InternalFailureException",
        "InternalServerError",
        "InternalServerException",
        "InternalServiceError",
        "InternalServiceErrorException",
        "InternalServiceException",
        "InternalServiceFault",
        "OperationFailureException",
        "OperationTimeoutException",
        "ResourceExistsException",
        "ServerException",
        "ServerInternalErrorException",
        "ServerInternalException",
        "ServiceAccountException",
        "ServiceException",
        "ServiceUnavailable",
        "ServiceUnavailableException",
    ),
}
_KINDS: Mapping[str, ErrorKind] = MappingProxyType({code: kind for kind, codes in _CODES.items() for code in codes})

_SPELT = (
    (re.compile(r"NotFound|NotExist|NoSuch"), ErrorKind.NOT_FOUND),
    (re.compile(r"Throttl|TooManyRequests|RateLimitExceeded"), ErrorKind.THROTTLED),
    (re.compile(r"AccessDenied|NotAuthorized|Unauthorized|^AuthorizationException$"), ErrorKind.DENIED),
    (re.compile(r"^(Invalid|Missing)|Validation|RequiredException$"), ErrorKind.INVALID),
    (re.compile(r"^Internal|^Dependency|^ServiceFailure|Unavailable"), ErrorKind.SERVICE),
)
"""The meaning of any other code, by the words in it: services have their own names for these errors."""

_EXCEPTIONS: tuple[tuple[tuple[type[Exception], ...], ErrorKind], ...] = (
    ((aws.ConnectTimeoutError, aws.ReadTimeoutError), ErrorKind.TIMEOUT),
    (
        (
            aws.NoCredentialsError,
            aws.PartialCredentialsError,
            aws.CredentialRetrievalError,
            aws.MetadataRetrievalError,
            aws.NoAuthTokenError,
            aws.TokenRetrievalError,
            aws.SSOError,
            aws.LoginError,
        ),
        ErrorKind.EXPIRED,
    ),
    (
        (
            aws.NoRegionError,
            aws.UnknownEndpointError,
            aws.UnknownRegionError,
            aws.ServiceNotInRegionError,
            aws.EndpointVariantError,
            aws.EndpointProviderError,
            aws.UnknownServiceError,
            aws.InvalidRegionError,
        ),
        ErrorKind.UNSUPPORTED,
    ),
    (
        (aws.ParamValidationError, aws.MissingParametersError, aws.ValidationError, aws.InvalidHostLabelError),
        ErrorKind.INVALID,
    ),
    ((aws.IncompleteReadError, aws.ConnectionError, aws.HTTPClientError, OSError), ErrorKind.CONNECTION),
    ((aws.BotoCoreError,), ErrorKind.SERVICE),
)

_RETRYABLE = frozenset(
    {
        ErrorKind.THROTTLED,
        ErrorKind.TIMEOUT,
        ErrorKind.CONNECTION,
        ErrorKind.MALFORMED,
        ErrorKind.DEADLINE,
    }
)

_NOT_ENABLED_HERE = frozenset(
    {"UnrecognizedClientException", "UnrecognizedClient", "InvalidClientTokenId", "AuthFailure"}
)
"""AWS's codes for wrong credentials. It also returns them in a region that the account has not enabled."""

_ALWAYS_ENABLED = frozenset(
    {
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-northeast-3",
        "ap-south-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "ca-central-1",
        "eu-central-1",
        "eu-north-1",
        "eu-west-1",
        "eu-west-2",
        "eu-west-3",
        "sa-east-1",
        "us-east-1",
        "us-east-2",
        "us-west-1",
        "us-west-2",
    }
)
"""The regions of the ``aws`` partition that are enabled in every account. Newer ones are opt-in (AWS account management
guide). The other partitions have no opt-in regions."""

_COVERAGE: Mapping[ErrorKind, CoverageStatus] = {
    ErrorKind.THROTTLED: CoverageStatus.THROTTLED,
    ErrorKind.DENIED: CoverageStatus.DENIED,
    ErrorKind.UNSUPPORTED: CoverageStatus.UNSUPPORTED,
    ErrorKind.RETIRED: CoverageStatus.RETIRED,
    ErrorKind.DEADLINE: CoverageStatus.STALE,  # the source is fine, the time was too short
}


class ReadFailure(Exception):  # noqa: N818 - it contains a ReadError and is not one
    """A read that failed as a whole. ``error`` is the classified reason."""

    def __init__(self, error: ReadError) -> None:
        super().__init__(f"{error.code}: {error.message}")
        self.error = error


def failure(
    kind: ErrorKind, code: str, message: str, operation: str | None = None, *, retryable: bool | None = None
) -> ReadFailure:
    """Make a ``ReadFailure``. Without ``retryable`` the kind decides."""
    return ReadFailure(
        ReadError(
            kind=kind.value,
            code=code,
            message=message[:MESSAGE_LIMIT],
            operation=operation,
            retryable=kind in _RETRYABLE if retryable is None else retryable,
        )
    )


def classify(error: Exception, operation: str | None, *, region: str | None = None) -> ReadError:
    """Classify an exception of a boto3 call.

    Parameters
    ----------
    error
        The exception.
    operation
        The AWS operation, such as ``ListImportJobs``.
    region
        The region of the call. In an opt-in region, "unknown credentials" may mean that the account has not enabled it.
    """
    if isinstance(error, ReadFailure):
        return error.error
    if isinstance(error, aws.ClientError):
        answered = error.response.get("Error") or {}
        return classify_code(
            str(answered.get("Code") or "Unknown"),
            str(answered.get("Message") or ""),
            operation,
            region=region,
        )
    if isinstance(error, aws.EndpointConnectionError) and (host := _unresolved(error)):
        return failure(
            ErrorKind.UNSUPPORTED,
            type(error).__name__,
            f"the host {host} does not exist: the service has no endpoint in this region, or names cannot be resolved",
            operation,
        ).error
    for types, kind in _EXCEPTIONS:
        if isinstance(error, types):
            return failure(kind, type(error).__name__, redact(str(error)), operation).error
    # botocore's parsers raise plain Python exceptions on unexpected JSON types.
    return failure(
        ErrorKind.MALFORMED,
        type(error).__name__,
        f"the answer could not be parsed: {redact(str(error))}",
        operation,
    ).error


def classify_code(code: str, message: str, operation: str | None, *, region: str | None = None) -> ReadError:
    """Classify an error code of AWS; for ``region`` see ``classify``."""
    message = redact(message) or f"{code} without a message"
    named = _KINDS.get(code) or next((kind for spelt, kind in _SPELT if spelt.search(code)), None)
    kind = named or ErrorKind.SERVICE
    if code in _NOT_ENABLED_HERE and region is not None and _has_to_be_enabled(region):
        kind = ErrorKind.UNSUPPORTED
        message = f"{message} ({region} has to be enabled by the account, which answers so where it is not)"
    # A code of digits is botocore's substitute for an answer without a code, for example from a proxy.
    known = named is not None or (code.isdigit() and int(code) >= 500)
    retryable = kind in _RETRYABLE or (kind is ErrorKind.SERVICE and known)
    return failure(kind, code, message, operation, retryable=retryable).error


def _has_to_be_enabled(region: str) -> bool:
    return partition(region) == "aws" and region not in _ALWAYS_ENABLED


def coverage_status(error: ReadError) -> CoverageStatus:
    """The coverage status of a source after a read that failed with this error."""
    return _COVERAGE.get(ErrorKind(error.kind), CoverageStatus.FAILED)


def _unresolved(error: aws.EndpointConnectionError) -> str | None:
    """The host, if its name does not exist; ``None`` after a temporary failure of the resolver."""
    for cause in _causes(error):
        if isinstance(cause, socket.gaierror) and cause.errno in {socket.EAI_NONAME, _NO_ADDRESS}:
            return re.sub(r"^\w+://([^/:]+).*", r"\1", str(error.kwargs.get("endpoint_url", "")))
    return None


_NO_ADDRESS = getattr(socket, "EAI_NODATA", socket.EAI_NONAME)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exceptions behind an exception. botocore puts them into an argument, others into cause or context."""
    seen: set[int] = set()
    waiting: list[BaseException] = [error]
    while waiting:
        cause = waiting.pop()
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        kept = getattr(cause, "kwargs", {}).get("error") if isinstance(cause, aws.BotoCoreError) else None
        waiting += [other for other in (kept, cause.__cause__, cause.__context__) if isinstance(other, BaseException)]
