"""Live reads: finds the sources that are too old for a caller, and reads them at once in the remaining time."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from jobview.catalogue.family import Family
from jobview.http import problems
from jobview.model import Coverage
from jobview.ports import SourceClaims
from jobview.query.coverage import Scope
from jobview.query.observing import Observer, ReadCounts
from jobview.refresh.refresher import LiveRead, Refresher
from jobview.refresh.sharing import counts


@dataclass(frozen=True, kw_only=True, slots=True)
class Freshness:
    """How old an answer may be, and how long it may take."""

    max_age: int | None
    """Seconds; ``None``: the cache is good enough."""
    deadline: float
    """The monotonic time at which live reads stop."""
    detail_deadline: float
    """The monotonic time at which a live read of lists stops getting single jobs. A later refresh gets the others."""
    left: Callable[[], float] = lambda: math.inf
    """Returns the seconds that are left for reading the store. When they are over, the page ends early."""


class Live:
    """Reads the sources that are too old, and merges their jobs into the store.

    Parameters
    ----------
    refresher
        Reads sources and stores their jobs.
    claims
        Shows executions which sources others are reading.
    now
        The clock: an aware UTC time.
    observe
        Gets the counts of each read.
    """

    def __init__(
        self, refresher: Refresher, claims: SourceClaims, *, now: Callable[[], datetime], observe: Observer
    ) -> None:
        self._refresher = refresher
        self._claims = claims
        self._now = now
        self._observe = observe

    def freshen(self, scope: Scope, rows: Sequence[Coverage], freshness: Freshness) -> LiveRead | None:
        """Read the sources of the scope that were last read too long ago; ``None`` where there are none.

        ``rows`` is the coverage of ``scope``. Everything that was read before the deadlines is stored.

        Raises
        ------
        Problem
            ``retired``: the request names only families that are retired and not enabled.
        """
        if not scope.monitored:
            _refuse_retired([family for family, _ in scope.not_monitored])
        oldest = self._now() - timedelta(seconds=freshness.max_age or 0)
        old = {(row.source.service, row.source.type, row.source.target) for row in rows if not counts(row, oldest)}
        pairs = [(family, target) for family, target in scope.monitored if (family.service, family.type, target) in old]
        if not pairs:
            return None
        live = self._refresher.read_live(
            pairs,
            oldest=oldest,
            parent=scope.parent,
            claims=self._claims,
            deadline=freshness.deadline,
            detail_deadline=freshness.detail_deadline,
        )
        self._observe(
            ReadCounts(
                unknown=sum(read.unknown for read in live.reads),
                unreadable=sum(read.unreadable for read in live.reads),
            )
        )
        return live


def _refuse_retired(families: Sequence[Family]) -> None:
    ended = [(family, family.retired) for family in families if family.retired is not None]
    if ended and len(ended) == len(families):
        family, day = ended[0]
        raise problems.retired(family.name, family.title, day)
