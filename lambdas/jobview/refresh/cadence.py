"""How often each source is read: one pure function of its coverage, the result of the last read, and the clock.

=====================  ==========================================================================================
the last read          the next one
=====================  ==========================================================================================
found an open job      after ``active`` (a minute)
found a change         after ``active``
found nothing new      after twice the last interval, ``idle`` (15 minutes) at the most
… nor ever a job       after twice the last interval, ``dormant`` (4 hours) at the most, each up to a quarter shorter
searched for parents   after ``discovery`` (15 minutes)
… and never found one  after twice the last interval, ``dormant`` at the most, each up to a quarter shorter
was not at its end     at once, from where it stopped
was throttled          after ``active``, doubling up to ``idle``, each up to half longer at random
was denied             after ``denied`` (30 minutes); missing or expired credentials are the same
failed otherwise       after ``active``, doubling up to ``idle``
met no such service    after ``unsupported`` (a day)
met a retired one      never
=====================  ==========================================================================================

An event of a service makes its source due at once (``store.Store.wake``). Intervals longer than ``active`` are randomly
up to a tenth shorter, so that sources that were new at the same time do not stay due at the same time.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from jobview.model import CadenceKind, Coverage, Cursor, ErrorKind, ReadError, Schedule

SPREAD = 0.1
"""The part of an interval by which it may be shorter."""
DORMANT_SPREAD = 0.25
"""The same for a source that never had a job or a parent."""
THROTTLED_SPREAD = 0.5
"""The part of an interval by which it may be longer after throttling."""
NONE: tuple[str, ...] = ()
MOST_FINGERPRINTS = 32
"""The number of pages with a stored fingerprint. Later pages are compared with the store at every read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cadence:
    """The intervals of a deployment."""

    active: timedelta = timedelta(minutes=1)
    idle: timedelta = timedelta(minutes=15)
    dormant: timedelta = timedelta(hours=4)
    """The longest interval of a source that never had a job, and of a discovery that never found a parent."""
    discovery: timedelta = timedelta(minutes=15)
    denied: timedelta = timedelta(minutes=30)
    unsupported: timedelta = timedelta(days=1)
    full_sync: timedelta = timedelta(hours=6)
    """The interval of full syncs: everything is listed and compared with everything stored."""
    open_only_full_sync: timedelta = timedelta(hours=1)
    """The interval of full syncs where the reads between list open jobs only."""

    @property
    def ahead(self) -> timedelta:
        """How long before its due time a source may be read.

        So a run of the schedule that is a moment early does not leave the source to the next run.
        """
        return self.active / 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """The result of one read of a source."""

    started_at: datetime
    error: ReadError | None = None
    """The reason why the source, or some of its jobs, could not be read."""
    listed: bool = False
    """The listing reached its end."""
    full_sync: bool = False
    """Everything was listed and compared with everything stored."""
    unsure: bool = False
    """An open job was not found, and only a listing of everything can show whether it is gone."""
    next_reads_complete: bool = True
    """The reads until the next full sync will be complete; false where they list open jobs only."""
    discovery: bool = False
    open: int = 0
    """The number of the source's jobs that have not ended."""
    changed: bool = False
    found: bool = False
    """The read found a job that has ended or not; a discovery found a parent."""
    rests: bool = True
    """The source may be read seldom while it never had a job: what happens in between stays listed."""
    read: int = 0
    """The number of pages that were read, or of jobs that were got where there is no list. With none, and out of time,
    the source was not read."""
    pages: int | None = None
    """The number of all pages, if everything was listed."""
    fingerprints: tuple[str, ...] | None = None
    """The fingerprints of pages for the next read; ``None``: unchanged."""
    cursor: Cursor | None = None


def next_schedule(before: Schedule | None, outcome: Outcome, cadence: Cadence, *, jitter: float) -> Schedule:
    """Return when the source is read next.

    Parameters
    ----------
    before
        The schedule before the read; ``None`` for a new source.
    outcome
        The result of the read. The schedule counts from its ``started_at``.
    cadence
        The intervals.
    jitter
        A random number from 0 to 1.
    """
    kind, interval = _interval(before, outcome, cadence)
    started = outcome.started_at
    due = None
    if interval is not None:
        due = started + _spread(kind, interval, cadence, jitter)
        if _out_of_time(outcome.error):
            # The source was read in part: sources that were not read at all stay due and come first.
            due = started if outcome.read or before is None or before.due is None else min(before.due, started)
    full_sync_due = None if before is None else before.full_sync_due
    if outcome.full_sync:
        full_sync_due = started + (cadence.full_sync if outcome.next_reads_complete else cadence.open_only_full_sync)
    elif outcome.unsure:
        full_sync_due = started
    pages, fingerprints = (0, NONE) if before is None else (before.pages, before.fingerprints)
    if outcome.pages is not None:
        pages = outcome.pages
    if outcome.fingerprints is not None:
        fingerprints = outcome.fingerprints[:MOST_FINGERPRINTS]
    return Schedule(
        kind=kind,
        seconds=None if interval is None else int(interval.total_seconds()),
        due=due,
        complete_by=due if outcome.next_reads_complete or due is None else max(due, full_sync_due or due),
        full_sync_due=full_sync_due,
        pages=pages,
        fingerprints=fingerprints,
        cursor=outcome.cursor,
        used=_used(before, outcome),
    )


def is_due(row: Coverage | None, now: datetime, cadence: Cadence) -> bool:
    """True for a source that is due, and for any new source."""
    if row is None or row.schedule is None:
        return True
    return row.schedule.due is not None and row.schedule.due <= now + cadence.ahead


def _interval(before: Schedule | None, outcome: Outcome, cadence: Cadence) -> tuple[CadenceKind, timedelta | None]:
    error = None if _out_of_time(outcome.error) else outcome.error
    if error is None:
        if outcome.discovery:
            if _used(before, outcome):
                return CadenceKind.DISCOVERY, cadence.discovery
            return _resting(before, CadenceKind.DISCOVERY, cadence.discovery, cadence)
        if outcome.open:
            return CadenceKind.ACTIVE, cadence.active
        if outcome.changed:
            return CadenceKind.IDLE, cadence.active
        if outcome.rests and outcome.listed and not _used(before, outcome):
            return _resting(before, CadenceKind.IDLE, cadence.idle, cadence)
        return CadenceKind.IDLE, _doubled(before, CadenceKind.IDLE, cadence)
    kind = ErrorKind(error.kind)
    if kind is ErrorKind.RETIRED:
        return CadenceKind.RETIRED, None
    if kind is ErrorKind.UNSUPPORTED:
        return CadenceKind.UNSUPPORTED, cadence.unsupported
    if kind is ErrorKind.THROTTLED:
        return CadenceKind.THROTTLED, _doubled(before, CadenceKind.THROTTLED, cadence)
    if kind in {ErrorKind.DENIED, ErrorKind.EXPIRED} and not outcome.listed:
        return CadenceKind.DENIED, cadence.denied
    return CadenceKind.FAILING, _doubled(before, CadenceKind.FAILING, cadence)


def _used(before: Schedule | None, outcome: Outcome) -> bool:
    """True where a job of the source, or a parent of the discovery, was found at any time."""
    return outcome.found or outcome.open > 0 or outcome.changed or (before is not None and before.used)


def _resting(
    before: Schedule | None, kind: CadenceKind, usual: timedelta, cadence: Cadence
) -> tuple[CadenceKind, timedelta]:
    """The interval of a source that was never used: it goes on doubling beyond the ``usual`` longest one."""
    first = cadence.discovery if kind is CadenceKind.DISCOVERY else cadence.active
    if before is None or before.seconds is None or before.kind not in {kind, CadenceKind.DORMANT}:
        return kind, first
    interval = min(timedelta(seconds=2 * before.seconds), max(cadence.dormant, usual))
    return (CadenceKind.DORMANT if interval > usual else kind), interval


def _doubled(before: Schedule | None, kind: CadenceKind, cadence: Cadence) -> timedelta:
    if before is None or before.kind is not kind or before.seconds is None:
        return cadence.active
    return min(timedelta(seconds=2 * before.seconds), max(cadence.idle, cadence.active))


def _spread(kind: CadenceKind, interval: timedelta, cadence: Cadence, jitter: float) -> timedelta:
    if kind is CadenceKind.THROTTLED:
        return interval * (1 + THROTTLED_SPREAD * jitter)
    if interval <= cadence.active:
        return interval
    if kind is CadenceKind.DORMANT:
        return interval * (1 - DORMANT_SPREAD * jitter)
    return interval * (1 - SPREAD * jitter)


def _out_of_time(error: ReadError | None) -> bool:
    return error is not None and error.kind == ErrorKind.DEADLINE
