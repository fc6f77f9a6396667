"""Reading many sources: those of a lane that are due, or all that a live read asks for; and single jobs."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

from jobview.cadence import Outcome, is_due, next_schedule
from jobview.catalogue.declaration import Family
from jobview.collect.errors import ReadFailure, coverage_status
from jobview.collect.fanout import THREADS, run_all
from jobview.collect.unreadable import Unreadable
from jobview.jobid import JobKey
from jobview.merge import answer
from jobview.model import Coverage, CoverageStatus, JobView, Observation, Parent, ReadError, Source, StoredJob, Target
from jobview.refresh.means import Means
from jobview.refresh.pages import Tally
from jobview.refresh.source import SourceRead, SourceReader


class Together(Protocol):
    """Runs tasks, up to ``threads`` of them at once in their order, and returns their results in that order."""

    def __call__(self, tasks: Sequence[Callable[[], Any]], *, threads: int = THREADS) -> list[Any]:
        """As ``collect.fanout.run_all`` does."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class JobRead:
    """What asking AWS for one job came to."""

    stored: StoredJob | None
    view: JobView | None = None
    """The answer, which goes with the record that was read even where the store does not believe it yet."""
    native: Mapping[str, object] | None = None
    error: ReadError | None = None
    unreadable: int = 0
    """Values of AWS's answer that could not be read."""


class Refresher:
    """Reads sources into the store.

    Parameters
    ----------
    means
        What it works with.
    together
        How many sources are read at once.
    """

    def __init__(self, means: Means, *, together: Together = run_all) -> None:
        self._reader = means.reader
        self._store = means.store
        self._now = means.now
        self._cadence = means.cadence
        self._jitter = means.jitter
        self._together = together
        self._sources = SourceReader(means)

    def read_families(
        self,
        families: Sequence[Family],
        targets: Sequence[Target],
        *,
        deadline: float,
        detail_deadline: float | None = None,
    ) -> list[SourceRead]:
        """Read every source of the families in the targets at once, due or not, and keep the coverage.

        Parameters
        ----------
        families, targets
            What to read: each family in each target.
        deadline
            Absolute time on the reader's monotonic clock at which reading stops; what was read by then is kept.
        detail_deadline
            The same for what comes after the lists: getting what is new or changed, and its item-level results. A
            live read gives it little time, and the next refresh goes on with the rest. ``None``: ``deadline``.

        Returns
        -------
        list of SourceRead
            One for every source and, where the family has parents, one for their discovery.
        """
        rows = self._rows(families, targets)
        pairs = [(family, target) for target in targets for family in families]
        found: list[tuple[list[Source], list[SourceRead]]] = self._together(
            [partial(self._discover, family, target, rows, deadline) for family, target in pairs]
        )
        tasks = [
            partial(
                self._sources.read,
                family,
                source,
                rows.get(source.id),
                deadline=deadline,
                detail_deadline=detail_deadline,
            )
            for (family, _), (sources, _) in zip(pairs, found, strict=True)
            for source in sources
        ]
        return [*(read for _, reads in found for read in reads), *self._together(tasks)]

    def read_lane(self, families: Sequence[Family], target: Target, *, deadline: float) -> list[SourceRead]:
        """Read the sources of the families in the target that are due, those that wait longest first.

        What is not begun by ``deadline`` (on the reader's monotonic clock) stays due; what is not at its end then goes
        on from there at the next read, behind what was not begun.
        """
        begun = self._now()
        rows = self._rows(families, [target])
        discovering = [family for family in families if family.parent is not None and self._due(family, target, rows)]
        found: list[tuple[list[Source], list[SourceRead]]] = self._together(
            [partial(self._discover, family, target, rows, deadline) for family in discovering]
        )
        reads = [read for _, more in found for read in more]
        sources: list[tuple[Family, Source]] = []
        for family in families:
            if family.parent is None:
                sources.append((family, _whole(family, target)))
            elif family in discovering:
                sources += [(family, source) for source in found[discovering.index(family)][0]]
            else:
                sources += [(family, source) for source in _known(family, target, rows)]
        due = [(family, source) for family, source in sources if is_due(rows.get(source.id), begun, self._cadence)]
        due.sort(key=lambda each: _waiting_since(rows.get(each[1].id)))
        tasks = [partial(self._read_in_time, family, source, rows, deadline) for family, source in due]
        read = self._together(tasks, threads=_at_once(families))
        return [*reads, *(each for each in read if each is not None)]

    def read_job(
        self, family: Family, target: Target, key: JobKey, *, deadline: float, known: StoredJob | None = None
    ) -> JobRead:
        """Ask AWS for one job now, with its item-level results, and record what it says.

        ``known`` is the job as the caller found it stored: only who knew of an end can contradict it.
        """
        tally = Tally()
        for got in self._reader.get_jobs(family, target, [key], deadline, unreadable=tally.unreadable):
            if got.observation is None:
                return JobRead(stored=None, error=got.error)
            observation = replace(got.observation, after_revision=0 if known is None else known.revision)
            self._sources.record([observation], tally)
            self._sources.refine(family, target, list(tally.jobs.values()), deadline, tally)
            stored = tally.jobs.get(str(key))
            return JobRead(
                stored=stored,
                view=None if stored is None else answer(stored, observation),
                native=got.native,
                error=next(iter(tally.troubles), None),
                unreadable=tally.unreadable.count,
            )
        raise AssertionError("get_jobs answers for every key")

    def record(self, observation: Observation) -> None:
        """Record what somebody else observed of a job."""
        self._sources.record([observation], Tally())

    def _rows(self, families: Sequence[Family], targets: Sequence[Target]) -> dict[str, Coverage]:
        """What is known of the families' sources, by id."""
        services = list(dict.fromkeys(family.service for family in families))
        return {row.source.id: row for row in self._store.coverage(services=services, targets=targets)}

    def _due(self, family: Family, target: Target, rows: Mapping[str, Coverage]) -> bool:
        return is_due(rows.get(_whole(family, target).id), self._now(), self._cadence)

    def _read_in_time(
        self, family: Family, source: Source, rows: Mapping[str, Coverage], deadline: float
    ) -> SourceRead | None:
        if self._reader.is_over(deadline):
            return None
        return self._sources.read(family, source, rows.get(source.id), deadline=deadline)

    def _discover(
        self, family: Family, target: Target, rows: Mapping[str, Coverage], deadline: float
    ) -> tuple[list[Source], list[SourceRead]]:
        """The family's sources in a target, and what came of finding them where it has parents."""
        whole = _whole(family, target)
        if family.parent is None:
            return [whole], []
        started = self._now()
        known = {source.id: source for source in _known(family, target, rows)}
        found: dict[str, Source] = {}
        error: ReadError | None = None
        pages = 0
        unreadable = Unreadable()
        try:
            for page in self._reader.parents(family, target, deadline, unreadable=unreadable):
                pages += 1
                found |= {source.id: source for source in _sources(family, target, page)}
        except ReadFailure as failure:
            error = failure.error
        # New ones are on the schedule before the search is done with: a crash behind this line forgets none.
        self._store.expect([source for name, source in found.items() if name not in known], at=started)
        if error is None:
            self._forget(family, [source for name, source in known.items() if name not in found], deadline)
        before = rows.get(whole.id)
        outcome = Outcome(started_at=started, error=error, listed=error is None, discovery=True, read=pages)
        coverage = Coverage(
            source=whole,
            status=CoverageStatus.COMPLETE if error is None else coverage_status(error),
            attempted_at=started,
            as_of=started if error is None else None,
            jobs=len(found) if error is None else None,
            error=error,
            warnings=unreadable.values,
            schedule=next_schedule(
                None if before is None else before.schedule, outcome, self._cadence, jitter=self._jitter()
            ),
        )
        self._store.put_coverage([coverage])
        # Where not all could be found, those known from before can still be read.
        sources = found if error is None else known | found
        return list(sources.values()), [SourceRead(coverage=coverage, unreadable=unreadable.count)]

    def _forget(self, family: Family, sources: Sequence[Source], deadline: float) -> None:
        """Forget sources whose parent is gone, once none of their jobs is open any more."""
        over = [source.id for source in sources if self._sources.close(family, source, deadline=deadline)]
        self._store.forget_sources(over)


def _at_once(families: Sequence[Family]) -> int:
    """How many sources of a lane are read at once: as many as its quotas let make calls in two seconds.

    More would only wait for one another, and take turns from those that are due before them.
    """
    return min(THREADS, max(2, math.ceil(2 * max(family.list.rate for family in families))))


def _whole(family: Family, target: Target) -> Source:
    return Source(service=family.service, type=family.type, target=target)


def _sources(family: Family, target: Target, parents: Iterable[Parent]) -> list[Source]:
    return [Source(service=family.service, type=family.type, target=target, parent=parent) for parent in parents]


def _known(family: Family, target: Target, rows: Mapping[str, Coverage]) -> list[Source]:
    """The family's sources in a target that are known from before, under a parent each."""
    return [
        row.source
        for row in rows.values()
        if (row.source.service, row.source.type, row.source.target) == (family.service, family.type, target)
        and row.source.parent is not None
    ]


def _waiting_since(row: Coverage | None) -> float:
    if row is None or row.schedule is None or row.schedule.due is None:
        return 0.0
    return row.schedule.due.timestamp()
