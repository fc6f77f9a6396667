"""The jobs in a list: those that match its filters and its listing."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from jobview.catalogue.family import Family
from jobview.catalogue.operations import ListCall
from jobview.model import State
from local.standin.generic import inputs
from local.standin.generic.jobs import Job


def shown(
    family: Family,
    call: ListCall,
    jobs: Sequence[Job],
    parameters: Mapping[str, Any],
    known: Mapping[str, str],
    now: datetime,
) -> list[Job]:
    """Return the jobs that a call of the family's list returns, in the order of ``jobs``.

    A filter by creation time overrides all others, as in Batch. If the family needs several listings for all jobs, each
    job is in one of them. A list that requires a period has the jobs in it.
    """
    since, words = _filters(family, parameters, known)
    period = period_of(call, parameters, known)
    each = call.each if since is None else ()
    asked = _asked(family, call, parameters) if each else None
    return [
        job
        for job in jobs
        if (since is None or job.life.created >= since)
        and (period is None or period[0] <= job.life.created <= period[1])
        and (words is None or job.word(now) in words)
        and (asked is None or _listing(call, job.word(now)) == asked)
    ]


def period_of(
    call: ListCall, parameters: Mapping[str, Any], known: Mapping[str, str]
) -> tuple[datetime, datetime] | None:
    """Return the start and the end that a call asks for, where the list requires a period."""
    if call.window is None:
        return None
    found = _times(call.inputs, parameters, known)
    return found["since"], found.get("until", datetime.max.replace(tzinfo=UTC))


def refused(call: ListCall, parameters: Mapping[str, Any], known: Mapping[str, str], now: datetime) -> str | None:
    """Return why a service would refuse the period that a call asks for."""
    period = period_of(call, parameters, known)
    if call.window is None or period is None:
        return None
    start, end = period
    if start < now - call.window.length:
        return f"the start is before what is retained: {start:%Y-%m-%dT%H:%M:%SZ}"
    if end < start:
        return "the end is before the start"
    if call.window.longest is not None and end - start > call.window.longest:
        return f"the period is longer than {call.window.longest}"
    return None


def _times(
    templates: Mapping[str, object], parameters: Mapping[str, Any], known: Mapping[str, str]
) -> dict[str, datetime]:
    """Return the times that stand in a call's inputs, by ``since`` and ``until``."""
    found: dict[str, datetime] = {}
    for name, inner in templates.items():
        for placeholder, value in (inputs.bound(inner, parameters.get(name), known) or {}).items():
            moment = inputs.moment(value)
            for which in ("since", "until"):
                if placeholder.startswith(which) and moment is not None:
                    found[which] = moment
    return found


def _filters(
    family: Family, parameters: Mapping[str, Any], known: Mapping[str, str]
) -> tuple[datetime | None, set[str] | None]:
    """Return the start of the time range and the status words of a call; ``None`` for no filter."""
    since: datetime | None = None
    words: set[str] | None = None
    narrowing = family.narrowing
    for template in () if narrowing is None else narrowing.inputs:
        asked = inputs.words_at(template, parameters, family.states)
        words = words if asked is None else asked
        since = _times(template, parameters, known).get("since", since)
    return since, words


def _listing(call: ListCall, word: str) -> Mapping[str, object]:
    """Return the listing that has the jobs with a status word: the one that names the word, else the first."""
    return next((each for each in call.each if word in inputs.constants(each)), call.each[0])


def _asked(family: Family, call: ListCall, parameters: Mapping[str, Any]) -> Mapping[str, object]:
    """Return the listing of a call; without a status the one of running jobs, as in Batch."""
    for each in call.each:
        if all(parameters.get(name) == value for name, value in each.items()):
            return each
    running = next((word for word, state in family.states.items() if state is State.RUNNING), "")
    return _listing(call, running)
