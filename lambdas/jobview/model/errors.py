"""The kinds of failed reads."""

from enum import StrEnum


class ErrorKind(StrEnum):
    """The kind of a failed read, as far as a caller has to know."""

    THROTTLED = "throttled"
    DENIED = "denied"
    EXPIRED = "expired"
    """The credentials are missing, wrong or no longer valid."""
    UNSUPPORTED = "unsupported"
    """The region or the account does not have the service."""
    NOT_FOUND = "not_found"
    INVALID = "invalid"
    """AWS, or the check before the call, refused the request."""
    TIMEOUT = "timeout"
    CONNECTION = "connection"
    MALFORMED = "malformed"
    """The answer does not match the service's model."""
    RETIRED = "retired"
    """AWS has shut the service down."""
    DEADLINE = "deadline"
    """The time that the caller gave was over."""
    SERVICE = "service"
    """The service failed, or returned an unknown code."""
