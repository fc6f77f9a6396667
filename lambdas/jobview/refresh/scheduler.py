"""The plan: which lanes have sources that are due. It reads those alone, whatever else there is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from jobview.model import parse_time, require_time
from jobview.monitored import Monitored
from jobview.ports import ScheduleStore
from jobview.refresh.cadence import Cadence
from jobview.refresh.lanes import Lane, expected, is_monitored, lanes_of, mark

MOST_DUE = 20_000
"""Sources that one run reads at the most; the others come with the next."""
CHECKED_EVERY = timedelta(days=1)
"""How often the schedule is compared with the configuration even if that has not changed: a source that was lost for
whatever reason comes back then."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What a run of the plan came to."""

    lanes: list[Lane]
    """The lanes to refresh now."""
    due: int
    """How many sources are due."""
    behind: timedelta
    """How long the one has been due that waits longest."""


class Planner:
    """Decides what is read now.

    Parameters
    ----------
    monitored
        What this deployment monitors.
    store
        Where the schedule is kept.
    cadence
        How often sources are read.
    now
        The clock: an aware UTC time.
    """

    def __init__(
        self, *, monitored: Monitored, store: ScheduleStore, cadence: Cadence, now: Callable[[], datetime]
    ) -> None:
        self._monitored = monitored
        self._store = store
        self._cadence = cadence
        self._now = now

    def plan(self) -> Plan:
        """The lanes that have sources which are due; the schedule is made first, where it is not of this deployment."""
        now = self._now()
        self._agree(now)
        due = self._store.due(now + self._cadence.ahead, limit=MOST_DUE)
        waiting = [now - require_time(moment) for _, moment in due[:1]]
        return Plan(
            lanes=lanes_of((source_id for source_id, _ in due), self._monitored),
            due=len(due),
            behind=max([timedelta(), *waiting]),
        )

    def _agree(self, now: datetime) -> None:
        """Put on the schedule what is monitored, take off what is not any more.

        The mark is written last, so that a crash on the way only means that all is done again.
        """
        wanted = mark(self._monitored)
        made, at = self._store.schedule_mark()
        made_at = parse_time(at)
        if made == wanted and made_at is not None and made_at > now - CHECKED_EVERY:
            return
        rows = self._store.coverage()
        scheduled = {row.source.id for row in rows if row.schedule is not None}
        kept = [row.source for row in rows if is_monitored(self._monitored, row.source)]
        sources = [*expected(self._monitored), *kept]
        self._store.expect([source for source in sources if source.id not in scheduled], at=now)
        self._store.dismiss(
            [row.source for row in rows if row.source.id in scheduled and not is_monitored(self._monitored, row.source)]
        )
        self._store.mark_schedule(wanted, at=now)
