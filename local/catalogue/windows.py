"""The period that a list requires: which inputs take its start and its end, and which jobs that leaves out. Pure."""

import re
from collections.abc import Mapping
from datetime import timedelta

from botocore.model import Shape, StringShape

from jobview.catalogue.language import SINCE, UNTIL, Family, Moment
from jobview.catalogue.operations import Window
from jobview.catalogue.records import TimeFormat
from local.catalogue import deriving, models
from local.catalogue.deriving import NUMBERS, UndecidedError

_START = re.compile(r"start|begin|from|after|since|earliest", re.IGNORECASE)
_END = re.compile(r"[Ee]nd|[Uu]ntil|[Bb]efore|[Ll]atest|(^to|To)($|[A-Z])")
_SHORTEST = timedelta(days=1)
_KEPT = re.compile(r"(\d+) (hour|day|week|month|year)s?")
_UNITS = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "month": timedelta(days=30),
    "year": timedelta(days=365),
}


def required(service: str, operation: str, bound: Mapping[str, object]) -> dict[str, str]:
    """The inputs of a list that have to say a start and an end, and are not bound: each with its placeholder.

    Raises
    ------
    UndecidedError
        There are several of a kind, or nothing says in which form one takes a time.
    """
    shape = models.inputs(service, operation)
    left = {name: shape.members[name] for name in shape.required_members if name not in bound}
    times = {name: member for name, member in left.items() if _is_time(name, member)}
    found: dict[str, str] = {}
    for moment, pattern, what in ((SINCE, _START, "start"), (UNTIL, _END, "end")):
        names = [name for name in times if pattern.search(name)]
        if len(names) > 1:
            raise UndecidedError(f"{operation}: which of {', '.join(names)} is the {what}? Declare the inputs")
        found |= {name: _formed(moment, name, times[name], operation) for name in names}
    return found


def window(declared: Family, inputs: Mapping[str, object]) -> Window | None:
    """The declared period, once the inputs of the list have its times.

    Raises
    ------
    UndecidedError
        The inputs have times and nothing says how far they reach, or the reverse; or the period is too short.
    """
    if declared.window is None:
        if _has(inputs, SINCE) or _has(inputs, UNTIL):
            raise UndecidedError(
                f"{declared.list} requires a period: declare window, as far back as the service keeps the jobs"
            )
        if declared.window_span is not None:
            raise UndecidedError("window_span without a window")
        return None
    if not _has(inputs, SINCE):
        raise UndecidedError(f"{declared.list}: which input takes the start of the window? Put SINCE into inputs")
    if declared.since is not None:
        raise UndecidedError("since: a list with a window is asked for less by a later start; leave it out")
    if min(declared.window, _SHORTEST if declared.window_span is None else declared.window_span) < _SHORTEST:
        raise UndecidedError(f"window: is {declared.window}; allowed: a day or more, and so for window_span")
    return Window(length=declared.window, longest=declared.window_span)


def without_times(inputs: Mapping[str, object]) -> dict[str, object]:
    """The inputs of a list that its get may need too."""
    return {name: value for name, value in inputs.items() if not (_has(value, SINCE) or _has(value, UNTIL))}


def lists_only(declared: Family) -> str | None:
    """Which jobs a list tells, in words: where it has a window, those of that time, if the service keeps more."""
    if declared.window is None or declared.lists_only is not None:
        return declared.lists_only
    kept = _KEPT.fullmatch(declared.retention or "")
    if kept is not None and int(kept[1]) * _UNITS[kept[2]] <= declared.window:
        return None
    return f"jobs of the last {declared.window.days} days"


def _is_time(name: str, shape: Shape) -> bool:
    if shape.type_name == "timestamp":
        return True
    return (shape.type_name in NUMBERS or isinstance(shape, StringShape)) and deriving.says_time(name, shape)


def _formed(moment: Moment, name: str, shape: Shape, operation: str) -> str:
    if shape.type_name == "timestamp":
        return str(moment)
    if isinstance(shape, StringShape):
        return moment.text
    told = deriving.units(shape)
    if told == {TimeFormat.SECONDS}:
        return moment.seconds
    if told == {TimeFormat.MILLISECONDS}:
        return moment.milliseconds
    raise UndecidedError(
        f"{operation}: the model does not say whether {name} is in seconds or milliseconds: "
        f"declare the input, as {'SINCE' if moment == SINCE else 'UNTIL'}.seconds or .milliseconds"
    )


def _has(template: object, moment: Moment) -> bool:
    """True where a time stands in a template, in any form and at any depth."""
    if isinstance(template, str):
        return template.startswith(moment[:-1])
    if isinstance(template, Mapping):
        return any(_has(inner, moment) for inner in template.values())
    return isinstance(template, list | tuple) and any(_has(inner, moment) for inner in template)
