"""Reading one source: its list, the jobs that are new or changed, those that are gone, and what comes of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from jobview.aws.errors import ReadFailure, coverage_status
from jobview.aws.unreadable import Unreadable
from jobview.catalogue.family import Family
from jobview.items.readers import READERS
from jobview.merge import contradicts, needs_detail
from jobview.model import (
    Coverage,
    CoverageStatus,
    ErrorKind,
    Observation,
    ReadError,
    Source,
    StoredJob,
    Target,
    UnreadableValue,
)
from jobview.model.jobid import JobKey
from jobview.reader import Listed, Position
from jobview.refresh.cadence import Outcome, next_schedule
from jobview.refresh.dependencies import Dependencies
from jobview.refresh.listing import Listing, cursor_after, gone, listing_of, narrows, reaches_back, tells_all
from jobview.refresh.pages import Pages, ReadProgress, as_before, fingerprints, items_open, marked
from jobview.refresh.recorder import Recorder

ITEMS_FIRST_DELAY = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceRead:
    """What one read of one source came to."""

    coverage: Coverage
    changed: int = 0
    unknown: int = 0
    unreadable: int = 0
    """Values of AWS's answers that could not be read."""


class SourceReader:
    """Reads single sources and jobs into the store."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._reader = dependencies.reader
        self._recorder = Recorder(dependencies.store, now=dependencies.now)
        self._store = dependencies.store
        self._now = dependencies.now
        self._cadence = dependencies.cadence
        self._jitter = dependencies.jitter

    def read(
        self,
        family: Family,
        source: Source,
        known: Coverage | None,
        *,
        deadline: float,
        detail_deadline: float | None = None,
    ) -> SourceRead:
        """Read a source and keep its coverage; never raises for what AWS does, but says so there.

        Parameters
        ----------
        family, source, known
            What to read, and what is known of it.
        deadline, detail_deadline
            As of ``Refresher.read_families``.
        """
        started = self._now()
        progress = ReadProgress()
        before = self._store.open_jobs(source.id)
        listing = listing_of(family, known, open_jobs=len(before), now=started)
        pages = self._list(family, source, known, listing, deadline, progress, before)
        until = deadline if detail_deadline is None or family.lists_ids_only else min(deadline, detail_deadline)
        unlisted = set() if pages.error is not None else set(before) - pages.listed()
        doubtful = {job_id for job_id, ended in before.items() if ended}
        asked_for = before if family.lists_ids_only and pages.error is None else unlisted | doubtful
        progress.known |= {
            job_id: None if before[job_id] else 0 for job_id in asked_for if job_id not in progress.known
        }
        progress.wanted += self._keys(asked_for, progress)
        self.get(family, source.target, progress.wanted, until, progress)
        unsure = self._part(family, listing, unlisted, progress)
        self.refine(family, source.target, progress.jobs.values(), until, progress)
        late = ErrorKind.DEADLINE if until < deadline else None
        troubles = [trouble for trouble in progress.troubles if trouble.kind != late]
        coverage = self._coverage(
            family, source, known, listing, pages, progress, troubles, before=before, started=started, unsure=unsure
        )
        self._store.put_coverage([coverage])
        return SourceRead(
            coverage=coverage,
            changed=progress.changed,
            unknown=progress.unknown,
            unreadable=progress.unreadable.count,
        )

    def close(self, family: Family, source: Source, *, deadline: float) -> bool:
        """End what is left of a source whose parent is gone; true once none of its jobs is open."""
        left = self._store.open_jobs(source.id)
        progress = ReadProgress(known={job_id: None if ended else 0 for job_id, ended in left.items()})
        self.get(family, source.target, self._keys(left, progress), deadline, progress)
        self._part(family, Listing(sweep=True), set(left), progress)
        return all(job_id in progress.jobs and not progress.jobs[job_id].open for job_id in left)

    def get(
        self, family: Family, target: Target, keys: Sequence[JobKey], deadline: float, progress: ReadProgress
    ) -> None:
        """Ask for jobs, and record what AWS tells."""
        if not keys or family.get is None:
            return  # without a get the list has told all
        at_once = family.get.batch if family.get is not None and family.get.batch else 1
        waiting: list[Observation] = []
        try:
            answers = self._reader.get_jobs(
                family, target, list(dict.fromkeys(keys)), deadline, unreadable=progress.unreadable
            )
            for got in answers:
                if got.observation is not None:
                    job_id = str(got.key)
                    waiting.append(replace(got.observation, after_revision=progress.known.get(job_id, 0)))
                    progress.contradicted.discard(job_id)
                elif got.error is not None and got.error.kind == ErrorKind.NOT_FOUND:
                    progress.missing[str(got.key)] = got.error
                elif got.error is not None:
                    progress.troubles.append(got.error)
                if len(waiting) >= at_once:
                    self.record(progress.pending.with_got(waiting), progress)
                    waiting = []
                self.record(progress.pending.overdue(self._now()), progress)
        finally:
            # What could not be got is shown as it was listed.
            self.record([*progress.pending.with_got(waiting), *progress.pending.rest()], progress)

    def refine(
        self, family: Family, target: Target, jobs: Iterable[StoredJob], deadline: float, progress: ReadProgress
    ) -> None:
        """Read the item-level results that lie outside the service, where they may still change the end."""
        if family.items_reader is None:
            return
        reader = READERS[family.items_reader]
        for job in list(jobs):
            if not items_open(job) or (job.items_after is not None and job.items_after > self._now()):
                continue
            try:
                observation = self._reader.refine(reader, job.view, target, deadline, unreadable=progress.unreadable)
            except ReadFailure as failure:
                progress.troubles.append(failure.error)
                if failure.error.kind == ErrorKind.DEADLINE:
                    return
                self._store.touch_items(
                    job.view.id,
                    revision=job.revision,
                    attempts=job.items_attempts + 1,
                    after=self._now() + ITEMS_FIRST_DELAY * 2**job.items_attempts,
                )
            else:
                self.record([observation], progress)

    def record(
        self,
        observations: Sequence[Observation],
        progress: ReadProgress,
        *,
        defer: Callable[[StoredJob], bool] = lambda _: False,
    ) -> None:
        """Record observations, and count what came of them; what ``hold`` is true for waits in the progress."""
        if not observations:
            return
        recorded = self._recorder.record(observations, defer=defer)
        progress.pending.add(recorded.deferred, self._now())
        waiting = {observation.view.id for observation in recorded.deferred}
        progress.known |= {job_id: job.revision - (job_id in waiting) for job_id, job in recorded.jobs.items()}
        progress.jobs.update(recorded.jobs)
        progress.asked.update(observation.view.id for observation in observations)
        progress.changed += recorded.changed
        progress.new += recorded.new
        progress.unknown += recorded.unknown

    def _list(
        self,
        family: Family,
        source: Source,
        known: Coverage | None,
        listing: Listing,
        deadline: float,
        progress: ReadProgress,
        before: Mapping[str, bool],
    ) -> Pages:
        """List the source; what could not be listed is in the answer's ``error``."""
        prints = as_before(family, known, listing)
        pages = Pages()
        try:
            for ids, fingerprint, following, look in self._looks(family, source, listing, deadline, progress):
                unchanged = pages.read < len(prints) and prints[pages.read] == marked(fingerprint, ids, before)
                # A page that is as it was has nothing that is not stored.
                jobs = [] if unchanged else look()
                pages.seen += len(ids)
                pages.read += 1
                pages.ids.append(ids)
                pages.fingerprints.append(fingerprint)
                pages.compared.append(not unchanged)
                pages.following = following
                self.record(progress.pending.overdue(self._now()), progress)
                # A list that begins with the newest has nothing new behind a page that is as it was.
                if reaches_back(family, listing, jobs) or (unchanged and listing.since is not None):
                    break
        except ReadFailure as failure:
            pages.error = failure.error
        return pages

    def _looks(
        self, family: Family, source: Source, listing: Listing, deadline: float, progress: ReadProgress
    ) -> Iterator[tuple[list[str], str, Position | None, Callable[[], list[StoredJob]]]]:
        """For each page its ids, its fingerprint, where the next one is, and how it is compared with the store."""
        if family.lists_ids_only:
            listed_ids = self._reader.list_ids(
                family, source, deadline, start=listing.start, unreadable=progress.unreadable
            )
            for keys in listed_ids:
                ids = [str(key) for key in keys.records]
                yield ids, keys.fingerprint, keys.following, partial(self._compare_ids, keys, progress)
            return
        listed = self._reader.list_jobs(
            family, source, deadline, since=listing.since, start=listing.start, unreadable=progress.unreadable
        )
        for page in listed:
            ids = [observation.view.id for observation in page.records]
            yield ids, page.fingerprint, page.following, partial(self._compare, family, page, progress)

    def _compare(self, family: Family, page: Listed[Observation], progress: ReadProgress) -> list[StoredJob]:
        has_get = family.get is not None
        self.record(page.records, progress, defer=partial(needs_detail, has_get=has_get))
        jobs = {
            observation.view.id: job
            for observation in page.records
            if (job := progress.jobs.get(observation.view.id)) is not None
        }
        progress.refused |= {
            observation.view.id
            for observation in page.records
            if (job := jobs.get(observation.view.id)) is not None
            and not job.view.state.terminal
            and (
                job.view.observed_at > observation.view.observed_at
                or job.view.native_status != observation.view.native_status
            )
        }
        contradicted = {
            observation.view.id
            for observation in page.records
            if (job := jobs.get(observation.view.id)) is not None and contradicts(job, observation)
        }
        progress.contradicted |= contradicted
        keys = {observation.view.id: observation.view.key for observation in page.records}
        progress.wanted += [
            keys[job_id]
            for job_id, job in jobs.items()
            # A record that does not count may be right all the same: the get tells.
            if needs_detail(job, has_get=has_get) or (has_get and job_id in contradicted | progress.refused)
        ]
        return list(jobs.values())

    def _compare_ids(self, page: Listed[JobKey], progress: ReadProgress) -> list[StoredJob]:
        stored = self._store.get_many([str(key) for key in page.records])
        progress.jobs.update(stored)
        progress.known |= {job_id: job.revision for job_id, job in stored.items()}
        progress.wanted += [key for key in page.records if (job := stored.get(str(key))) is None or job.open]
        return list(stored.values())

    def _keys(self, job_ids: Iterable[str], progress: ReadProgress) -> list[JobKey]:
        """Keys of stored jobs, by which AWS can be asked; where an id has a digest, the view knows what it stands for.

        A view that does not (it was stored before views did) is as good as missing once it is not listed.
        """
        keys = {job_id: JobKey.parse(job_id) for job_id in job_ids}
        cut = [job_id for job_id, key in keys.items() if not key.exact]
        keys |= {job_id: job.view.key for job_id, job in self._store.get_many(cut).items()}
        told = ReadError(kind="not_found", code="NotListed", message="", operation=None, retryable=False)
        progress.missing |= {job_id: told for job_id, key in keys.items() if not key.exact}
        return [key for key in keys.values() if key.exact]

    def _part(self, family: Family, listing: Listing, unlisted: set[str], progress: ReadProgress) -> bool:
        """Take leave of open jobs that are not listed and that AWS does not know either.

        True where that cannot be told yet: not everything was listed.
        """
        lost = {job_id: error for job_id, error in progress.missing.items() if job_id in unlisted}
        if family.get is None:
            told = ReadError(kind="not_found", code="NotListed", message="", operation=None, retryable=False)
            lost = dict.fromkeys(unlisted, told)
        if not lost:
            return False
        if listing.since is not None:
            return True
        stored = self._store.get_many(lost, consistent=True)
        at = self._now()
        self.record(
            [
                gone(job, f"{lost[job_id].code} {lost[job_id].message}".strip(), at)
                for job_id, job in stored.items()
                if job.open
            ],
            progress,
        )
        return False

    def _coverage(
        self,
        family: Family,
        source: Source,
        known: Coverage | None,
        listing: Listing,
        pages: Pages,
        progress: ReadProgress,
        troubles: Sequence[ReadError],
        *,
        before: Iterable[str],
        started: datetime,
        unsure: bool,
    ) -> Coverage:
        error, listed = pages.error, pages.error is None
        if error is None and troubles:
            error = troubles[0]
            # An id without its status is no job read: then the listing itself is not whole.
            listed = not family.lists_ids_only
        begun, seen, read = started, pages.seen, pages.read
        if listing.cursor is not None:
            begun, seen, read = listing.cursor.started_at, seen + listing.cursor.seen, read + listing.cursor.pages
        everything = pages.error is None and listing.since is None
        if known is not None and listing.since is not None:
            seen = (known.jobs or 0) + progress.new
        complete = listed and (listing.since is None or tells_all(family))
        still_open = {job_id for job_id in before if job_id not in progress.jobs} | {
            job_id for job_id, job in progress.jobs.items() if job.open
        }
        length = read if everything else 0 if known is None or known.schedule is None else known.schedule.pages
        outcome = Outcome(
            started_at=started,
            error=error,
            listed=listed,
            swept=everything and listing.sweep,
            unsure=unsure,
            tells_all=tells_all(family) or not narrows(family, length, len(still_open)),
            open=len(still_open),
            changed=progress.changed > 0,
            read=pages.read,
            pages=read if everything else None,
            fingerprints=fingerprints(family, known, listing, pages, progress, still_open),
            cursor=None
            if pages.error is None
            else cursor_after(listing, pages.following, pages.error, started_at=begun, seen=seen, pages=read),
        )
        before_it = None if known is None else known.schedule
        return Coverage(
            source=source,
            status=CoverageStatus.COMPLETE if listed or error is None else coverage_status(error),
            attempted_at=started,
            as_of=begun if complete else None,
            jobs=seen if complete else None,
            error=error,
            warnings=_warnings(known, listing, pages, progress),
            schedule=next_schedule(before_it, outcome, self._cadence, jitter=self._jitter()),
        )


def _warnings(
    known: Coverage | None, listing: Listing, pages: Pages, progress: ReadProgress
) -> tuple[UnreadableValue, ...]:
    """What could not be read; of what this read did not ask for, as the one before says."""
    whole = listing.since is None and listing.cursor is None and pages.error is None
    if whole or known is None:
        return progress.unreadable.values
    return Unreadable.joined(known.warnings, progress.unreadable.values)
