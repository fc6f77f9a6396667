"""Live reads: which sources are too old for a caller, and reading those at once in the time that is left."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from jobview import problems
from jobview.catalogue.declaration import Family
from jobview.collect.fanout import run_all
from jobview.model import Coverage, Target
from jobview.query.coverage import Scope
from jobview.refresh import Refresher, SourceRead


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
    now
        The clock: an aware UTC time.
    """

    def __init__(self, refresher: Refresher, *, now: Callable[[], datetime]) -> None:
        self._refresher = refresher
        self._now = now

    def freshen(self, scope: Scope, rows: Sequence[Coverage], freshness: Freshness) -> list[SourceRead]:
        """Read the families and targets with a source that was last read whole too long ago.

        ``scope`` and ``rows`` are what was asked for, and its coverage. What came by the deadlines is kept.

        Raises
        ------
        Problem
            ``retired``: nothing was asked for but what AWS has ended and what is not enabled.
        """
        if not scope.watched:
            _refuse_retired([family for family, _ in scope.unwatched])
        max_age = freshness.max_age or 0
        oldest = self._now() - timedelta(seconds=max_age)
        old = {
            (row.source.service, row.source.type, row.source.target)
            for row in rows
            if max_age == 0 or row.as_of is None or row.as_of < oldest
        }
        by_target: dict[Target, list[Family]] = {}
        for family, target in scope.watched:
            if (family.service, family.type, target) in old:
                by_target.setdefault(target, []).append(family)
        reads = run_all(
            [
                partial(
                    self._refresher.read_families,
                    families,
                    [target],
                    deadline=freshness.deadline,
                    detail_deadline=freshness.detail_deadline,
                )
                for target, families in by_target.items()
            ]
        )
        return [read for some in reads for read in some]


def _refuse_retired(families: Sequence[Family]) -> None:
    ended = [(family, family.retired) for family in families if family.retired is not None]
    if ended and len(ended) == len(families):
        family, day = ended[0]
        raise problems.retired(family.name, family.title, day)
