"""Reads many sources at once. Each begins as soon as it is known, and waits only for its own discovery."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from jobview.catalogue.family import Family
from jobview.collect.fanout import Polled, Task
from jobview.model import Coverage, Source, SourceKind
from jobview.refresh.dependencies import Dependencies
from jobview.refresh.discovery import ParentSearch, below, found_before
from jobview.refresh.sharing import AlreadyRead, BeingRead, ReadsOfOthers, Sharing
from jobview.refresh.source import SourceRead, SourceReader

FIRST = -1.0
"""The order of discoveries and the sources that they find: before all other sources."""


class ConcurrentReads:
    """One read of many sources, with its results so far. Its tasks run on many threads.

    Parameters
    ----------
    dependencies
        The reader, the store, the clock and the cadence.
    rows
        The sources' coverage before the read, by id.
    deadline, detail_deadline
        See ``Refresher.read_families``.
    sharing
        Decides which sources are left to other executions; ``None``: all sources are read here.
    parent
        Of the sources that a discovery finds, only those under the parent with this id are read; ``None``: all.
    skip_late
        Do not begin any read after the deadline: the source stays due.
    """

    def __init__(
        self,
        dependencies: Dependencies,
        rows: dict[str, Coverage],
        *,
        deadline: float,
        detail_deadline: float | None = None,
        sharing: Sharing | None = None,
        parent: str | None = None,
        skip_late: bool = False,
    ) -> None:
        self._dependencies = dependencies
        self._sources = SourceReader(dependencies)
        self._rows = rows
        self._deadline = deadline
        self._detail_deadline = detail_deadline
        self._sharing = sharing
        self._others = None if sharing is None else ReadsOfOthers(sharing)
        self._parent = parent
        self._skip_late = skip_late
        self._lock = threading.Lock()
        self._wanted: dict[str, _Wanted] = {}
        self._reads: dict[str, SourceRead] = {}
        self._shared: set[str] = set()
        self._under_way: set[str] = set()
        self._gone: set[str] = set()

    def task(self, family: Family, source: Source, *, order: float = FIRST) -> Task:
        """The task of reading a source. A discovery's task is followed by the sources that it finds."""
        wanted = _Wanted(family=family, source=source, order=FIRST if _is_search(source) else order)
        with self._lock:
            self._wanted[source.id] = wanted
            if not _is_search(source):
                self._under_way.add(source.id)
        return self._task(wanted)

    def wait_for_refresh(self, family: Family, source: Source) -> None:
        """Leave a source to the refresh that is about to read it. If the refresh does not read it, read it here."""
        self.task(family, source)
        if self._others is not None:
            self._others.wait_for(source.id, refresh=True)

    def poll(self) -> Polled:
        """The tasks that follow from sources that other executions have read meanwhile, or have not read."""
        if self._others is None:
            return Polled()
        checked = self._others.check()
        tasks = [self._task(self._wanted[source_id]) for source_id in checked.free]
        tasks += [self._task_of(self._wanted[row.source.id], self._read_by_others) for row in checked.read]
        return Polled(tasks=tasks, pause=checked.pause)

    def result(self) -> list[SourceRead]:
        """The results of the reads, without sources whose parent is gone."""
        with self._lock:
            return [read for source_id, read in list(self._reads.items()) if source_id not in self._gone]

    def late(self) -> frozenset[str]:
        """The ids of sources that nobody has read completely."""
        with self._lock:
            return frozenset(self._wanted.keys() - self._reads.keys() - self._shared - self._gone)

    def _task(self, wanted: "_Wanted") -> Task:
        return self._task_of(wanted, self._run)

    def _task_of(self, wanted: "_Wanted", run: Callable[["_Wanted"], Iterator[Task]]) -> Task:
        return Task(run=partial(run, wanted), family=wanted.family.name, place=wanted.source.target, order=wanted.order)

    def _run(self, wanted: "_Wanted") -> Iterator[Task]:
        """Read a source, unless another execution reads it."""
        row = self._rows.get(wanted.source.id)
        if self._sharing is not None and self._others is not None and self._may_begin():
            decision = self._sharing.decide(wanted.source, row)
            if isinstance(decision, AlreadyRead):
                yield from self._read_by_others(wanted)
                return
            if isinstance(decision, BeingRead):
                self._others.wait_for(wanted.source.id)
                return
            row = decision.row
        yield from self._search(wanted, row) if _is_search(wanted.source) else self._read(wanted, row)

    def _read(self, wanted: "_Wanted", row: Coverage | None) -> Iterator[Task]:
        with self._lock:
            gone = wanted.source.id in self._gone
        if self._may_begin() and not gone:
            self._reads[wanted.source.id] = self._sources.read(
                wanted.family, wanted.source, row, deadline=self._deadline, detail_deadline=self._detail_deadline
            )
        yield from self._end(wanted)

    def _search(self, wanted: "_Wanted", row: Coverage | None) -> Iterator[Task]:
        family, discovery = wanted.family, wanted.source
        search = ParentSearch(self._dependencies, family, discovery, row, found_before(discovery, self._rows.values()))
        for sources in search.pages(deadline=self._deadline):
            yield from (self.task(family, source) for source in sources if self._takes(source))
        self._reads[discovery.id] = search.finish()
        gone = [each for source in search.gone for each in (source, *below(source, self._rows.values()))]
        yield from self._forget_all(family, gone)

    def _read_by_others(self, wanted: "_Wanted") -> Iterator[Task]:
        """Continue after another execution's read of a source. The sources that its discovery found are read here."""
        family, source = wanted.family, wanted.source
        with self._lock:
            self._shared.add(source.id)
        if not _is_search(source):
            yield from self._end(wanted)
            return
        rows = self._dependencies.store.coverage(services=[family.service], targets=[source.target])
        self._rows |= {row.source.id: row for row in rows}
        new = [found for found in found_before(source, rows) if found.id not in self._wanted]
        yield from (self.task(family, found) for found in new if self._takes(found))

    def _end(self, wanted: "_Wanted") -> Iterator[Task]:
        """Finish the read of a source. If its parent has disappeared meanwhile, forget the source."""
        with self._lock:
            self._under_way.discard(wanted.source.id)
            gone = wanted.source.id in self._gone
        if gone:
            yield from self._forget(wanted)

    def _forget_all(self, family: Family, sources: Sequence[Source]) -> list[Task]:
        """Forget sources whose parent is gone, each after its read is over."""
        with self._lock:
            self._gone |= {source.id for source in sources}
            free = [source for source in sources if source.id not in self._under_way]
        return [self._task_of(_Wanted(family=family, source=source, order=FIRST), self._forget) for source in free]

    def _forget(self, wanted: "_Wanted") -> Iterator[Task]:
        """Forget a source whose parent is gone, once none of its jobs is open any more.

        Not after the deadline: an execution that was frozen meanwhile may have old data about the parent.
        """
        over = self._sources.close(wanted.family, wanted.source, deadline=self._deadline)
        if over and not self._dependencies.reader.is_over(self._deadline):
            self._dependencies.store.forget_sources([wanted.source.id])
        return iter(())

    def _may_begin(self) -> bool:
        """Whether a read that has waited for a thread may still begin."""
        return not (self._skip_late and self._dependencies.reader.is_over(self._deadline))

    def _takes(self, source: Source) -> bool:
        """Whether a source that a discovery has found is read: further discoveries, and the requested sources."""
        return self._parent is None or _is_search(source) or is_under(source, self._parent)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Wanted:
    """A source to read."""

    family: Family
    source: Source
    order: float


def is_under(source: Source, parent: str) -> bool:
    """True for the jobs under the nearest parent with this id."""
    return source.kind is SourceKind.JOBS and source.parent is not None and source.parent.id == parent


def _is_search(source: Source) -> bool:
    return source.kind is SourceKind.DISCOVERY
