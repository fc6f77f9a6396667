"""Which jobs a list tells: those that its filters, and the listing that is asked for, let through."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from jobview.catalogue.family import Family, ListCall
from jobview.model import State
from local.standin.generic import inputs
from local.standin.generic.jobs import Job


def shown(
    family: Family, jobs: Sequence[Job], parameters: Mapping[str, Any], known: Mapping[str, str], now: datetime
) -> list[Job]:
    """Return the jobs that a call of the family's list tells, in the order of ``jobs``.

    Where the call filters by the time of creation, nothing else counts, as Batch has it; where the family takes
    several listings to tell every job, each job is in one of them.
    """
    since, words = _filters(family, parameters, known)
    each = family.list.each if since is None else ()
    asked = _asked(family, parameters) if each else None
    return [
        job
        for job in jobs
        if (since is None or job.life.created >= since)
        and (words is None or job.word(now) in words)
        and (asked is None or _listing(family.list, job.word(now)) == asked)
    ]


def _filters(
    family: Family, parameters: Mapping[str, Any], known: Mapping[str, str]
) -> tuple[datetime | None, set[str] | None]:
    """Return the time since which jobs are asked for, and the status words; ``None`` where any will do."""
    since: datetime | None = None
    words: set[str] | None = None
    narrowing = family.list.narrowing
    for template in () if narrowing is None else narrowing.inputs:
        asked = inputs.words_at(template, parameters, family.states)
        words = words if asked is None else asked
        placed = {name: inner for name, inner in template.items() if inputs.placeholders(inner)}
        for name, value in (inputs.bound(placed, parameters, known) or {}).items() if placed else ():
            since = inputs.moment(value) if name.startswith("since") else since
    return since, words


def _listing(call: ListCall, word: str) -> Mapping[str, object]:
    """Return which of several listings tells the jobs of a word: the one that names it, else the first."""
    return next((each for each in call.each if word in inputs.constants(each)), call.each[0])


def _asked(family: Family, parameters: Mapping[str, Any]) -> Mapping[str, object]:
    """Return which listing a call asks for; as Batch does, the one of running jobs where it names none."""
    for each in family.list.each:
        if all(parameters.get(name) == value for name, value in each.items()):
            return each
    running = next((word for word, state in family.states.items() if state is State.RUNNING), "")
    return _listing(family.list, running)
