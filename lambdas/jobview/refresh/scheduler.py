"""The plan: finds the lanes with due sources. It reads only the due sources from the store."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from jobview.model import parse_time, require_time
from jobview.monitored import Monitored
from jobview.ports import ScheduleStore
from jobview.refresh.cadence import Cadence
from jobview.refresh.lanes import Lane, expected, is_monitored, lanes_of, mark

MOST_DUE = 20_000
"""The most due sources of one run. The next run takes the others."""
CHECKED_EVERY = timedelta(days=1)
"""How often the schedule is compared with an unchanged configuration, so that a source that was lost for any reason
comes back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """The result of a run of the plan."""

    lanes: list[Lane]
    """The lanes to refresh now."""
    due: int
    """The number of due sources."""
    behind: timedelta
    """How long the source that waits longest has been due."""


class Planner:
    """Finds the lanes to read now.

    Parameters
    ----------
    monitored
        The monitored families and targets.
    store
        The store of the schedule.
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
        """The lanes with due sources. If the configuration has changed, the schedule is updated first."""
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
        """Put all monitored sources on the schedule, and remove all other sources from it.

        The mark is written last, so that after a crash everything is simply done again.
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
