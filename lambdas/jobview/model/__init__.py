"""The words of Jobview as frozen data: a job and what happens to it, a source and what is known of it, moments."""

from jobview.model.job import (
    TERMINAL_STATES,
    Depth,
    Failures,
    Items,
    JobView,
    Observation,
    Parent,
    State,
    StoredJob,
    Target,
    Transition,
    Via,
)
from jobview.model.moments import parse_time, require_time, rfc3339
from jobview.model.source import UNSETTLED, CadenceKind, Coverage, CoverageStatus, Cursor, ReadError, Schedule, Source

__all__ = [
    "TERMINAL_STATES",
    "UNSETTLED",
    "CadenceKind",
    "Coverage",
    "CoverageStatus",
    "Cursor",
    "Depth",
    "Failures",
    "Items",
    "JobView",
    "Observation",
    "Parent",
    "ReadError",
    "Schedule",
    "Source",
    "State",
    "StoredJob",
    "Target",
    "Transition",
    "Via",
    "parse_time",
    "require_time",
    "rfc3339",
]
