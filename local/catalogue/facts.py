"""The paths of a job's facts in a record, checked against its shape, with formats of times and states of words."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from botocore.model import Shape

from jobview.catalogue import language
from jobview.catalogue.language import NOT_HERE, Job
from jobview.catalogue.records import Fields, Logs, TimeFormat
from jobview.collect.logs import paths_of
from jobview.collect.templates import PLACEHOLDERS
from jobview.model import State
from local.catalogue import deriving
from local.catalogue.deriving import UndecidedError
from local.catalogue.models import PathError, resolve

_UNITS = {language.Seconds: TimeFormat.SECONDS, language.Milliseconds: TimeFormat.MILLISECONDS}


def merged(listed: Job, got: Job) -> Job:
    """The facts of a got record: those of the list, except where others are declared."""
    empty = Job()
    changed: dict[str, Any] = {
        each.name: None if getattr(got, each.name) == NOT_HERE else getattr(got, each.name)
        for each in fields(Job)
        if getattr(got, each.name) != getattr(empty, each.name)
    }
    return replace(listed, **changed)


def fields_of(
    job: Job, shape: Shape, where: str, *, has_id: bool = True, others: frozenset[str] = frozenset()
) -> Fields:
    """The paths of a declaration, each of which exists in the record's shape; ``where`` names the record in errors.

    Without ``has_id`` the record need not have the job's id. ``others`` are the types of the family's parents, which
    are placeholders of templates.

    Raises
    ------
    UndecidedError
        A path is not in the shape, or the format of a time is unknown.
    """
    if has_id and job.id is None:
        raise UndecidedError(f"{where} has no id")
    for path in _paths(job, PLACEHOLDERS | others):
        try:
            resolve(path, shape)
        except PathError as error:
            raise UndecidedError(f"{where}: {error}") from error
    return Fields(
        id=job.id,
        status=job.status,
        parent=job.parent,
        name=job.name,
        created=job.created,
        started=job.started,
        updated=job.updated,
        ended=job.ended,
        time_formats=_time_formats(job, shape, where),
        reason=job.reason,
        causes=job.causes,
        role=job.role,
        progress=job.progress,
        inputs=job.inputs,
        outputs=job.outputs,
        tags=job.tags,
        generation=job.counter,
        when=job.when,
        counts=job.counts,
        parts=job.parts,
        logs=_logs(job),
    )


def _logs(job: Job) -> tuple[Logs, ...]:
    places = (job.logs,) if isinstance(job.logs, Logs) else tuple(job.logs)
    for place in places:
        if place.stream is not None and place.prefix is not None:
            raise UndecidedError(f"logs in {place.group} have a stream and a prefix: declare one of them")
    return places


def _time_formats(job: Job, shape: Shape, where: str) -> dict[str, TimeFormat]:
    """The formats of a record's times that are not timestamps."""
    found: dict[str, TimeFormat] = {}
    for name in ("created", "started", "updated", "ended"):
        path: str | None = getattr(job, name)
        if path is None:
            continue
        try:
            written = deriving.time_format(path, shape, _UNITS.get(type(path)))
        except UndecidedError as error:
            raise UndecidedError(f"{where}: {error}") from error
        if written is not None:
            found[name] = written
    return found


def _paths(job: Job, others: frozenset[str]) -> list[str]:
    """Every path of a fact in a record, except those inside causes and parts.

    ``others`` are the placeholders of templates that are not in the record.
    """
    single = [
        getattr(job, name)
        for name in (
            "id", "status", "parent", "name", "created", "started", "updated", "ended", "reason", "role", "progress",
            "tags", "counter",
        )
    ]  # fmt: skip
    several = [*job.inputs, *job.outputs, *(cause.at for cause in job.causes), *(rule.path for rule in job.when)]
    counts = job.counts
    if counts is not None:
        several += [*counts.paths, *counts.running]
    if job.parts is not None:
        several.append(job.parts.path)
    several += paths_of(_logs(job), others)
    return [path for path in (*single, *several) if path is not None]


def states_of(declared: language.Family, record: Shape | None, got: Shape | None) -> dict[str, State]:
    """Every status word with its state, in the order of the model's enum."""
    status, shape = declared.job.status, record
    if got is not None and (status is None or shape is None):
        status, shape = merged(declared.job, declared.got).status, got
    if status is None or shape is None:
        raise UndecidedError("neither list nor get has a status")
    return states_in(declared.states, status, shape)


def states_in(states: Mapping[State, str | tuple[str, ...]], status: str, shape: Shape) -> dict[str, State]:
    """The declared states of the words of the status at a path, in the order of the model's enum."""
    known_states = {
        word: state for state, words in states.items() for word in (words.split() if isinstance(words, str) else words)
    }
    known = deriving.words(resolve(status, shape).shape)
    if known and set(known) != set(known_states):
        absent, unknown = (
            [word for word in known if word not in known_states],
            [word for word in known_states if word not in known],
        )
        raise UndecidedError(f"states: not declared {absent}, not in the model {unknown}")
    return {word: known_states[word] for word in known or known_states}
