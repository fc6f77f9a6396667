"""Reading one source in four steps: list, reconcile with the store, get details, finish."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jobview.aws.errors import ReadFailure
from jobview.aws.unreadable import Unreadable
from jobview.catalogue.family import Family
from jobview.collect.periods import beginning
from jobview.model import Coverage, ErrorKind, ReadError, Source
from jobview.refresh.dependencies import Dependencies
from jobview.refresh.details import NOT_LISTED, Details, askable, from_cursor, get_details
from jobview.refresh.finish import ReadResult, coverage_of, end_missing
from jobview.refresh.item_results import read_items
from jobview.refresh.listing import listing_of, reaches_back
from jobview.refresh.pages import known_fingerprints, list_pages, marked
from jobview.refresh.reconcile import ReconciledPage, reconcile
from jobview.refresh.recorder import Recorder
from jobview.refresh.recording import Recording


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceRead:
    """The result of one read of one source."""

    coverage: Coverage
    changed: int = 0
    unknown: int = 0
    unreadable: int = 0
    """The number of values of AWS's answers that could not be read."""


class SourceReader:
    """Reads single sources into the store."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._dependencies = dependencies
        self._recorder = Recorder(dependencies.store, now=dependencies.now)

    def read(
        self,
        family: Family,
        source: Source,
        known: Coverage | None,
        *,
        deadline: float,
        detail_deadline: float | None = None,
    ) -> SourceRead:
        """Read a source and store its coverage. It never raises an error of AWS: the coverage has it.

        Parameters
        ----------
        family, source, known
            The source, its family, and its coverage.
        deadline, detail_deadline
            See ``Refresher.read_families``.
        """
        reader, store, now = self._dependencies.reader, self._dependencies.store, self._dependencies.now
        started = now()
        open_before = store.open_jobs(source.id)
        listing = listing_of(family, known, open_jobs=len(open_before), now=started)
        recording = Recording(self._recorder, now=now, open_before=open_before)
        unreadable = Unreadable()
        until = deadline if detail_deadline is None or not family.lists_states else min(deadline, detail_deadline)

        # Each page is listed (step 1) and reconciled with the store (step 2) before the next one is requested.
        fingerprints = known_fingerprints(family, known, listing)
        pages: list[ReconciledPage] = []
        list_error: ReadError | None = None
        begun = listing.begun(started)
        try:
            for listed in list_pages(
                reader, family, source, listing, begun=begun, deadline=deadline, unreadable=unreadable
            ):
                if fingerprints[len(pages) :][:1] == (marked(listed.fingerprint, listed.ids, open_before),):
                    page = ReconciledPage(listed=listed, compared=False)
                else:
                    page = reconcile(family, listed, recording, store)
                pages.append(page)
                recording.record_overdue()
                # A list that begins with the newest job has nothing new after an unchanged page.
                if reaches_back(family, listing, page.jobs) or (not page.compared and listing.since is not None):
                    break
        except ReadFailure as failure:
            list_error = failure.error

        # Step 3: get the jobs that are new or changed in the list, and the open jobs that it does not have.
        unlisted = set() if list_error is not None else open_before.keys() - _listed(pages)
        left_out, unaskable = askable(_left_out(family, open_before, unlisted, list_error), store)
        to_get = [*(key for page in pages for key in page.to_get), *left_out]
        if family.list is None:
            to_get = from_cursor(left_out, listing.cursor)
        details = get_details(
            reader,
            family,
            source.target,
            to_get,
            recording,
            deadline=until,
            unreadable=unreadable,
        )

        # Step 4: end the jobs that are gone, read item-level results, and write the coverage.
        missing = _missing(family, unlisted, details, unaskable)
        unsure = bool(missing) and listing.since is not None
        if not unsure:
            window = None if family.list is None else family.list.window
            listed_since = None if window is None else beginning(window, begun)
            end_missing(store, missing, recording, now=now, listed_since=listed_since)
        item_errors = read_items(
            reader,
            store,
            family,
            source.target,
            recording.jobs.values(),
            recording,
            now=now,
            deadline=until,
            unreadable=unreadable,
        )
        late = ErrorKind.DEADLINE if until < deadline else None
        result = ReadResult(
            family=family,
            source=source,
            known=known,
            started_at=started,
            listing=listing,
            pages=pages,
            asked=to_get,
            answered=details.answered(to_get),
            list_error=list_error,
            errors=[error for error in (*details.errors, *item_errors) if error.kind != late],
            unsettled=_unsettled(pages, details),
            unsure=unsure,
            unreadable=unreadable,
        )
        coverage = coverage_of(
            result, recording, cadence=self._dependencies.cadence, jitter=self._dependencies.jitter()
        )
        store.put_coverage([coverage])
        return SourceRead(
            coverage=coverage,
            changed=recording.changed,
            unknown=recording.unknown,
            unreadable=unreadable.count,
        )

    def close(self, family: Family, source: Source, *, deadline: float) -> bool:
        """End the open jobs of a source whose parent is gone; true once none is open any more."""
        reader, store, now = self._dependencies.reader, self._dependencies.store, self._dependencies.now
        left = store.open_jobs(source.id)
        recording = Recording(self._recorder, now=now, open_before=left)
        keys, unaskable = askable(left, store)
        details = get_details(
            reader, family, source.target, keys, recording, deadline=deadline, unreadable=Unreadable()
        )
        end_missing(store, _missing(family, set(left), details, unaskable), recording, now=now)
        return all(job_id in recording.jobs and not recording.jobs[job_id].open for job_id in left)


def _listed(pages: Iterable[ReconciledPage]) -> set[str]:
    """The ids on all pages."""
    return {job_id for page in pages for job_id in page.listed.ids}


def _left_out(
    family: Family, open_before: Mapping[str, bool], unlisted: set[str], list_error: ReadError | None
) -> set[str]:
    """The ids of open jobs to get because no list has them, or does not have enough of them."""
    if not family.lists_states and list_error is None:
        return set(open_before)
    return unlisted | {job_id for job_id, in_doubt in open_before.items() if in_doubt}


def _missing(family: Family, unlisted: set[str], details: Details, unaskable: Iterable[str]) -> dict[str, ReadError]:
    """The unlisted jobs that a get does not find either. For jobs that cannot be got, the list alone decides."""
    if family.get is None:
        return dict.fromkeys(unlisted, NOT_LISTED)
    missing = {**dict.fromkeys(unaskable, NOT_LISTED), **details.missing}
    return {job_id: error for job_id, error in missing.items() if job_id in unlisted}


def _unsettled(pages: Iterable[ReconciledPage], details: Details) -> frozenset[str]:
    """The ids of jobs for which list and store disagree, and no get has decided."""
    outdated = {job_id for page in pages for job_id in page.outdated}
    contradicted = {job_id for page in pages for job_id in page.contradicted}
    return frozenset(outdated | (contradicted - details.got))
