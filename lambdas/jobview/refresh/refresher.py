"""Reads many sources: the due ones of a lane, or all of a live read; and single jobs."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from jobview.aws.unreadable import Unreadable
from jobview.catalogue.family import Family
from jobview.collect.fanout import THREADS, run_all
from jobview.merge import answer
from jobview.model import Coverage, JobView, Observation, ReadError, Source, SourceKind, StoredJob, Target
from jobview.model.jobid import JobKey
from jobview.ports import SourceClaims
from jobview.refresh.cadence import is_due
from jobview.refresh.concurrent import ConcurrentReads, is_under
from jobview.refresh.dependencies import Dependencies
from jobview.refresh.item_results import read_items
from jobview.refresh.recorder import Recorder
from jobview.refresh.recording import Recording
from jobview.refresh.sharing import LiveSharing, RefreshSharing, counts
from jobview.refresh.source import SourceRead

GRACE_SECONDS = 1.0
"""The seconds after a live read's deadline for storing AWS's answers."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JobRead:
    """The result of reading one job from AWS."""

    stored: StoredJob | None
    view: JobView | None = None
    """The job's view, which matches the record even where the merge has not accepted it yet."""
    native: Mapping[str, object] | None = None
    error: ReadError | None = None
    unreadable: int = 0
    """The number of values of AWS's answer that could not be read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LiveRead:
    """The result of a live read."""

    reads: list[SourceRead]
    """The results of the sources that it read itself."""
    oldest: datetime
    """Reads that began at this moment or before were too old."""
    late: frozenset[str]
    """The ids of sources that nobody has read completely in time."""


class Refresher:
    """Reads sources into the store.

    Parameters
    ----------
    dependencies
        The reader, the store, the clock and the cadence.
    threads
        The most sources that are read at once.
    """

    def __init__(self, dependencies: Dependencies, *, threads: int = THREADS) -> None:
        self._dependencies = dependencies
        self._reader = dependencies.reader
        self._store = dependencies.store
        self._now = dependencies.now
        self._cadence = dependencies.cadence
        self._threads = threads
        self._recorder = Recorder(dependencies.store, now=dependencies.now)

    def read_families(
        self,
        families: Sequence[Family],
        targets: Sequence[Target],
        *,
        deadline: float,
        detail_deadline: float | None = None,
    ) -> list[SourceRead]:
        """Read every source of the families in the targets at once, due or not, and store the coverage.

        Parameters
        ----------
        families, targets
            Each family is read in each target, a family of a global service once for each account.
        deadline
            The time on the reader's monotonic clock at which reading stops. Everything read by then is stored.
        detail_deadline
            The time at which gets of new or changed jobs, and reads of item-level results, stop. A live read gives
            them little time, and the next refresh gets the rest. ``None``: ``deadline``.

        Returns
        -------
        list of SourceRead
            One for every source and, where the family has parents, one for each discovery.
        """
        pairs = [(family, target) for family in families for target in family.read_in(targets)]
        rows = self._rows(families, [target for _, target in pairs])
        reads = ConcurrentReads(self._dependencies, rows, deadline=deadline, detail_deadline=detail_deadline)
        wanted = _wanted(pairs, _by_family(rows.values()), None)
        run_all([reads.task(family, source) for family, source in wanted], threads=self._threads, fair=True)
        return reads.result()

    def read_live(
        self,
        pairs: Sequence[tuple[Family, Target]],
        *,
        oldest: datetime,
        parent: str | None,
        claims: SourceClaims,
        deadline: float,
        detail_deadline: float,
    ) -> LiveRead:
        """Read the sources that were last read at ``oldest`` or before, each as soon as it is known.

        If another execution is reading a source, this one waits for it. The other's read is enough if it began after
        ``oldest``. At the deadline all results so far are returned. Reads that are still running begin no more calls.

        Parameters
        ----------
        pairs
            Families, each in a target.
        oldest
            A read that began at this moment or before is too old.
        parent
            Only sources under the parent with this id are read. It is discovered if no source under it is known.
        claims
            Shows executions which sources others are reading.
        deadline, detail_deadline
            See ``read_families``.
        """
        rows = self._rows([family for family, _ in pairs], [target for _, target in pairs])
        sharing = LiveSharing(claims, now=self._now, oldest=oldest, cadence=self._cadence)
        reads = ConcurrentReads(
            self._dependencies,
            rows,
            deadline=deadline,
            detail_deadline=detail_deadline,
            sharing=sharing,
            parent=parent,
        )
        old = [
            (family, source)
            for family, source in _wanted(pairs, _by_family(rows.values()), parent)
            if (row := rows.get(source.id)) is None or not counts(row, oldest)
        ]
        refreshed = sharing.refreshed((source for _, source in old), rows)
        for family, source in old:
            if source.id in refreshed:
                reads.wait_for_refresh(family, source)
        run_all(
            [reads.task(family, source) for family, source in old if source.id not in refreshed],
            threads=self._threads,
            fair=True,
            left=lambda: self._reader.left(deadline) + GRACE_SECONDS,
            poll=reads.poll,
        )
        return LiveRead(reads=reads.result(), oldest=oldest, late=reads.late())

    def read_lane(self, families: Sequence[Family], target: Target, *, deadline: float) -> list[SourceRead]:
        """Read the due sources of the families in the target, the longest due first.

        Sources that have not begun by ``deadline`` (on the reader's monotonic clock) stay due. Sources that were read
        in part continue from there at the next read, after the sources that had not begun. A source that a live read is
        reading comes last, and is skipped if that read was enough.
        """
        begun = self._now()
        rows = self._rows(families, [target])
        sharing = RefreshSharing(
            self._store.claims, now=self._now, cadence=self._cadence, left=lambda: self._reader.left(deadline)
        )
        reads = ConcurrentReads(self._dependencies, rows, deadline=deadline, sharing=sharing, skip_late=True)
        due = [
            (family, source)
            for family, source in _wanted([(family, target) for family in families], _by_family(rows.values()), None)
            if is_due(rows.get(source.id), begun, self._cadence)
        ]
        searches = sum(source.kind is SourceKind.DISCOVERY for _, source in due)
        run_all(
            [reads.task(family, source, order=_waiting_since(rows.get(source.id))) for family, source in due],
            # Only the sources that a discovery finds wait for it, if it is slow.
            threads=min(self._threads, _at_once(families) + searches),
            poll=reads.poll,
        )
        return reads.result()

    def read_job(
        self, family: Family, target: Target, key: JobKey, *, deadline: float, known: StoredJob | None = None
    ) -> JobRead:
        """Read one job from AWS now, with its item-level results, and store it.

        ``known`` is the stored job. A read can contradict a stored end only if the end was known before the read.
        """
        unreadable = Unreadable()
        recording = Recording(self._recorder, now=self._now, open_before={})
        [got] = self._reader.get_jobs(family, target, [key], deadline, unreadable=unreadable)
        if got.observation is None:
            return JobRead(stored=None, error=got.error)
        observation = replace(got.observation, after_revision=0 if known is None else known.revision)
        recording.record([observation])
        errors = read_items(
            self._reader,
            self._store,
            family,
            target,
            recording.jobs.values(),
            recording,
            now=self._now,
            deadline=deadline,
            unreadable=unreadable,
        )
        stored = recording.jobs.get(str(key))
        return JobRead(
            stored=stored,
            view=None if stored is None else answer(stored, observation),
            native=got.native,
            error=next(iter(errors), None),
            unreadable=unreadable.count,
        )

    def wake(self, family: Family, target: Target, key: JobKey) -> None:
        """Have the job's source read at once; a source that is not known yet is there, since AWS has a job in it."""
        at, seconds = self._now(), int(self._cadence.active.total_seconds())
        whole = source = family.whole(target)
        for parent in family.path(key.parents):
            source = family.under(source, parent)
        if not self._store.wake(source.id, at=at, seconds=seconds) and self._store.expect([source], at=at):
            self._store.wake(whole.id, at=at, seconds=seconds)

    def wake_source(self, family: Family, target: Target, parents: Sequence[str]) -> None:
        """Have a source read at once. If no source under these parents is known, they are searched for at once."""
        at, seconds = self._now(), int(self._cadence.active.total_seconds())
        whole = source = family.whole(target)
        for parent in family.path(parents):
            source = family.under(source, parent)
        if not self._store.wake(source.id, at=at, seconds=seconds) and source != whole:
            self._store.wake(whole.id, at=at, seconds=seconds)

    def record(self, observation: Observation) -> None:
        """Store another part's observation of a job."""
        self._recorder.record([observation])

    def _rows(self, families: Sequence[Family], targets: Sequence[Target]) -> dict[str, Coverage]:
        """The coverage of the families' sources, by id."""
        services = list(dict.fromkeys(family.service for family in families))
        places = list(dict.fromkeys(targets))
        return {row.source.id: row for row in self._store.coverage(services=services, targets=places)}


def _at_once(families: Sequence[Family]) -> int:
    """The number of a lane's sources to read at once: as many as its quotas allow calls in two seconds.

    More would only wait for each other, and take reservations from sources that have been due longer.
    """
    return min(THREADS, max(2, math.ceil(2 * max(family.first_call.rate for family in families))))


def _by_family(rows: Iterable[Coverage]) -> dict[tuple[str, Target], list[Source]]:
    """The known sources under parents, by the family's name and the target."""
    found: dict[tuple[str, Target], list[Source]] = {}
    for row in rows:
        if row.source.parents:
            found.setdefault((f"{row.source.service}/{row.source.type}", row.source.target), []).append(row.source)
    return found


def _wanted(
    pairs: Sequence[tuple[Family, Target]], known: Mapping[tuple[str, Target], Sequence[Source]], parent: str | None
) -> list[tuple[Family, Source]]:
    """The sources to read: discoveries, and all known sources."""
    every = [
        (family, source)
        for family, target in pairs
        for source in (family.whole(target), *known.get((family.name, target), ()))
    ]
    if parent is None:
        return every
    named = [(family, source) for family, source in every if is_under(source, parent)]
    return named or [(family, source) for family, source in every if source.kind is SourceKind.DISCOVERY]


def _waiting_since(row: Coverage | None) -> float:
    if row is None or row.schedule is None or row.schedule.due is None:
        return 0.0
    return row.schedule.due.timestamp()
