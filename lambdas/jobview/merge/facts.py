"""Facts: each member of a view comes from the last observation that has it. Pure."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from jobview.merge.evidence import SAME_MOMENT
from jobview.merge.summaries import DERIVED, VOLATILE, summary_of
from jobview.model import FACTS, Depth, JobView, Observation, StoredJob, Via

OF_THE_STATUS = frozenset({"reason", "progress", "items", "failures", "ended_at", "lists_items", "gives_links"})
"""Facts that describe a status. They are dropped when the status changes."""
_EMPTY: tuple[object, ...] = (None, (), {})


def is_newer(stored: StoredJob, observed: Observation) -> bool:
    """True where the observation is later than the last one in the stored view."""
    moment = stored.view.observed_at
    return observed.view.observed_at > moment or (
        observed.view.observed_at == moment and observed.depth >= stored.depth
    )


def has_fact(observed: Observation, name: str) -> bool:
    """True where the observation has a fact, even an empty one."""
    return name in observed.facts or getattr(observed.view, name) not in _EMPTY


def facts_of(observed: Observation) -> frozenset[str]:
    """The facts that the observation has, including empty ones."""
    return frozenset(name for name in FACTS if has_fact(observed, name))


def merged_view(
    stored: StoredJob, observed: Observation, *, wins: bool, same_status: bool, newer: bool, relisted: bool
) -> JobView:
    """The state and status of the winner, and each fact from the last observation that has it.

    Parameters
    ----------
    stored, observed
        Both of one generation.
    wins
        True where the observation decides the state.
    same_status
        True where both have the same status.
    newer, relisted
        The results of ``is_newer`` and ``is_relisted``.
    """
    winner, loser = (observed.view, stored.view) if wins else (stored.view, observed.view)
    taken = _taken(stored, observed, wins=wins, same_status=same_status, newer=newer, relisted=relisted)
    if same_status and winner.state is not loser.state and not wins:
        # The stored end is a refined one, so the facts that describe it stay.
        taken = taken - OF_THE_STATUS | {name for name in OF_THE_STATUS if _fills(stored, observed, name)}
    latest = observed.view if wins or (same_status and newer and taken) else stored.view
    chosen: dict[str, Any] = {name: getattr(observed.view if name in taken else stored.view, name) for name in FACTS}
    return replace(
        winner,
        **chosen,
        observed_at=latest.observed_at,
        via=latest.via,
        generation=stored.view.generation,
        changed_at=stored.view.changed_at,
    )


def _taken(
    stored: StoredJob, observed: Observation, *, wins: bool, same_status: bool, newer: bool, relisted: bool
) -> set[str]:
    """The facts that are taken from the observation. All others stay as stored."""
    if not same_status:
        if wins:
            return {name for name in FACTS if name in OF_THE_STATUS or has_fact(observed, name)}
        return {name for name in FACTS if name not in OF_THE_STATUS and _fills(stored, observed, name)}
    event = observed.view.via is Via.EVENT
    if newer and not event and (observed.depth >= stored.depth or relisted):
        return {name for name in FACTS if has_fact(observed, name)}
    taken = {name for name in FACTS if _fills(stored, observed, name)}
    if newer and not event:
        # The list record has not changed: only facts that change all the time are new.
        volatile = VOLATILE - {"items", "failures"} if stored.depth is Depth.ITEMS else VOLATILE
        taken |= volatile & observed.facts
    return taken


def _fills(stored: StoredJob, observed: Observation, name: str) -> bool:
    """True for a fact that the stored job lacks because no record of it had the fact."""
    return (
        name not in stored.facts and getattr(stored.view, name) in _EMPTY and getattr(observed.view, name) not in _EMPTY
    )


def is_relisted(stored: StoredJob, observed: Observation) -> bool:
    """True for a list record that differs from the last one, so that the got facts may be outdated.

    Where list and get always disagree, the job is got once: the digest shows that the list has not changed since.
    """
    if observed.depth >= stored.depth or observed.view.via is Via.EVENT or not observed.facts:
        return False
    names = observed.facts - VOLATILE - DERIVED
    if all(_alike(getattr(stored.view, name), getattr(observed.view, name)) for name in names):
        return False
    return summary_of(observed) != stored.summary


def _alike(known: object, new: object) -> bool:
    if isinstance(known, datetime) and isinstance(new, datetime):
        return abs(known - new) <= SAME_MOMENT
    return known == new
