"""Evidence: an observation's generation, its rank, and whether it contradicts an end. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from jobview.merge.summaries import begin_of, summary_of
from jobview.model import Depth, JobView, Observation, State, StoredJob, Via

SAME_MOMENT = timedelta(seconds=1)
"""Two operations of a service may round the same time differently, by up to this much."""
CLOCK_SKEW = timedelta(minutes=10)
"""A creation time is ignored if it is later than the time of its own read by more than this."""

_REFINEMENT: Mapping[State, int] = MappingProxyType(
    # "Deleted" says the least about how a job ended.
    {State.PARTIALLY_SUCCEEDED: 1, State.CANCELLED: 1, State.DELETED: -1}
)


def contradicts(stored: StoredJob, observed: Observation) -> bool:
    """True for a read that contradicts the stored end, and that was made after the end was first seen.

    If it is not the answer to a get, the job has to be got.
    """
    if not stored.view.state.terminal or stored.inferred or observed.inferred:
        return False
    if observed.view.via is Via.EVENT and not observed.view.state.terminal:
        return False  # the job was running before its end, so this is no contradiction
    if observed.view.observed_at <= end_seen(stored) or order(stored, observed) != 0:
        return False
    if observed.view.state is State.UNKNOWN:
        return False  # an unknown word does not mean that the job is running
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
    """True for a contradiction that wins over the stored end.

    It is the answer to a get that began after the window since the end was first seen. The caller of the get must have
    known the end: an answer to an earlier call is no evidence, because clocks may be wrong.
    """
    knew = observed.after_revision is None or observed.after_revision >= stored.revision
    return observed.authoritative and knew and observed.view.observed_at > end_seen(stored) + observed.window


def order(stored: StoredJob, observed: Observation) -> int:
    """Above 0 for an observation of a later generation than the stored job, below 0 for an earlier one."""
    begins = order_of_begins(stored.view, observed.view)
    if begins > 0 and stored.depth >= Depth.DETAIL and _listed_begin_again(stored, observed):
        begins = 0  # a get has corrected this begin, and the list still has the old one
    settled = observed.authoritative and observed.view.observed_at > stored.view.observed_at + observed.window
    if begins < 0 and settled:
        return 0  # the service itself has corrected its earlier time
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
    """True for a list record that the merge ignores, with a status that no get has checked.

    Its begin is earlier than the stored one. If list and get give different begins for one job, this record is the only
    sign of a change. The job is got once for it: the summary shows that the list has not changed since.
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
    """Like ``order``, by the times of creation and start alone; 0 where they do not decide."""
    for name in ("created_at", "started_at"):
        known, new = getattr(stored, name), getattr(observed, name)
        if known is None or new is None or new > observed.observed_at + CLOCK_SKEW:
            continue
        if abs(new - known) <= SAME_MOMENT:
            return 0
        later = new > known
        if name == "started_at" and (stored if later else observed).state is State.PENDING:
            return 0  # a waiting job has not started yet
        return 1 if later else -1
    begin = stored.created_at or stored.started_at
    later = observed.created_at or observed.started_at
    if begin is None and stored.ended_at is not None and later is not None:
        known_end = stored.ended_at + SAME_MOMENT
        return 1 if known_end < later <= observed.observed_at + CLOCK_SKEW else 0
    undecided = later is None
    if begin is not None and undecided and observed.observed_at < begin - SAME_MOMENT:
        return -1  # the event is older than this generation
    return 0


def outdated(stored: StoredJob, observed: Observation) -> bool:
    """True for an end that a later get has contradicted: it was taken back, in whichever order both are merged.

    For an end from a list, the time of the end counts: a stale list still shows the end of an earlier run.
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
    """The rank of an observation: of two in one generation the higher one decides the state."""
    view = observation.view
    seen = view.observed_at.timestamp()
    if observation.inferred:
        return (0, seen, len(Depth) + 1, 0.0)  # the job was missing after it was last read
    if not view.state.terminal:
        return (0, seen, int(observation.depth), 0.0)
    return (1, float(observation.depth), _REFINEMENT.get(view.state, 0), -seen)


def same_status(one: JobView, other: JobView) -> bool:
    """True when two reads have the same status word, and both or neither have ended."""
    return one.native_status == other.native_status and one.state.terminal == other.state.terminal


def end_seen(stored: StoredJob) -> datetime:
    """The time at which the stored end was first seen."""
    return stored.end_seen_at or stored.view.observed_at
