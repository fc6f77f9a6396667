"""The one merge: what is stored and what was observed → what to store now, and the transition if there was one.

Pure and monotonic. Two observations of a job are ranked; the higher one tells the state, whichever comes first, so any
order and any duplicates end in the same state:

1. a later generation (the job was started again) outranks an earlier one;
2. an end outranks what is not an end;
3. before the end, the later observation outranks the earlier one;
4. at the end, the deeper observation outranks the shallower one, and a refined end (partly succeeded, cancelled) the
   plain one; between equals the first observed stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from jobview.model import Depth, JobView, Observation, State, StoredJob, Transition

_REFINEMENT: Mapping[State, int] = MappingProxyType(
    # That a job is gone says the least of how it ended.
    {State.PARTIALLY_SUCCEEDED: 1, State.CANCELLED: 1, State.DELETED: -1}
)
_MEMBERS = tuple(member.name for member in fields(JobView))
_OF_THE_READ = frozenset({"observed_at", "via"})
_seen_by_a_reader = attrgetter(*(name for name in _MEMBERS if name not in _OF_THE_READ))
_MAY_BE_EMPTY = tuple(
    name for name in _MEMBERS if name not in _OF_THE_READ | {"key", "state", "native_status", "verified"}
)
_EMPTY: tuple[object, ...] = (None, (), {})
_OF_THE_STATUS = frozenset({"reason", "progress", "items", "failures", "lists_items", "gives_links"})
"""Facts that describe a status: not carried over from another one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Merged:
    """What a merge came to; ``job`` is ``None`` where nothing is to be written."""

    job: StoredJob | None
    transition: Transition | None


def merge(stored: StoredJob | None, observed: Observation) -> Merged:
    """Merge an observation into what is stored.

    Parameters
    ----------
    stored
        The job as the store has it, or ``None`` when it is new.
    observed
        What was read.

    Returns
    -------
    Merged
        The job to write with ``revision`` one above the stored one, and the change of state.
    """
    if stored is None:
        job = StoredJob(
            view=observed.view,
            depth=observed.depth,
            generation=observed.generation,
            revision=1,
            transitions=1,
            listed_at=_listed_at(observed.view, None),
        )
        return Merged(job=job, transition=_transition(None, job))
    winner, loser = observed, Observation(view=stored.view, depth=stored.depth, generation=stored.generation)
    if _rank(winner) <= _rank(loser):
        winner, loser = loser, winner
    view = _join(winner.view, loser.view if winner.generation == loser.generation else None)
    depth = max(winner.depth, loser.depth) if _describe_the_same(winner, loser) else winner.depth
    restarted = winner.generation > stored.generation
    if depth == stored.depth and not restarted and _same(view, stored.view):
        return Merged(job=None, transition=None)
    changed = view.state is not stored.view.state
    job = replace(
        stored,
        view=view,
        depth=depth,
        generation=winner.generation,
        revision=stored.revision + 1,
        transitions=stored.transitions + changed,
        listed_at=_listed_at(view, stored),
        items_attempts=0 if changed else stored.items_attempts,
        items_after=None if changed else stored.items_after,
    )
    return Merged(job=job, transition=_transition(stored.view.state, job) if changed else None)


def joined(first: Observation, second: Observation) -> Observation | None:
    """Two observations of a job as one, so that they are one write and at most one transition.

    ``None`` where they tell of two statuses: each may be one of the job's history.
    """
    if not _describe_the_same(first, second):
        return None
    winner, loser = (first, second) if _rank(first) >= _rank(second) else (second, first)
    return replace(winner, view=_join(winner.view, loser.view), depth=max(first.depth, second.depth))


def _rank(observation: Observation) -> tuple[int, int, float, int, float]:
    view = observation.view
    seen = view.observed_at.timestamp()
    if not view.state.terminal:
        return (observation.generation, 0, seen, int(observation.depth), 0.0)
    return (
        observation.generation,
        1,
        float(observation.depth),
        _REFINEMENT.get(view.state, 0),
        -seen,
    )


def _describe_the_same(winner: Observation, loser: Observation) -> bool:
    """True when what the loser read deeper still holds for the winner: an end was not yet read by what saw none."""
    return (
        winner.generation == loser.generation
        and winner.view.state.terminal == loser.view.state.terminal
        and not _describes_another(winner.view, loser.view)
    )


def _describes_another(winner: JobView, loser: JobView) -> bool:
    return winner.native_status != loser.native_status


def _join(winner: JobView, loser: JobView | None) -> JobView:
    """The winner, with the gaps filled from the loser."""
    if loser is None:
        return winner
    gaps: dict[str, Any] = {}
    other_status = _describes_another(winner, loser)
    for name in _MAY_BE_EMPTY:
        if getattr(winner, name) in _EMPTY and getattr(loser, name) not in _EMPTY:
            if other_status and name in _OF_THE_STATUS:
                continue
            if name == "ended_at" and not winner.state.terminal:
                continue
            gaps[name] = getattr(loser, name)
    return replace(winner, **gaps) if gaps else winner


def _same(view: JobView, stored: JobView) -> bool:
    """True when nothing differs that a reader would see, the time of the read aside."""
    return bool(_seen_by_a_reader(view) == _seen_by_a_reader(stored))


def _listed_at(view: JobView, stored: StoredJob | None) -> datetime:
    """Where lists show the job. It moves at most once, when the creation time becomes known: pages stay stable."""
    if stored is None:
        return view.created_at or view.started_at or view.updated_at or view.ended_at or view.observed_at
    if stored.view.created_at is None and view.created_at is not None:
        return view.created_at
    return stored.listed_at


def _transition(previous: State | None, job: StoredJob) -> Transition:
    view = job.view
    own = {
        State.PENDING: view.created_at,
        State.RUNNING: view.started_at,
    }.get(view.state, view.ended_at if view.state.terminal else view.updated_at)
    return Transition(
        job_id=view.id,
        number=job.transitions,
        previous_state=previous,
        state=view.state,
        native_status=view.native_status,
        reason=view.reason,
        changed_at=own or view.observed_at,
        observed_at=view.observed_at,
        via=view.via,
    )


def needs_detail(stored: StoredJob, *, has_get: bool) -> bool:
    """True when a get would tell more than the store knows: the job is new or changed since it was last got."""
    return has_get and stored.depth < Depth.DETAIL
