"""Reading many sources at once: each begins as soon as it is known, and none waits for a search that is not its own."""

import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from jobview.aws.errors import ReadFailure, coverage_status
from jobview.aws.unreadable import Unreadable
from jobview.catalogue.family import Family
from jobview.collect.fanout import Add, Task
from jobview.model import Coverage, CoverageStatus, ReadError, Source, SourceKind
from jobview.refresh.cadence import Outcome, next_schedule
from jobview.refresh.dependencies import Dependencies
from jobview.refresh.sharing import Sharing
from jobview.refresh.source import SourceRead, SourceReader

FIRST = -1.0
"""The order of what is read before everything that waits since some time: searches, and what they find."""


@dataclass(kw_only=True)
class ConcurrentReads:
    """One reading of many sources, and what has come in; its tasks run on many threads."""

    dependencies: Dependencies
    sources: SourceReader
    rows: dict[str, Coverage]
    """What was known of the sources before, by id."""
    deadline: float
    detail_deadline: float | None = None
    sharing: Sharing | None = None
    """``None``: all is read here, whoever else reads it."""
    begins: Callable[[], bool] = lambda: True
    """Whether a read that has waited for a thread is still to begin."""
    takes: Callable[[Source], bool] = lambda _: True
    """Which of the sources that a search finds are read."""
    read: dict[str, SourceRead] = field(default_factory=dict)
    """What came of the reads that are over, by source id."""
    wanted: set[str] = field(default_factory=set)
    """Ids of the sources that were to be read."""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _under_way: set[str] = field(default_factory=set)
    _gone: set[str] = field(default_factory=set)

    def source(self, family: Family, source: Source, *, order: float = FIRST) -> Task:
        """The task of reading a source; behind a discovery, what is found under new parents is read as well."""
        self.wanted.add(source.id)
        if source.kind is SourceKind.DISCOVERY:
            return self._task(family, source, FIRST, self._search)
        with self._lock:
            self._under_way.add(source.id)
        return self._task(family, source, order, self._read)

    def then(self, family: Family, source: Source) -> Task | None:
        """What follows where others have read a source: behind a discovery, what it has found is read."""
        if source.kind is not SourceKind.DISCOVERY:
            return None
        run = partial(self._found_by_others, family, source)
        return Task(run=run, family=family.name, place=source.target, order=FIRST)

    def result(self) -> list[SourceRead]:
        """What came of the reads, without those of sources whose parent is gone."""
        with self._lock:
            return [read for source_id, read in list(self.read.items()) if source_id not in self._gone]

    def late(self) -> frozenset[str]:
        """Ids of the sources that nobody has read to the end."""
        shared: Collection[str] = () if self.sharing is None else self.sharing.rows
        with self._lock:
            return frozenset(self.wanted - self.read.keys() - set(shared) - self._gone)

    def _task(
        self,
        family: Family,
        source: Source,
        order: float,
        read: Callable[[Family, Source, Coverage | None, Add], None],
    ) -> Task:
        def run(add: Add) -> None:
            row = self.rows.get(source.id)
            if self.sharing is not None and self.begins():
                own = self.sharing.begin(source, row, task, add, then=self.then(family, source))
                if own is None:
                    return
                row = own.row
            read(family, source, row, add)

        task = Task(run=run, family=family.name, place=source.target, order=order)
        return task

    def _read(self, family: Family, source: Source, row: Coverage | None, add: Add) -> None:
        with self._lock:
            gone = source.id in self._gone
        if self.begins() and not gone:
            self.read[source.id] = self.sources.read(
                family, source, row, deadline=self.deadline, detail_deadline=self.detail_deadline
            )
        with self._lock:
            self._under_way.discard(source.id)
            gone = source.id in self._gone
        if gone:
            self._forget(family, source, add)

    def _search(self, family: Family, discovery: Source, row: Coverage | None, add: Add) -> None:
        started = self.dependencies.now()
        known = {source.id: source for source in found_before(discovery, self.rows.values())}
        found: dict[str, Source] = {}
        error: ReadError | None = None
        pages = 0
        unreadable = Unreadable()
        try:
            for page in self.dependencies.reader.parents(family, discovery, self.deadline, unreadable=unreadable):
                pages += 1
                new = {source.id: source for source in (family.under(discovery, parent) for parent in page)}
                first = [source for name, source in new.items() if name not in known and name not in found]
                found |= new
                # New ones are on the schedule before anything else is done: a crash behind this line forgets none.
                self.dependencies.store.expect(first, at=started)
                add(self.source(family, source) for source in first if self.takes(source))
        except ReadFailure as failure:
            error = failure.error
        outcome = Outcome(started_at=started, error=error, listed=error is None, discovery=True, read=pages)
        coverage = Coverage(
            source=discovery,
            status=CoverageStatus.COMPLETE if error is None else coverage_status(error),
            attempted_at=started,
            as_of=started if error is None else None,
            jobs=len(found) if error is None else None,
            error=error,
            warnings=unreadable.values,
            schedule=next_schedule(
                None if row is None else row.schedule,
                outcome,
                self.dependencies.cadence,
                jitter=self.dependencies.jitter(),
            ),
        )
        self.dependencies.store.put_coverage([coverage])
        self.read[discovery.id] = SourceRead(coverage=coverage, unreadable=unreadable.count)
        if error is None:
            gone = [source for name, source in known.items() if name not in found]
            self._leave(family, [each for source in gone for each in (source, *below(source, self.rows.values()))], add)

    def _found_by_others(self, family: Family, discovery: Source, add: Add) -> None:
        rows = self.dependencies.store.coverage(services=[family.service], targets=[discovery.target])
        self.rows |= {row.source.id: row for row in rows}
        new = [source for source in found_before(discovery, rows) if source.id not in self.wanted]
        add(self.source(family, source) for source in new if self.takes(source))

    def _leave(self, family: Family, sources: Sequence[Source], add: Add) -> None:
        """Forget sources whose parent is gone, each once its read is over."""
        with self._lock:
            self._gone |= {source.id for source in sources}
            free = [source for source in sources if source.id not in self._under_way]
        add(
            Task(run=partial(self._forget, family, source), family=family.name, place=source.target, order=FIRST)
            for source in free
        )

    def _forget(self, family: Family, source: Source, _: Add) -> None:
        """Forget a source whose parent is gone, once none of its jobs is open any more.

        Not behind the deadline: an execution that was frozen meanwhile does not know what has come back.
        """
        over = self.sources.close(family, source, deadline=self.deadline)
        if over and not self.dependencies.reader.is_over(self.deadline):
            self.dependencies.store.forget_sources([source.id])


def below(source: Source, rows: Iterable[Coverage]) -> list[Source]:
    """The sources whose path of parents goes on where that of the source ends."""
    depth = len(source.parents)
    return [
        row.source
        for row in rows
        if len(row.source.parents) > depth
        and (row.source.service, row.source.type, row.source.target) == (source.service, source.type, source.target)
        and row.source.parents[:depth] == source.parents
    ]


def found_before(discovery: Source, rows: Iterable[Coverage]) -> list[Source]:
    """The sources that earlier reads of a discovery have found: they have one parent more."""
    return [source for source in below(discovery, rows) if len(source.parents) == len(discovery.parents) + 1]
