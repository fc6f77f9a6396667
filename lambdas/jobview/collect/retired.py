"""Errors of services that AWS has shut down: their missing endpoint does not mean that the region lacks them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from jobview.aws.errors import ReadFailure
from jobview.catalogue.family import Family
from jobview.model import ErrorKind, ReadError


def judge(family: Family, error: ReadError, today: date) -> ReadError:
    """Return the error, with the kind retired if AWS has shut the service down."""
    if family.retired is None or today < family.retired or error.kind != ErrorKind.UNSUPPORTED:
        return error
    return replace(
        error,
        kind=ErrorKind.RETIRED.value,
        message=f"AWS shut down {family.title} on {family.retired.isoformat()}: {error.message}",
        retryable=False,
    )


@contextmanager
def judged(family: Family, today: date) -> Iterator[None]:
    """A context in which ``judge`` is applied to every ``ReadFailure``."""
    try:
        yield
    except ReadFailure as stopped:
        raise ReadFailure(judge(family, stopped.error, today)) from stopped
