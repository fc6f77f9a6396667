"""Filters as parameters of a route: one for each field of ``JobFilter``, which the route gets made."""

import functools
import inspect
from collections.abc import Callable, Collection
from typing import Any

from aws_lambda_powertools.event_handler import Response

from handlers.api.parameters import FILTERS
from jobview.model import JobFilter

Route = Callable[..., Response[Any]]


def filtered(*, only: Collection[str] = tuple(FILTERS), without: Collection[str] = ()) -> Callable[[Route], Route]:
    """Decorate a route that takes one ``JobFilter``: Powertools sees the parameters of the filters in its place.

    Parameters
    ----------
    only, without
        Fields of ``JobFilter`` that the route offers as filters, and fields that it does not.
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
    """The filter that the values of a request make; several values of a filter are a set."""
    values: dict[str, Any] = {
        field: frozenset(value) if isinstance(value, list) else value
        for field, value in given.items()
        if value is not None
    }
    return JobFilter(**values)
