"""The jobs in a list: those that match its filters and its listing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from jobview.catalogue.family import Family, ListCall
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
    job is in one of them.
    """
    since, words = _filters(family, parameters, known)
    each = call.each if since is None else ()
    asked = _asked(family, call, parameters) if each else None
    return [
        job
        for job in jobs
        if (since is None or job.life.created >= since)
        and (words is None or job.word(now) in words)
        and (asked is None or _listing(call, job.word(now)) == asked)
    ]


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
        placed = {name: inner for name, inner in template.items() if inputs.placeholders(inner)}
        for name, value in (inputs.bound(placed, parameters, known) or {}).items() if placed else ():
            since = inputs.moment(value) if name.startswith("since") else since
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
