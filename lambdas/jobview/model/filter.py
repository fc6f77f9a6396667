"""The filters of a list of jobs, from the query string to the store.

A new filter needs one field here, and the line in ``store.listing`` that applies it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from types import MappingProxyType
from typing import Annotated, Any, get_type_hints

from jobview.model.job import State
from jobview.model.moments import rfc3339


class FilterKind(Enum):
    """The type of a filter's values. ``handlers.api.parameters`` defines their format in a query string."""

    SERVICES = auto()
    TYPES = auto()
    STATES = auto()
    ACCOUNTS = auto()
    REGIONS = auto()
    TEXT = auto()
    TIME = auto()
    TRUTH = auto()


@dataclass(frozen=True, slots=True)
class FilterParameter:
    """A filter as a parameter of the API."""

    name: str
    """The parameter's name in the query string."""
    kind: FilterKind
    description: str
    """For the OpenAPI document."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JobFilter:
    """The filters of a list of jobs. An empty set or ``None`` filters nothing. A job must match every filter.

    ``…_after`` is inclusive, ``…_before`` exclusive. Without a creation time from the service, the time that orders the
    list is used; without an update time, the latest of the job's other times. ``changed_…`` compare the time at which
    Jobview last saw the job change. Jobs that an earlier version stored lack that time and do not match.
    """

    services: Annotated[
        frozenset[str],
        FilterParameter(
            "service", FilterKind.SERVICES, "Jobs of these services. Several: repeated, or with commas between."
        ),
    ] = frozenset()
    types: Annotated[
        frozenset[str],
        FilterParameter("type", FilterKind.TYPES, "Jobs of these types. Several: as for service."),
    ] = frozenset()
    states: Annotated[
        frozenset[State],
        FilterParameter("state", FilterKind.STATES, "Jobs in these states. Several: as for service."),
    ] = frozenset()
    accounts: Annotated[
        frozenset[str],
        FilterParameter(
            "account",
            FilterKind.ACCOUNTS,
            "Jobs of these accounts, which the deployment must monitor. Several: as for service.",
        ),
    ] = frozenset()
    regions: Annotated[
        frozenset[str],
        FilterParameter(
            "region",
            FilterKind.REGIONS,
            "Jobs of these regions, which the deployment must monitor. Those of a global service are in its one"
            " region, such as us-east-1. Several: as for service.",
        ),
    ] = frozenset()
    parent: Annotated[
        str | None,
        FilterParameter(
            "parent", FilterKind.TEXT, "Jobs under the parent (data store, queue, job definition …) with this id."
        ),
    ] = None
    name: Annotated[
        str | None,
        FilterParameter("name", FilterKind.TEXT, "Jobs with exactly this name."),
    ] = None
    created_after: Annotated[
        datetime | None,
        FilterParameter("createdAfter", FilterKind.TIME, "Jobs created at this time or later."),
    ] = None
    created_before: Annotated[
        datetime | None,
        FilterParameter("createdBefore", FilterKind.TIME, "Jobs created before this time."),
    ] = None
    updated_after: Annotated[
        datetime | None,
        FilterParameter(
            "updatedAfter", FilterKind.TIME, "Jobs whose service says that they last changed at this time or later."
        ),
    ] = None
    updated_before: Annotated[
        datetime | None,
        FilterParameter(
            "updatedBefore", FilterKind.TIME, "Jobs whose service says that they last changed before this time."
        ),
    ] = None
    changed_after: Annotated[
        datetime | None,
        FilterParameter(
            "changedAfter", FilterKind.TIME, "Jobs that Jobview last saw change at this time or later (changedAt)."
        ),
    ] = None
    changed_before: Annotated[
        datetime | None,
        FilterParameter(
            "changedBefore", FilterKind.TIME, "Jobs that Jobview last saw change before this time (changedAt)."
        ),
    ] = None
    terminal: Annotated[
        bool | None,
        FilterParameter("terminal", FilterKind.TRUTH, "true: jobs that have ended; false: jobs that may still change."),
    ] = None

    def to_dict(self) -> dict[str, Any]:
        """Return JSON values by parameter. They are equal for equal filters, in any order of the values."""
        return {parameter.name: _json(getattr(self, name)) for name, parameter in FILTER_PARAMETERS.items()}


FILTER_PARAMETERS: Mapping[str, FilterParameter] = MappingProxyType(
    {name: hint.__metadata__[0] for name, hint in get_type_hints(JobFilter, include_extras=True).items()}
)
"""The parameter of each field of ``JobFilter``."""


def _json(value: frozenset[str] | datetime | str | bool | None) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return rfc3339(value) if isinstance(value, datetime) else value
