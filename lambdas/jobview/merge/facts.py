"""Facts: what each member of a view says, from whoever tells it last. Pure."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from jobview.merge.evidence import SAME_MOMENT
from jobview.merge.summaries import DERIVED, VOLATILE, summary_of
from jobview.model import FACTS, Depth, JobView, Observation, StoredJob, Via

OF_THE_STATUS = frozenset({"reason", "progress", "items", "failures", "ended_at", "lists_items", "gives_links"})
"""Facts that describe a status: they do not stay when another status takes its place."""
_EMPTY: tuple[object, ...] = (None, (), {})


def is_newer(stored: StoredJob, observed: Observation) -> bool:
    """True where the observation was made after the last one that the stored view shows."""
    moment = stored.view.observed_at
    return observed.view.observed_at > moment or (
        observed.view.observed_at == moment and observed.depth >= stored.depth
    )


def tells(observed: Observation, name: str) -> bool:
    """True where the observation says something of a fact, if only that there is none."""
    return name in observed.facts or getattr(observed.view, name) not in _EMPTY


def facts_of(observed: Observation) -> frozenset[str]:
    """The facts that the observation says something about."""
    return frozenset(name for name in FACTS if tells(observed, name))


def merged_view(
    stored: StoredJob, observed: Observation, *, wins: bool, same_status: bool, newer: bool, relisted: bool
) -> JobView:
    """The state and status of the winner, and each fact from whoever tells it last.

    Parameters
    ----------
    stored, observed
        Both of one generation.
    wins
        True where the observation tells the state.
    same_status
        True where both tell of the same status.
    newer, relisted
        As of ``is_newer`` and ``is_relisted``.
    """
    winner, loser = (observed.view, stored.view) if wins else (stored.view, observed.view)
    taken = _taken(stored, observed, wins=wins, same_status=same_status, newer=newer, relisted=relisted)
    if same_status and winner.state is not loser.state and not wins:
        # The stored end is a refined one: what describes it stays.
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
    """The facts that the observation tells; all others stay as they are stored."""
    if not same_status:
        if wins:
            return {name for name in FACTS if name in OF_THE_STATUS or tells(observed, name)}
        return {name for name in FACTS if name not in OF_THE_STATUS and _fills(stored, observed, name)}
    event = observed.view.via is Via.EVENT
    if newer and not event and (observed.depth >= stored.depth or relisted):
        return {name for name in FACTS if tells(observed, name)}
    taken = {name for name in FACTS if _fills(stored, observed, name)}
    if newer and not event:
        # The list record says what it said before: only what goes on changing is news.
        volatile = VOLATILE - {"items", "failures"} if stored.depth is Depth.ITEMS else VOLATILE
        taken |= volatile & observed.facts
    return taken


def _fills(stored: StoredJob, observed: Observation, name: str) -> bool:
    """True for a fact that the stored job lacks because no record of it could tell."""
    return (
        name not in stored.facts and getattr(stored.view, name) in _EMPTY and getattr(observed.view, name) not in _EMPTY
    )


def is_relisted(stored: StoredJob, observed: Observation) -> bool:
    """True for a list record that tells another thing than before: what was got of the job may be outdated.

    A list and a get that always disagree are asked once: the digest remembers what the list said.
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
