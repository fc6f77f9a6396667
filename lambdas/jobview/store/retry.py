"""Retries of DynamoDB requests, and the error when the table stays busy."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import ClientError

ATTEMPTS = 8
_BASE, _CAP = 0.05, 2.0

BUSY = frozenset(
    {
        "InternalServerError",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingException",
        "TransactionInProgressException",
    }
)
"""Error codes after which the same request may be sent again."""


class StoreBusyError(Exception):
    """DynamoDB kept throttling, or others kept writing the same items; ``code`` is the last reason."""

    def __init__(self, code: str, what: str) -> None:
        super().__init__(f"the store is busy ({code}): {what}; try again")
        self.code = code


def pause(attempt: int) -> float:
    """Seconds to wait before retry number ``attempt`` (from 1): exponential, with full jitter."""
    return random.uniform(0, min(_CAP, _BASE * 2**attempt))  # noqa: S311 (spreads retries, keeps no secret)


def code_of(error: ClientError) -> str:
    """AWS's error code."""
    return error.response.get("Error", {}).get("Code", "")


@contextmanager
def naming_busy(what: str) -> Iterator[None]:
    """Turn throttling that remains after botocore's own retries into ``StoreBusyError``."""
    try:
        yield
    except ClientError as error:
        if code_of(error) in BUSY:
            raise StoreBusyError(code_of(error), what) from error
        raise
