"""Filters as parameters of a route: one parameter for each field of ``JobFilter``."""

import functools
import inspect
from collections.abc import Callable, Collection
from typing import Any

from aws_lambda_powertools.event_handler import Response

from handlers.api.parameters import FILTERS
from jobview.model import JobFilter

Route = Callable[..., Response[Any]]


def filtered(*, only: Collection[str] = tuple(FILTERS), without: Collection[str] = ()) -> Callable[[Route], Route]:
    """Decorate a route that takes one ``JobFilter``, so that Powertools sees one parameter for each filter instead.

    Parameters
    ----------
    only, without
        The fields of ``JobFilter`` that the route offers as filters, and the fields that it leaves out.
    """
    fields = [field for field in FILTERS if field in only and field not in without]

    def decorate(route: Route) -> Route:
        @functools.wraps(route)
        def call(**values: Any) -> Response[Any]:
            given = {field: values.pop(field) for field in fields}
            return route(**values, **{place: _filter(given)})

        signature = inspect.signature(route)
        (place,) = [name for name, each in signature.parameters.items() if each.annotation is JobFilter]
        parameters = [
            made
            for name, each in signature.parameters.items()
            for made in ([_parameter(field) for field in fields] if name == place else [each])
        ]
        call.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
        return call

    return decorate


def _parameter(field: str) -> inspect.Parameter:
    return inspect.Parameter(field, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation=FILTERS[field])


def _filter(given: dict[str, Any]) -> JobFilter:
    """Make the filter from a request's values. Several values of one filter become a set."""
    values: dict[str, Any] = {
        field: frozenset(value) if isinstance(value, list) else value
        for field, value in given.items()
        if value is not None
    }
    return JobFilter(**values)
