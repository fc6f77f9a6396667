"""Discovery of parents. The sources under the parents of a page are put on the schedule at once."""

from collections.abc import Iterable, Iterator

from jobview.aws.errors import ReadFailure, coverage_status
from jobview.aws.unreadable import Unreadable
from jobview.catalogue.family import Family
from jobview.model import Coverage, CoverageStatus, ReadError, Source
from jobview.refresh.cadence import Outcome, next_schedule
from jobview.refresh.dependencies import Dependencies
from jobview.refresh.source import SourceRead


class ParentSearch:
    """One read of a discovery: first its ``pages``, then ``finish``.

    Parameters
    ----------
    dependencies
        The reader, the store, the clock and the cadence.
    family, discovery, row
        The family, the discovery, and its coverage.
    known
        The sources that earlier reads have found.
    """

    def __init__(
        self,
        dependencies: Dependencies,
        family: Family,
        discovery: Source,
        row: Coverage | None,
        known: Iterable[Source],
    ) -> None:
        self._dependencies = dependencies
        self._family = family
        self._discovery = discovery
        self._row = row
        self._known = {source.id: source for source in known}
        self._found: dict[str, Source] = {}
        self._started = dependencies.now()
        self._pages = 0
        self._error: ReadError | None = None
        self._unreadable = Unreadable()

    @property
    def gone(self) -> list[Source]:
        """The known sources that do not exist any more; none where not everything was listed."""
        if self._error is not None:
            return []
        return [source for source_id, source in self._known.items() if source_id not in self._found]

    def pages(self, *, deadline: float) -> Iterator[list[Source]]:
        """Yield for each page of parents the sources under new ones. ``finish`` reports a failure."""
        reader, store = self._dependencies.reader, self._dependencies.store
        try:
            for page in reader.parents(self._family, self._discovery, deadline, unreadable=self._unreadable):
                self._pages += 1
                listed = {source.id: source for source in (self._family.under(self._discovery, each) for each in page)}
                new = [
                    source
                    for source_id, source in listed.items()
                    if source_id not in self._known and source_id not in self._found
                ]
                self._found |= listed
                # They are put on the schedule first, so that a later crash loses none.
                store.expect(new, at=self._started)
                yield new
        except ReadFailure as failure:
            self._error = failure.error

    def finish(self) -> SourceRead:
        """Write the discovery's coverage."""
        error, cadence = self._error, self._dependencies.cadence
        outcome = Outcome(
            started_at=self._started,
            error=error,
            listed=error is None,
            discovery=True,
            found=bool(self._found or self._known),
            read=self._pages,
        )
        before = None if self._row is None else self._row.schedule
        coverage = Coverage(
            source=self._discovery,
            status=CoverageStatus.COMPLETE if error is None else coverage_status(error),
            attempted_at=self._started,
            as_of=self._started if error is None else None,
            jobs=len(self._found) if error is None else None,
            error=error,
            warnings=self._unreadable.values,
            schedule=next_schedule(before, outcome, cadence, jitter=self._dependencies.jitter()),
        )
        self._dependencies.store.put_coverage([coverage])
        return SourceRead(coverage=coverage, unreadable=self._unreadable.count)


def below(source: Source, rows: Iterable[Coverage]) -> list[Source]:
    """The sources whose path of parents begins with the path of the source."""
    depth = len(source.parents)
    return [
        row.source
        for row in rows
        if len(row.source.parents) > depth
        and (row.source.service, row.source.type, row.source.target) == (source.service, source.type, source.target)
        and row.source.parents[:depth] == source.parents
    ]


def found_before(discovery: Source, rows: Iterable[Coverage]) -> list[Source]:
    """The sources that earlier reads of a discovery have found: they have one more parent."""
    return [source for source in below(discovery, rows) if len(source.parents) == len(discovery.parents) + 1]
