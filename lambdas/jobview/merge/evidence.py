"""Evidence: to which generation an observation belongs, how it ranks, and whether it takes an end back. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from jobview.merge.summaries import begin_of, summary_of
from jobview.model import Depth, JobView, Observation, State, StoredJob, Via

SAME_MOMENT = timedelta(seconds=1)
"""Two shapes of a service may round one time differently, by up to this much."""
CLOCK_SKEW = timedelta(minutes=10)
"""A creation that lies further than this in the future of its own read is no evidence."""

_REFINEMENT: Mapping[State, int] = MappingProxyType(
    # That a job is gone says the least of how it ended.
    {State.PARTIALLY_SUCCEEDED: 1, State.CANCELLED: 1, State.DELETED: -1}
)


def contradicts(stored: StoredJob, observed: Observation) -> bool:
    """True for a read that does not go with the stored end, and that was made after the end was first seen.

    Where it is not the answer to a get, the job has to be got.
    """
    if not stored.view.state.terminal or stored.inferred or observed.inferred:
        return False
    if observed.view.via is Via.EVENT and not observed.view.state.terminal:
        return False  # that it went on once is no news
    if observed.view.observed_at <= end_seen(stored) or order(stored, observed) != 0:
        return False
    if observed.view.state is State.UNKNOWN:
        return False  # a word that nobody knows does not say that the job goes on
    if not observed.view.state.terminal:
        return True
    if observed.depth > stored.depth:
        return False  # the same end in more detail
    if observed.view.native_status != stored.view.native_status:
        return True
    if observed.view.state is stored.view.state or stored.depth is Depth.ITEMS:
        return False
    counts = observed.view.items is not None and observed.view.items.failed is not None
    return counts or (observed.authoritative and observed.depth == stored.depth)


def believed(stored: StoredJob, observed: Observation) -> bool:
    """True for a contradiction that settles the matter.

    It is the answer to a get that began later than the window after the end was first seen, and that was asked by
    somebody who knew of the end: an answer that was under way meanwhile proves nothing, whatever the clocks say.
    """
    knew = observed.after_revision is None or observed.after_revision >= stored.revision
    return observed.authoritative and knew and observed.view.observed_at > end_seen(stored) + observed.window


def order(stored: StoredJob, observed: Observation) -> int:
    """Above 0 where the observation is of a later generation than the stored job, below 0 of an earlier one."""
    begins = order_of_begins(stored.view, observed.view)
    if begins > 0 and stored.depth >= Depth.DETAIL and _listed_begin_again(stored, observed):
        begins = 0  # a get has corrected this begin, and the list goes on telling it
    settled = observed.authoritative and observed.view.observed_at > stored.view.observed_at + observed.window
    if begins < 0 and settled:
        return 0  # the service itself takes back the time that it gave
    if begins:
        return begins
    if stored.counter is not None and observed.counter is not None:
        return 0 if settled and observed.counter < stored.counter else observed.counter - stored.counter
    return 0


def _listed_begin_again(stored: StoredJob, observed: Observation) -> bool:
    """True for a list record with the begin that the list had when it was last merged."""
    begin = begin_of(summary_of(observed))
    return observed.view.via is Via.LIST and begin != "" and begin == begin_of(stored.summary)


def is_unheard(stored: StoredJob, observed: Observation) -> bool:
    """True for a list record that counts for nothing, and has a status that no get has been asked about.

    It tells an earlier begin than the stored one. Where list and get tell two begins of one job, it is the only sign
    that the job went on. A list that repeats itself is asked about once: the summary remembers what it said.
    """
    summary = summary_of(observed)
    return (
        summary != ""
        and summary != stored.summary
        and not observed.authoritative
        and not stored.view.state.terminal
        and stored.depth >= Depth.DETAIL
        and not same_status(stored.view, observed.view)
        and observed.view.observed_at > stored.view.observed_at + observed.window
    )


def order_of_begins(stored: JobView, observed: JobView) -> int:
    """The same by the times of creation and start alone; 0 where they do not say."""
    for name in ("created_at", "started_at"):
        known, new = getattr(stored, name), getattr(observed, name)
        if known is None or new is None or new > observed.observed_at + CLOCK_SKEW:
            continue
        if abs(new - known) <= SAME_MOMENT:
            return 0
        later = new > known
        if name == "started_at" and (stored if later else observed).state is State.PENDING:
            return 0  # the start of a job that waits is no start yet
        return 1 if later else -1
    begin = stored.created_at or stored.started_at
    later = observed.created_at or observed.started_at
    if begin is None and stored.ended_at is not None and later is not None:
        known_end = stored.ended_at + SAME_MOMENT
        return 1 if known_end < later <= observed.observed_at + CLOCK_SKEW else 0
    undecided = later is None
    if begin is not None and undecided and observed.observed_at < begin - SAME_MOMENT:
        return -1  # an event of before this generation was created
    return 0


def outdated(stored: StoredJob, observed: Observation) -> bool:
    """True for an end that a get has contradicted since: it was taken back, whichever of both is merged first.

    Of an end that a list tells, the time of the end counts: a stale list goes on telling the end of an earlier run.
    """
    view = stored.view
    if same_status(view, observed.view) or stored.inferred or observed.inferred or not observed.view.state.terminal:
        return False
    if view.via is not Via.GET or stored.depth < Depth.DETAIL:
        return False
    if not observed.authoritative and not view.state.terminal and observed.view.ended_at is not None:
        return observed.view.ended_at + observed.window < view.observed_at
    knew = observed.after_revision is not None and observed.after_revision >= stored.revision
    return not knew and observed.view.observed_at + observed.window < view.observed_at


def rank(observation: Observation) -> tuple[int, float, int, float]:
    """Of two observations of one generation the higher one tells the state."""
    view = observation.view
    seen = view.observed_at.timestamp()
    if observation.inferred:
        return (0, seen, len(Depth) + 1, 0.0)  # somebody looked for the job after it was last read
    if not view.state.terminal:
        return (0, seen, int(observation.depth), 0.0)
    return (1, float(observation.depth), _REFINEMENT.get(view.state, 0), -seen)


def same_status(one: JobView, other: JobView) -> bool:
    """True when the status of one read still holds for the other: an end was not yet read before it."""
    return one.native_status == other.native_status and one.state.terminal == other.state.terminal


def end_seen(stored: StoredJob) -> datetime:
    """When the stored end was first seen."""
    return stored.end_seen_at or stored.view.observed_at
