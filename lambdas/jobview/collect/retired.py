"""Services that AWS has ended: their missing endpoints are not a matter of region."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from jobview.aws.errors import ReadFailure
from jobview.catalogue.family import Family
from jobview.model import ErrorKind, ReadError


def judge(family: Family, error: ReadError, today: date) -> ReadError:
    """The error, as kind retired where the service is not there any more because AWS has ended it."""
    if family.retired is None or today < family.retired or error.kind != ErrorKind.UNSUPPORTED:
        return error
    return replace(
        error,
        kind=ErrorKind.RETIRED.value,
        message=f"AWS ended {family.service} on {family.retired.isoformat()}: {error.message}",
        retryable=False,
    )


@contextmanager
def judged(family: Family, today: date) -> Iterator[None]:
    """Within it, every ``ReadFailure`` is judged."""
    try:
        yield
    except ReadFailure as stopped:
        raise ReadFailure(judge(family, stopped.error, today)) from stopped
