"""Answers about many jobs or sources: the list, the summary, the coverage."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from jobview.http import problems
from jobview.model import Coverage, CoverageStatus, JobFilter, State
from jobview.monitored import Monitored
from jobview.query import coverage, tokens
from jobview.query.answer import Answer, Raw, dumps, spliced
from jobview.query.coverage import Scope
from jobview.query.live import Freshness, Live
from jobview.store import Bounds, Store, is_position

PAGE_BYTES = 2_400_000
"""The most bytes of jobs in one answer: with coverage it still fits a Lambda response, even uncompressed."""


class Lists:
    """Answers lists from the store, after a live read if the caller wants fresher data.

    Parameters
    ----------
    monitored
        The monitored families and targets.
    store, live
        The store, and the live reads that update it.
    now
        The clock: an aware UTC time.
    stale_after
        A source is stale when its last complete read is older than this.
    """

    def __init__(
        self,
        *,
        monitored: Monitored,
        store: Store,
        live: Live,
        now: Callable[[], datetime],
        stale_after: timedelta,
    ) -> None:
        self._monitored = monitored
        self._store = store
        self._live = live
        self._now = now
        self._stale_after = stale_after

    def jobs(self, wanted: JobFilter, *, limit: int, token: str | None, freshness: Freshness) -> Answer:
        """A page of jobs, newest first.

        Raises
        ------
        Problem
            The token is of another query, an account or region is not monitored, or a service to read live is retired.
        StoreBusyError
            The table is too slow to answer in the remaining time.
        """
        name = {"route": "jobs", **wanted.to_dict()}
        after = None if token is None else tokens.unseal(name, token)
        if after is not None and not is_position(after):
            raise problems.invalid_token("has no position in a list")
        scope = self._scope(wanted)
        rows = self._rows(scope)
        if freshness.max_age is not None and token is None:
            live = self._live.freshen(scope, rows, freshness)
            if live is not None:
                rows = coverage.with_late(self._rows(scope), live)
        bounds = Bounds(size=PAGE_BYTES, left=freshness.left)
        page = self._store.page(wanted, limit=limit, after=after, bounds=bounds)
        following = None if page.next is None else tokens.seal(name, page.next)
        body = spliced(jobs=Raw.array(page.views), nextToken=following, coverage=coverage.to_dict(rows))
        etag = (*page.views, following or "", *coverage.fingerprint(rows))
        return Answer(body=body, etag=etag, next_token=following)

    def summary(self) -> Answer:
        """Counts by service, type and state; the oldest running job; the failures of the last 24 hours."""
        summary = self._store.summary(self._now())
        rows = self._rows(Scope.of(self._monitored, JobFilter()))
        counts, failed = _counts(summary.counts), _counts(summary.failed)
        failures = summary.newest_failures[: _fitting(summary.newest_failures)]
        total: dict[str, int] = {}
        for row in counts:
            total[row["state"]] = total.get(row["state"], 0) + row["jobs"]
        body = spliced(
            counts=counts,
            total=total,
            oldestRunning=None if summary.oldest_running is None else Raw(summary.oldest_running),
            failedLastDay=Raw(spliced(counts=failed, jobs=Raw.array(failures))),
            coverage=coverage.to_dict(rows),
        )
        etag = (
            dumps([counts, failed]),
            summary.oldest_running or "",
            *failures,
            *coverage.fingerprint(rows),
        )
        return Answer(body=body, etag=etag)

    def sources(
        self, wanted: JobFilter, statuses: Collection[CoverageStatus], *, limit: int, token: str | None
    ) -> Answer:
        """The coverage of every source, by source id.

        Raises
        ------
        Problem
            The token is of another query, or an account or region is not monitored.
        """
        name = {"route": "sources", **wanted.to_dict(), "status": sorted(set(statuses))}
        after = "" if token is None else tokens.unseal(name, token)
        rows = sorted(
            (row for row in self._rows(self._scope(wanted)) if not statuses or row.status in statuses),
            key=lambda row: row.source.id,
        )
        left = [row for row in rows if row.source.id > after]
        shown = left[:limit]
        following = tokens.seal(name, shown[-1].source.id) if len(left) > len(shown) else None
        now = self._now()
        body = dumps({"sources": [coverage.to_source(row, now) for row in shown], "nextToken": following})
        return Answer(body=body, next_token=following)

    def _scope(self, wanted: JobFilter) -> Scope:
        targets = self._monitored.places
        _among("account", wanted.accounts, [target.account for target in targets])
        accounts = wanted.accounts or {target.account for target in targets}
        _among("region", wanted.regions, [target.region for target in targets if target.account in accounts])
        return Scope.of(self._monitored, wanted)

    def _rows(self, scope: Scope) -> list[Coverage]:
        stored = self._store.coverage(scope.services, scope.targets) if scope.monitored else []
        return coverage.rows(scope, stored, now=self._now(), stale_after=self._stale_after)


def _fitting(views: Sequence[str]) -> int:
    """The number of views from the first on that fit an answer."""
    sizes = accumulate(len(view.encode()) for view in views)
    return sum(size <= PAGE_BYTES for size in sizes)


def _among(parameter: str, wanted: Iterable[str], known: Sequence[str]) -> None:
    allowed = list(dict.fromkeys(known))
    for value in sorted(wanted):
        if value not in allowed:
            raise problems.invalid_parameter(parameter, f"{value} is not monitored by this deployment", allowed)


def _counts(counts: Mapping[tuple[str, str], Mapping[State, int]]) -> list[dict[str, Any]]:
    return [
        {"service": service, "type": type_, "state": state.value, "jobs": number}
        for (service, type_), states in sorted(counts.items())
        for state, number in sorted(states.items())
    ]
