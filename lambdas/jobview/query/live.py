"""Live reads: which sources are too old for a caller, and reading those at once in the time that is left."""

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
    """How old an answer may be, and how long getting it may take."""

    max_age: int | None
    """Seconds; ``None``: the cache is good enough."""
    deadline: float
    """Monotonic seconds at which live reads stop."""
    detail_deadline: float
    """The same for what a live read of lists gets beyond the lists: the caller waits for it, a refresh does not."""
    left: Callable[[], float] = lambda: math.inf
    """Seconds until the answer has to be put together, whenever it is called: a page ends short then."""


class Live:
    """Reads what is too old, through the one merge into the store.

    Parameters
    ----------
    refresher
        Reads sources and records what they say.
    claims
        Where executions see what others read just now.
    now
        The clock: an aware UTC time.
    observe
        Learns what each read met.
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

        ``scope`` and ``rows`` are what was asked for, and its coverage. What came by the deadlines is kept.

        Raises
        ------
        Problem
            ``retired``: nothing was asked for but what AWS has ended and what is not enabled.
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
