"""The kinds of failed reads."""

from enum import StrEnum


class ErrorKind(StrEnum):
    """What a failed read means for whoever asked."""

    THROTTLED = "throttled"
    DENIED = "denied"
    EXPIRED = "expired"
    """The credentials are missing, wrong or no longer valid."""
    UNSUPPORTED = "unsupported"
    """The region or the account does not have the service."""
    NOT_FOUND = "not_found"
    INVALID = "invalid"
    """AWS, or the check before the call, refused what was asked."""
    TIMEOUT = "timeout"
    CONNECTION = "connection"
    MALFORMED = "malformed"
    """The answer is not what the service's model promises."""
    RETIRED = "retired"
    """AWS has ended the service."""
    DEADLINE = "deadline"
    """The time that the caller gave was over."""
    SERVICE = "service"
    """The service failed, or answered with a code that is not known here."""
