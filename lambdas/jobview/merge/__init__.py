"""The merge: from the stored job and an observation to the job to store, and the transition if there is one.

Pure. It decides three things, one after the other:

1. **Generation** (``evidence.order``): the start of the job, under its id, that the observation is about. A later
   creation or start, or a higher counter of the service, begins a new generation. Observations of an earlier one are
   ignored.
2. **Status** within the generation (``evidence.rank``). An end outranks any other state. Before the end the later
   observation wins. Of two ends the deeper one wins, and a refined end (partly succeeded, cancelled) over a plain one.
   "AWS does not have the job" is an inference: any end, and any later read, replaces it. If a get contradicts an end,
   and began long enough after the end was first seen, it wins (``evidence.believed``): "not ended" begins a new
   generation, another end is a correction.
3. **Facts** (``facts.merged_view``): for the same status the later observation's facts win, also empty ones that its
   shape has. Facts that its shape lacks stay.

Any order and any duplicates of the same observations end in the same state.
"""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from operator import attrgetter

from jobview.merge.evidence import (
    believed,
    contradicts,
    end_seen,
    is_unheard,
    order,
    order_of_begins,
    outdated,
    rank,
    same_status,
)
from jobview.merge.facts import OF_THE_STATUS, facts_of, has_fact, is_newer, is_relisted, merged_view
from jobview.merge.summaries import summary_of
from jobview.model import FACTS, Depth, JobView, Observation, State, StoredJob, Transition

__all__ = ["Merged", "answer", "contradicts", "joined", "merge", "needs_detail"]

_OF_THE_READ = frozenset({"observed_at", "via", "changed_at"})
_seen_by_a_reader = attrgetter(*(name.name for name in fields(JobView) if name.name not in _OF_THE_READ))


@dataclass(frozen=True, kw_only=True, slots=True)
class Merged:
    """The result of a merge; ``job`` is ``None`` where there is nothing to write."""

    job: StoredJob | None
    transition: Transition | None


_NOTHING = Merged(job=None, transition=None)


def merge(stored: StoredJob | None, observed: Observation, *, at: datetime | None = None) -> Merged:
    """Merge an observation into the stored job.

    Parameters
    ----------
    stored
        The stored job; ``None`` for a new one.
    observed
        The observation.
    at
        The time of the merge, which becomes ``changed_at`` if anything changes; ``None``: the time of the read.

    Returns
    -------
    Merged
        The job to write with ``revision`` one above the stored one, and the change of state.
    """
    at = at or observed.view.observed_at
    if stored is None:
        return _first(observed, at)
    standing = order(stored, observed)
    if standing < 0:
        return _asked_about(stored, observed) if is_unheard(stored, observed) else _NOTHING
    doubted = standing == 0 and contradicts(stored, observed)
    trusted = doubted and believed(stored, observed)
    if standing > 0 or (trusted and not observed.view.state.terminal):
        return _anew(stored, observed, at)
    if outdated(stored, observed):
        return _NOTHING
    return _continued(stored, observed, at, doubted=doubted, trusted=trusted)


def joined(first: Observation, second: Observation) -> Observation | None:
    """Join two observations of a job, so that they become one write and at most one transition.

    ``None`` where they have different statuses or generations: then both may belong to the job's history.
    """
    if not same_status(first.view, second.view) or first.counter != second.counter:
        return None
    if order_of_begins(first.view, second.view) or first.inferred or second.inferred:
        return None
    winner, loser = (first, second) if rank(first) >= rank(second) else (second, first)
    gaps = {name: getattr(loser.view, name) for name in FACTS if not has_fact(winner, name) and has_fact(loser, name)}
    return replace(
        winner,
        view=replace(winner.view, **gaps) if gaps else winner.view,
        depth=max(first.depth, second.depth),
        authoritative=first.authoritative or second.authoritative,
        after_revision=_earlier(first.after_revision, second.after_revision),
        facts=first.facts | second.facts,
        summary=summary_of(second) or summary_of(first),
    )


def answer(stored: StoredJob, observed: Observation) -> JobView:
    """The view that a live read returns: the stored one, or the record's own if it contradicts the stored job."""
    alike = same_status(stored.view, observed.view)
    refined = observed.depth < stored.depth or observed.view.state is stored.view.state
    if alike and (refined or not stored.ask_again):
        return stored.view
    return replace(observed.view, generation=stored.view.generation, changed_at=stored.view.changed_at)


def needs_detail(stored: StoredJob, *, has_get: bool) -> bool:
    """True when a get would return more than the store has: the job is new, or changed since its last get."""
    return has_get and (stored.depth < Depth.DETAIL or stored.ask_again)


def _first(observed: Observation, at: datetime) -> Merged:
    view = replace(observed.view, generation=1, changed_at=at)
    job = StoredJob(
        view=view,
        depth=observed.depth,
        counter=observed.counter,
        revision=1,
        transitions=1,
        listed_at=_listed_at(view, None),
        facts=facts_of(observed),
        end_seen_at=view.observed_at if view.state.terminal else None,
        inferred=observed.inferred,
        summary=summary_of(observed),
    )
    return Merged(job=job, transition=_transition(None, job))


def _anew(stored: StoredJob, observed: Observation, at: datetime) -> Merged:
    """Merge a new start of the job. Only the history of the earlier generation stays."""
    view = replace(
        observed.view, generation=stored.view.generation + 1, changed_at=_not_before(at, stored.view.changed_at)
    )
    job = replace(
        stored,
        view=view,
        depth=observed.depth,
        counter=observed.counter,
        revision=stored.revision + 1,
        transitions=stored.transitions + 1,
        listed_at=view.created_at or view.started_at or stored.listed_at,
        facts=facts_of(observed),
        end_seen_at=view.observed_at if view.state.terminal else None,
        inferred=observed.inferred,
        ask_again=False,
        summary=summary_of(observed),
        items_attempts=0,
        items_after=None,
    )
    return Merged(job=job, transition=_transition(stored.view, job))


def _asked_about(stored: StoredJob, observed: Observation) -> Merged:
    """Mark the job to be got again, without any other change."""
    job = replace(stored, ask_again=True, summary=summary_of(observed), revision=stored.revision + 1)
    return Merged(job=job, transition=None)


def _continued(stored: StoredJob, observed: Observation, at: datetime, *, doubted: bool, trusted: bool) -> Merged:
    """Merge an observation of the same generation."""
    if observed.inferred and stored.view.state.terminal:
        # The end is stored, and the service does not have the job any more.
        settled = replace(stored, ask_again=False, revision=stored.revision + 1)
        return Merged(job=settled, transition=None) if stored.ask_again else _NOTHING
    alike = same_status(stored.view, observed.view)
    # A get decides the state of a container by counts. A list record without counts does not show that state.
    uncounted = alike and observed.depth < stored.depth and not has_fact(observed, "items")
    wins = trusted or (not doubted and not uncounted and rank(observed) > rank(_as_observed(stored)))
    newer = is_newer(stored, observed)
    relisted = alike and newer and is_relisted(stored, observed)
    view = merged_view(stored, observed, wins=wins, same_status=alike, newer=newer, relisted=relisted)
    same = _same(view, stored.view)
    depth = max(stored.depth, observed.depth) if alike else observed.depth if wins else stored.depth
    ask_again = stored.ask_again
    if observed.authoritative and newer:
        ask_again = doubted and not trusted
    elif relisted:
        ask_again = True
    summary = (summary_of(observed) if relisted or not same else observed.summary) or stored.summary
    if same and (depth, ask_again, summary) == (stored.depth, stored.ask_again, stored.summary):
        return _NOTHING
    changed = view.state is not stored.view.state
    job = replace(
        stored,
        view=view if same else replace(view, changed_at=_not_before(at, stored.view.changed_at)),
        depth=depth,
        counter=observed.counter if stored.counter is None else stored.counter,
        revision=stored.revision + 1,
        transitions=stored.transitions + changed,
        listed_at=_listed_at(view, stored),
        facts=_facts_now(stored, observed, wins=wins, alike=alike),
        end_seen_at=_end_seen_now(stored, view, observed, wins=wins),
        inferred=observed.inferred if wins else stored.inferred,
        ask_again=ask_again,
        summary=summary,
        items_attempts=0 if changed else stored.items_attempts,
        items_after=None if changed else stored.items_after,
    )
    return Merged(job=job, transition=_transition(stored.view, job) if changed else None)


def _as_observed(stored: StoredJob) -> Observation:
    return Observation(view=stored.view, depth=stored.depth, inferred=stored.inferred)


def _facts_now(stored: StoredJob, observed: Observation, *, wins: bool, alike: bool) -> frozenset[str]:
    facts = facts_of(observed)
    if alike:
        return stored.facts | facts
    return facts | (stored.facts - OF_THE_STATUS) if wins else stored.facts | (facts - OF_THE_STATUS)


def _same(view: JobView, stored: JobView) -> bool:
    """True when a client would see no difference, except the time of the read."""
    return bool(_seen_by_a_reader(view) == _seen_by_a_reader(stored))


def _end_seen_now(stored: StoredJob, view: JobView, observed: Observation, *, wins: bool) -> datetime | None:
    if not view.state.terminal:
        return None
    if stored.view.state.terminal and (not wins or same_status(stored.view, observed.view)):
        return end_seen(stored)
    return observed.view.observed_at


def _earlier(one: int | None, other: int | None) -> int | None:
    known = [revision for revision in (one, other) if revision is not None]
    return min(known, default=None)


def _not_before(at: datetime, known: datetime | None) -> datetime:
    return at if known is None else max(at, known)


def _listed_at(view: JobView, stored: StoredJob | None) -> datetime:
    """The job's position in lists. It changes at most once, when the creation time becomes known: pages stay stable."""
    if stored is None:
        return view.created_at or view.started_at or view.updated_at or view.ended_at or view.observed_at
    if stored.view.created_at is None and view.created_at is not None:
        return view.created_at
    return stored.listed_at


def _transition(previous: JobView | None, job: StoredJob) -> Transition:
    view = job.view
    own = {
        State.PENDING: view.created_at,
        State.RUNNING: view.started_at,
    }.get(view.state, view.ended_at if view.state.terminal else view.updated_at)
    if previous is not None and previous.state.terminal and not view.state.terminal:
        # A start before that end is not the time of anything after it.
        ended = previous.ended_at or previous.observed_at
        own = own if own is not None and own > ended else None
    return Transition(
        job_id=view.id,
        number=job.transitions,
        previous_state=None if previous is None else previous.state,
        state=view.state,
        native_status=view.native_status,
        reason=view.reason,
        changed_at=own or view.observed_at,
        observed_at=view.observed_at,
        via=view.via,
        generation=view.generation,
    )
