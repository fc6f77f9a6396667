"""The coverage of a list answer: its sources, when each was read, and which could not be read.

A monitored source that was never read is ``stale``. A source that the request names and that is not monitored is
``unsupported`` or ``retired``. So a source that was not read never looks like a source without jobs.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from jobview import catalogue
from jobview.catalogue.family import Family
from jobview.model import Coverage, CoverageStatus, ErrorKind, JobFilter, ReadError, SourceKind, Target, rfc3339
from jobview.monitored import Monitored
from jobview.refresh.refresher import LiveRead
from jobview.refresh.sharing import counts
from jobview.store.coverage import with_staleness

ROWS = 100
"""The most coverage rows in an answer about jobs."""


_UNREAD = frozenset({CoverageStatus.COMPLETE, CoverageStatus.STALE})
"""Statuses that do not explain why a live read did not finish."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """The families and targets that a request is about."""

    monitored: tuple[tuple[Family, Target], ...]
    """The families that this deployment monitors, with their targets."""
    not_monitored: tuple[tuple[Family, Target], ...]
    """The families that the request names and that are not enabled."""
    parent: str | None = None

    @property
    def services(self) -> tuple[str, ...]:
        """The services of the monitored families."""
        return tuple(dict.fromkeys(family.service for family, _ in self.monitored))

    @property
    def targets(self) -> tuple[Target, ...]:
        """The targets of the monitored families."""
        return tuple(dict.fromkeys(target for _, target in self.monitored))

    @staticmethod
    def of(monitored: Monitored, wanted: JobFilter) -> "Scope":
        """The families and targets whose jobs may match a filter."""

        def targets(family: Family) -> list[Target]:
            return [
                target
                for target in family.read_in(monitored.targets)
                if (not wanted.accounts or target.account in wanted.accounts)
                and (not wanted.regions or target.region in wanted.regions)
            ]

        families = [
            family
            for family in catalogue.FAMILIES.values()
            if (not wanted.services or family.service in wanted.services)
            and (not wanted.types or family.type in wanted.types)
        ]
        named = bool(wanted.services or wanted.types)
        return Scope(
            monitored=tuple(
                (family, target) for family in families if family in monitored.families for target in targets(family)
            ),
            not_monitored=tuple(
                (family, target)
                for family in families
                if named and family not in monitored.families
                for target in targets(family)
            ),
            parent=wanted.parent,
        )


def rows(scope: Scope, stored: Iterable[Coverage], *, now: datetime, stale_after: timedelta) -> list[Coverage]:
    """One row for every source in the scope, in the order of the catalogue, targets and parents."""
    by_pair: dict[tuple[str, str, Target], list[Coverage]] = {}
    for row in stored:
        by_pair.setdefault((row.source.service, row.source.type, row.source.target), []).append(row)
    found: list[Coverage] = []
    for family, target in scope.monitored:
        if scope.parent is not None and not family.parents:
            continue
        known = by_pair.get((family.service, family.type, target), [])
        if not any(not row.source.parents for row in known):
            known.append(Coverage(source=family.whole(target), status=CoverageStatus.STALE))
        known.sort(key=lambda row: row.source.id)
        found += [with_staleness(row, now, stale_after) for row in _about(known, scope.parent)]
    return found + [_not_monitored(family, target) for family, target in scope.not_monitored]


def with_late(all_rows: Iterable[Coverage], live: LiveRead) -> list[Coverage]:
    """The rows after a live read. Sources that it could not read before its deadline are ``stale``, with the reason."""
    error = ReadError(
        kind=ErrorKind.DEADLINE.value,
        code="DeadlineExceeded",
        message="the time for reading was over",
        operation=None,
        retryable=True,
    )
    return [
        replace(row, status=CoverageStatus.STALE, error=row.error or error)
        if row.source.id in live.late and row.status in _UNREAD and not counts(row, live.oldest)
        else row
        for row in all_rows
    ]


def to_source(row: Coverage, now: datetime) -> dict[str, Any]:
    """A row of ``/v1/sources``: the coverage, and the times of the last and the next read."""
    schedule = row.schedule
    due = None if schedule is None else schedule.due
    return {
        **_shown(row),
        "cadence": None if schedule is None else {"kind": schedule.kind.value, "seconds": schedule.seconds},
        "nextReadAt": rfc3339(due),
        "lagSeconds": None if due is None else max(0, int((now - due).total_seconds())),
        "nextFullSyncAt": None if schedule is None else rfc3339(schedule.full_sync_due),
    }


def to_dict(all_rows: Sequence[Coverage]) -> dict[str, Any]:
    """The ``coverage`` member of an answer."""
    shown = list(all_rows)
    if len(shown) > ROWS:
        shown.sort(key=lambda row: row.status is CoverageStatus.COMPLETE)
        shown = shown[:ROWS]
    times = [row.as_of for row in all_rows if row.as_of is not None]
    counts = Counter(row.status.value for row in all_rows)
    return {
        "asOf": rfc3339(min(times, default=None)),
        "counts": {status.value: counts[status.value] for status in CoverageStatus if counts[status.value]},
        "sources": [_shown(row) for row in shown],
        "omitted": len(all_rows) - len(shown),
    }


def _shown(row: Coverage) -> dict[str, Any]:
    """A row as every answer shows it, including the jobs that its family's list never returns."""
    family = catalogue.family(f"{row.source.service}/{row.source.type}")
    return {**row.to_dict(), "listsOnly": family.lists_only}


def fingerprint(all_rows: Iterable[Coverage]) -> list[str]:
    """The part of coverage that an entity tag depends on: statuses and warnings, not times of reads."""
    return [
        " ".join(
            [
                row.source.id,
                row.status,
                row.error.code if row.error else "",
                *(f"{warning.operation} {warning.path} {warning.count}" for warning in row.warnings),
            ]
        )
        for row in all_rows
    ]


def _about(known: list[Coverage], parent: str | None) -> list[Coverage]:
    """The rows about the jobs under a parent: its own, or its discovery if the parent is unknown."""
    if parent is None:
        return known
    own = [
        row
        for row in known
        if row.source.kind is SourceKind.JOBS and row.source.parent and row.source.parent.id == parent
    ]
    return own or [row for row in known if row.source.kind is SourceKind.DISCOVERY]


def _not_monitored(family: Family, target: Target) -> Coverage:
    if family.retired is None:
        status, code = CoverageStatus.UNSUPPORTED, "NotEnabled"
        message = f"This deployment does not monitor {family.name}; its configuration can enable it."
    else:
        status, code = CoverageStatus.RETIRED, "Retired"
        message = f"AWS shut down {family.title} on {family.retired.isoformat()}, and it is not enabled here."
    error = ReadError(kind=status.value, code=code, message=message, operation=None, retryable=False)
    return Coverage(source=family.whole(target), status=status, error=error)
