"""Reading sources: list first, get only what is new or changed, record everything, and say what could not be read.

The same code serves the scheduled refresh of a lane and the live reads of the API. A status is recorded before anything
more is read of the job, so that a failing get or manifest never hides a finished job.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from jobview.catalogue.declaration import Family
from jobview.collect.errors import ErrorKind, ReadFailure, coverage_status
from jobview.collect.fanout import run_all
from jobview.collect.items import READERS
from jobview.collect.reading import Reader
from jobview.jobid import JobKey
from jobview.keeping import Keeper
from jobview.merge import needs_detail
from jobview.model import (
    Coverage,
    CoverageStatus,
    Depth,
    Observation,
    Parent,
    ReadError,
    Source,
    State,
    StoredJob,
    Target,
)
from jobview.record import Recorder

ITEMS_ATTEMPTS = 8
"""Item-level results that could not be read are tried this often, at doubling intervals, then left unverified."""
ITEMS_FIRST_DELAY = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceRead:
    """What one read of one source came to."""

    coverage: Coverage
    changed: int = 0
    unknown: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class JobRead:
    """What asking AWS for one job came to."""

    stored: StoredJob | None
    native: Mapping[str, object] | None = None
    error: ReadError | None = None


class Refresher:
    """Reads sources into the store.

    Parameters
    ----------
    reader, recorder, store
        Where to read, how to record, where coverage is kept.
    now
        The clock: an aware UTC time.
    """

    def __init__(self, *, reader: Reader, recorder: Recorder, store: Keeper, now: Callable[[], datetime]) -> None:
        self._reader = reader
        self._recorder = recorder
        self._store = store
        self._now = now

    def read_families(
        self,
        families: Sequence[Family],
        targets: Sequence[Target],
        *,
        deadline: float,
        detail_deadline: float | None = None,
    ) -> list[SourceRead]:
        """Read every source of the families in the targets at once, and keep the coverage.

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
        pairs = [(family, target) for target in targets for family in families]
        found = run_all([partial(self._discover, family, target, deadline) for family, target in pairs])
        reads = [read for _, read in found if read is not None]
        sources = [(family, source) for (family, _), (listed, _) in zip(pairs, found, strict=True) for source in listed]
        reads += run_all(
            [
                partial(self.read_source, family, source, deadline=deadline, detail_deadline=detail_deadline)
                for family, source in sources
            ]
        )
        self._store.put_coverage([read.coverage for read in reads])
        return reads

    def read_source(
        self, family: Family, source: Source, *, deadline: float, detail_deadline: float | None = None
    ) -> SourceRead:
        """Read one source; never raises for what AWS does, but says so in the coverage.

        Deadlines as in ``read_families``. The coverage row is returned, not stored.
        """
        started = self._now()
        tally = _Tally()
        error: ReadError | None = None
        try:
            if family.lists_ids_only:
                self._list_ids(family, source, deadline, tally)
            else:
                self._list(family, source, deadline, tally)
        except ReadFailure as failure:
            error = failure.error
        until = deadline if detail_deadline is None or family.lists_ids_only else min(deadline, detail_deadline)
        self._get(family, source.target, tally.wanted, until, tally)
        self._refine(family, source.target, tally.jobs.values(), until, tally)
        late = ErrorKind.DEADLINE if until < deadline else None
        troubles = [trouble for trouble in tally.troubles if trouble.kind != late]
        listed = error is None
        if error is None and troubles:
            error = troubles[0]
            # An id without its status is no job read: then the listing itself is not whole.
            listed = not family.lists_ids_only
        coverage = Coverage(
            source=source,
            status=CoverageStatus.COMPLETE if listed or error is None else coverage_status(error),
            attempted_at=started,
            as_of=started if listed else None,
            jobs=tally.seen if listed else None,
            error=error,
        )
        return SourceRead(coverage=coverage, changed=tally.changed, unknown=tally.unknown)

    def read_job(self, family: Family, target: Target, key: JobKey, *, deadline: float) -> JobRead:
        """Ask AWS for one job now, with its item-level results, and record what it says."""
        for got in self._reader.get_jobs(family, target, [key], deadline):
            if got.observation is None:
                return JobRead(stored=None, error=got.error)
            tally = _Tally()
            self._record(tally, [got.observation])
            self._refine(family, target, list(tally.jobs.values()), deadline, tally)
            return JobRead(
                stored=tally.jobs.get(str(key)),
                native=got.native,
                error=next(iter(tally.troubles), None),
            )
        raise AssertionError("get_jobs answers for every key")

    def _discover(self, family: Family, target: Target, deadline: float) -> tuple[list[Source], SourceRead | None]:
        """The family's sources in a target, and the coverage of finding them where it has parents."""
        whole = Source(service=family.service, type=family.type, target=target)
        if family.parent is None:
            return [whole], None
        started = self._now()
        known = {
            row.source.id: row.source
            for row in self._store.coverage(services=[family.service], targets=[target])
            if row.source.type == family.type and row.source.parent is not None
        }
        parents: list[Parent] = []
        try:
            for page in self._reader.parents(family, target, deadline):
                parents.extend(page)
        except ReadFailure as failure:
            # The parents known from before can still be read.
            coverage = Coverage(
                source=whole, status=coverage_status(failure.error), attempted_at=started, error=failure.error
            )
            return list(known.values()), SourceRead(coverage=coverage)
        found = {
            source.id: source
            for parent in parents
            for source in [Source(service=family.service, type=family.type, target=target, parent=parent)]
        }
        self._store.forget_sources(known.keys() - found.keys())
        coverage = Coverage(
            source=whole,
            status=CoverageStatus.COMPLETE,
            attempted_at=started,
            as_of=started,
            jobs=len(found),
        )
        return list(found.values()), SourceRead(coverage=coverage)

    def _list(self, family: Family, source: Source, deadline: float, tally: "_Tally") -> None:
        for page in self._reader.list_jobs(family, source, deadline):
            tally.seen += len(page)
            self._record(tally, page)
            tally.wanted += [
                observation.view.key
                for observation in page
                if (job := tally.jobs.get(observation.view.id)) is not None
                and needs_detail(job, has_get=family.get is not None)
            ]

    def _list_ids(self, family: Family, source: Source, deadline: float, tally: "_Tally") -> None:
        for keys in self._reader.list_ids(family, source, deadline):
            tally.seen += len(keys)
            stored = self._store.get_many([str(key) for key in keys])
            tally.wanted += [
                key for key in keys if (job := stored.get(str(key))) is None or not job.view.state.terminal
            ]

    def _get(self, family: Family, target: Target, keys: Sequence[JobKey], deadline: float, tally: "_Tally") -> None:
        if not keys:
            return
        at_once = family.get.batch if family.get is not None and family.get.batch else 1
        waiting: list[Observation] = []
        try:
            for got in self._reader.get_jobs(family, target, list(dict.fromkeys(keys)), deadline):
                if got.observation is not None:
                    waiting.append(got.observation)
                elif got.error is not None and got.error.kind != ErrorKind.NOT_FOUND:
                    tally.troubles.append(got.error)
                if len(waiting) >= at_once:
                    self._record(tally, waiting)
                    waiting = []
        finally:
            if waiting:
                self._record(tally, waiting)

    def _refine(
        self, family: Family, target: Target, jobs: Iterable[StoredJob], deadline: float, tally: "_Tally"
    ) -> None:
        """Read the item-level results that lie outside the service, where they may still change the end."""
        if family.items_reader is None:
            return
        reader = READERS[family.items_reader]
        for job in list(jobs):
            if not self._items_due(job):
                continue
            try:
                observation = self._reader.refine(reader, job.view, target, deadline)
            except ReadFailure as failure:
                tally.troubles.append(failure.error)
                if failure.error.kind == ErrorKind.DEADLINE:
                    return
                self._store.touch_items(
                    job.view.id,
                    revision=job.revision,
                    attempts=job.items_attempts + 1,
                    after=self._now() + ITEMS_FIRST_DELAY * 2**job.items_attempts,
                )
            else:
                self._record(tally, [observation])

    def _items_due(self, job: StoredJob) -> bool:
        return (
            job.view.state is State.SUCCEEDED
            and job.depth == Depth.DETAIL
            and job.items_attempts < ITEMS_ATTEMPTS
            and (job.items_after is None or job.items_after <= self._now())
        )

    def _record(self, tally: "_Tally", observations: Sequence[Observation]) -> None:
        recorded = self._recorder.record(observations)
        tally.jobs.update(recorded.jobs)
        tally.changed += recorded.changed
        tally.unknown += recorded.unknown


class _Tally:
    """What has come in so far while one source is read."""

    def __init__(self) -> None:
        self.seen = 0
        self.changed = 0
        self.unknown = 0
        self.jobs: dict[str, StoredJob] = {}
        self.wanted: list[JobKey] = []
        self.troubles: list[ReadError] = []
