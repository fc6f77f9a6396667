"""The store in memory: it does with rows what ``jobview.store`` does, and counts what that would write and read."""

from bisect import bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from operator import attrgetter

from bench.refresh.world import DAY, World
from jobview.model import CadenceKind, Coverage, CoverageStatus, JobView, Schedule, Source, StoredJob, Target, rfc3339
from jobview.refresh.lanes import Lane
from jobview.store import Change, Claim, Saved


class SimulationError(Exception):
    """What must not happen did."""


@dataclass(kw_only=True)
class Tallies:
    """What was done to the table, in items, and what it would have cost."""

    items: Counter[str] = field(default_factory=Counter)
    """Items written, by kind."""
    things: Counter[str] = field(default_factory=Counter)
    """Things that changed, by the same kinds."""
    write_units: Counter[str] = field(default_factory=Counter)
    read_units: Counter[str] = field(default_factory=Counter)
    visible: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Seconds from each change to the moment at which the store showed it or a later one."""


class Memory:
    """``JobStore`` and ``ScheduleStore`` of ``jobview.ports``, and the leases of lanes.

    Parameters
    ----------
    world
        Whose jobs are stored.
    seconds
        The time of the simulated day.
    now
        The same as a clock.
    """

    def __init__(self, world: World, *, seconds: Callable[[], float], now: Callable[[], datetime]) -> None:
        self.tallies = Tallies()
        self.jobs: dict[str, StoredJob] = {}
        self.histories: dict[str, int] = {}
        self._world = world
        self._seconds = seconds
        self._now = now
        self._rows: dict[str, dict[str, Coverage]] = defaultdict(dict)
        self._woken: dict[str, datetime] = {}
        self._due: list[tuple[str, str]] = []
        self._at: dict[str, str] = {}
        self._open: dict[str, set[str]] = defaultdict(set)
        self._leases: dict[Lane, datetime] = {}
        self._mark: tuple[str | None, str | None] = (None, None)

    # --- jobs

    def get(self, job_id: str, *, consistent: bool = False) -> StoredJob | None:
        """One job."""
        self.tallies.read_units["jobs"] += 1 if consistent else 0.5  # type: ignore[assignment]
        return self.jobs.get(job_id)

    def get_many(self, job_ids: Iterable[str], *, consistent: bool = False) -> dict[str, StoredJob]:
        """Those that are kept."""
        ids = list(job_ids)
        self.tallies.read_units["jobs"] += len(ids) if consistent else len(ids) / 2  # type: ignore[assignment]
        return {job_id: job for job_id in ids if (job := self.jobs.get(job_id)) is not None}

    def save(self, changes: Sequence[Change]) -> Saved:
        """Write; a change of what is not stored any more as it was is lost."""
        lost: list[Change] = []
        counted: set[tuple[str, str]] = set()
        written: list[Change] = []
        for change in changes:
            job_id = change.after.view.id
            if self.jobs.get(job_id) is not change.before:
                lost.append(change)
                continue
            self._write(job_id, change)
            if change.transition is not None:
                counted.add((change.after.view.key.service, change.after.view.key.type))
            written.append(change)
        # A transaction holds some 33 jobs; a family's counts are one item of it.
        rows = -(-len(written) // 33) * len(counted)
        self._wrote("count", rows, units=2, things=rows)
        return Saved(written=written, lost=lost)

    def expired(self, view: JobView, now: datetime) -> bool:  # noqa: ARG002
        """Nothing expires in a day."""
        return False

    def touch_items(self, job_id: str, revision: int, attempts: int, after: datetime | None) -> bool:
        """Note a vain attempt."""
        job = self.jobs[job_id]
        if job.revision != revision:
            return False
        self.jobs[job_id] = replace(job, items_attempts=attempts, items_after=after)
        self._wrote("view", 1, units=4, things=0)
        return True

    def open_jobs(self, source_id: str) -> Mapping[str, bool]:
        """Those that have not ended, and (true) those whose end is in doubt."""
        found = self._open.get(source_id, ())
        self.tallies.read_units["open jobs"] += 0.5 + len(found) / 40  # type: ignore[assignment]
        return {job_id: self.jobs[job_id].view.state.terminal for job_id in sorted(found)}

    def _write(self, job_id: str, change: Change) -> None:
        before, after = change.before, change.after
        self.jobs[job_id] = after
        source_id = job_id.rpartition(":")[0]
        was_open = before is not None and before.open
        is_open = after.open
        if is_open and not was_open:
            self._open[source_id].add(job_id)
        elif was_open and not is_open:
            self._open[source_id].discard(job_id)
        moved = before is None or before.view.state is not after.view.state
        # A view of 2 KB in a transaction, and in the two indexes that hold views; in the third its keys.
        indexes = (2 + (4 if before else 2) if moved else 4) + (is_open != was_open)
        told = before is None or _told(before.view) != _told(after.view)
        self._wrote("view", 1, units=4 + indexes, things=int(told))
        if change.transition is not None:
            self._wrote("transition", 1, units=2, things=1)
            if change.transition.number != self.histories.get(job_id, 0) + 1:
                raise SimulationError(f"a gap in the history of {job_id}")
            self.histories[job_id] = change.transition.number
        self._show(job_id, after)

    def _show(self, job_id: str, after: StoredJob) -> None:
        """Note how long after their moment the changes are seen that were not seen before."""
        place = int(after.view.key.native_id.removeprefix("job-"))
        world = self._world.sources[job_id.rpartition(":")[0]]
        job = world.jobs[place]
        now = self._seconds()
        shown = max(number for number, (_, _, word) in enumerate(job.changes) if word == after.view.native_status)
        for number in range(job.seen + 1, shown + 1):
            when = job.changes[number][0]
            if 0 <= when < DAY:
                self.tallies.visible["active" if world.active else "quiet"].append(max(0.0, now - when))
        job.seen = max(job.seen, shown)

    # --- coverage and schedule

    def coverage(
        self, services: Collection[str] | None = None, targets: Collection[Target] | None = None
    ) -> list[Coverage]:
        """Rows."""
        if services is None or targets is None:
            found = [row for rows in self._rows.values() for row in rows.values()]
        else:
            found = [
                row
                for service in services
                for target in targets
                for row in self._rows[f"{service}:{target.region}:{target.account}"].values()
            ]
        self.tallies.read_units["coverage"] += 0.5 + len(found) * 0.06  # type: ignore[assignment]
        return found

    def put_coverage(self, rows: Iterable[Coverage]) -> None:
        """Write rows, as ``store.coverage`` does it."""
        for row in rows:
            self._put(row)

    def _put(self, row: Coverage) -> None:
        source_id = row.source.id
        lane = self._rows[_lane(source_id)]
        old, woken = lane.get(source_id), self._woken.get(source_id)
        schedule, tries = row.schedule, 1
        awake = woken is not None and row.attempted_at is not None and woken >= row.attempted_at
        if awake and schedule is not None and schedule.due is not None:
            schedule, tries = replace(schedule, due=row.attempted_at), 2
        kept = row if old is None or row.as_of is not None else replace(row, as_of=old.as_of, jobs=old.jobs)
        lane[source_id] = replace(kept, schedule=schedule)
        self._index(source_id, schedule)
        self._wrote("source", 1, units=2 + tries, things=1)

    def claims(self, source_ids: Iterable[str]) -> dict[str, Claim]:
        """Nobody reads live in the simulated day; looking has its price all the same."""
        rows = {source_id: self._rows[_lane(source_id)].get(source_id) for source_id in source_ids}
        self.tallies.read_units["coverage"] += len(rows) / 2  # type: ignore[assignment]
        return {source_id: Claim(row=row) for source_id, row in rows.items() if row is not None}

    def forget_sources(self, source_ids: Iterable[str]) -> None:
        """No parent goes in the simulated day."""
        if names := list(source_ids):
            raise SimulationError(f"forgotten: {names}")

    def expect(self, sources: Iterable[Source], *, at: datetime) -> int:
        """Put on the schedule what is on none."""
        new = 0
        for source in sources:
            lane = self._rows[_lane(source.id)]
            if source.id in lane:
                continue
            schedule = Schedule(kind=CadenceKind.NEW, seconds=None, due=at, complete_by=at)
            lane[source.id] = Coverage(source=source, status=CoverageStatus.STALE, schedule=schedule)
            self._index(source.id, schedule)
            self._wrote("source", 1, units=2, things=1)
            new += 1
        return new

    def dismiss(self, sources: Iterable[Source]) -> None:
        """The configuration does not change in the simulated day."""
        if left := list(sources):
            raise SimulationError(f"taken off the schedule: {left}")

    def wake(self, source_id: str, *, at: datetime, seconds: int) -> bool:
        """Make a source due."""
        row = self._rows[_lane(source_id)].get(source_id)
        if row is None or row.schedule is None or row.schedule.due is None:
            return False
        self._woken[source_id] = at
        units = 1
        if row.schedule.due > at:
            schedule = replace(row.schedule, kind=CadenceKind.ACTIVE, seconds=seconds, due=at)
            self._rows[_lane(source_id)][source_id] = replace(row, schedule=schedule)
            self._index(source_id, schedule)
            units = 3
        self._wrote("source woken", 1, units=units, things=1)
        return True

    def due(self, until: datetime, *, limit: int) -> list[tuple[str, str]]:
        """What is due, longest first."""
        end = bisect_right(self._due, (f"{rfc3339(until)}~", ""))
        still = [each for each in self._due[:end] if self._at.get(each[1]) == each[0]]
        self._due[:end] = still
        found = [(source_id, moment) for moment, source_id in still[:limit]]
        self.tallies.read_units["due"] += 4 + len(found) * 0.02  # type: ignore[assignment]
        return found

    def schedule_mark(self) -> tuple[str | None, str | None]:
        """The mark."""
        self.tallies.read_units["due"] += 1
        return self._mark

    def mark_schedule(self, mark: str, *, at: datetime) -> None:
        """Remember it."""
        self._mark = (mark, rfc3339(at))

    def lease(self, lane: Lane, *, until: datetime) -> bool:
        """Take a lane; the store's leases, for one holder a run."""
        self._wrote("lease", 1, units=1, things=1)
        held = self._leases.get(lane)
        if held is not None and held > self._now():
            return False
        self._leases[lane] = until
        return True

    def release(self, lane: Lane, at: datetime) -> None:
        """Give it back, at the moment at which the run ended."""
        self._wrote("lease", 1, units=1, things=1)
        self._leases[lane] = at

    def reserved(self) -> None:
        """Moments of a quota were reserved."""
        self._wrote("reservations", 1, units=1, things=1)

    def on_schedule(self) -> set[str]:
        """The sources that are read again."""
        return set(self._at)

    def _index(self, source_id: str, schedule: Schedule | None) -> None:
        due = None if schedule is None else rfc3339(schedule.due)
        if due is None:
            self._at.pop(source_id, None)
            return
        if self._at.get(source_id) != due:
            self._at[source_id] = due
            insort(self._due, (due, source_id))

    def _wrote(self, kind: str, items: int, *, units: int, things: int) -> None:
        self.tallies.items[kind] += items
        self.tallies.things[kind] += things
        self.tallies.write_units[kind] += items * units


_told = attrgetter(*(member.name for member in fields(JobView) if member.name not in {"observed_at", "via"}))
"""What a reader of a view sees, the time of the read aside."""


def _lane(source_id: str) -> str:
    return ":".join(source_id.split(":")[:3])
