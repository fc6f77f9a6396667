"""The table that a simulated day is printed as, beside that of listing everything."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bench.refresh.baseline import Baseline
from bench.refresh.day import Figures
from bench.refresh.prices import CALLS, Bill, audited, bill
from bench.refresh.world import DAY

JOB_ITEMS = ("view", "transition", "count")
"""Items that are written because a job changed."""


@dataclass(kw_only=True)
class Column:
    """One way of doing it, in figures."""

    name: str
    calls: int
    violations: int | None
    throttled: int | None
    reads: int
    runs: Mapping[str, int]
    items: Mapping[str, int]
    things: Mapping[str, int]
    bill: Bill
    active: Sequence[float]
    """Seconds from change to visible in sources with open jobs, sorted."""
    quiet: Sequence[float]
    notes: list[str] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """Items written for each thing that changed of a job: a view, a transition, a count."""
        return sum(self.items[kind] for kind in JOB_ITEMS) / max(1, sum(self.things[kind] for kind in JOB_ITEMS))


def simulated(name: str, parts: Iterable[Figures]) -> Column:
    """The figures of a day whose targets were simulated in parts. ``plan`` runs for all of them at once."""
    days = list(parts)
    items: Counter[str] = Counter()
    things: Counter[str] = Counter()
    written: Counter[str] = Counter()
    read: Counter[str] = Counter()
    runs: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    visible: dict[str, list[float]] = {"active": [], "quiet": []}
    for day in days:
        for total, part in (
            (items, day.tallies.items),
            (things, day.tallies.things),
            (written, day.tallies.write_units),
            (read, day.tallies.read_units),
            (runs, day.runs),
            (seconds, day.seconds),
        ):
            total.update(part)
        for kind, waits in day.tallies.visible.items():
            visible[kind] += waits
    # Each part had a plan of its own; the deployment has one, that reads the same rows.
    runs["plan"] //= len(days)
    return Column(
        name=name,
        calls=sum(day.calls for day in days),
        violations=sum(day.violations for day in days),
        throttled=sum(day.throttled for day in days),
        reads=sum(day.reads for day in days),
        runs=runs,
        items=items,
        things=things,
        bill=bill(
            runs=runs,
            seconds=seconds,
            messages=runs["refresh"] + runs["ingest"],
            write_units=sum(written.values()),
            read_units=sum(read.values()),
            published=things["transition"],
        ),
        active=sorted(visible["active"]),
        quiet=sorted(visible["quiet"]),
        notes=[
            f"changes not visible 20 minutes later: {sum(day.unseen for day in days)}",
            f"sources forgotten: {sum(day.forgotten for day in days)}",
        ],
    )


def listed(parts: Iterable[Baseline], like: Column) -> Column:
    """The figures of listing everything, with the writes of jobs of ``like``: it too writes only what changed."""
    found = list(parts)
    reads = sum(each.reads for each in found)
    runs = {"refresh": sum(each.runs for each in found), "plan": int(DAY // (60 * found[0].minutes))}
    jobs = {kind: like.items[kind] for kind in JOB_ITEMS}
    # As docs/costs.md has it: a new job 11 units, a change 12; so 9 for each view and transition, at a mean.
    units = 6.5 * (jobs["view"] + jobs["transition"]) + 2 * jobs["count"] + reads
    return Column(
        name=f"everything every {found[0].minutes} minutes",
        calls=sum(each.calls for each in found),
        violations=None,
        throttled=None,
        reads=reads,
        runs=runs,
        items={**jobs, "source": reads},
        things={kind: like.things[kind] for kind in JOB_ITEMS} | {"source": reads},
        bill=bill(
            runs=runs,
            seconds={"refresh": sum(each.seconds for each in found), "plan": 0.3 * runs["plan"]},
            messages=runs["refresh"],
            write_units=units,
            read_units=sum(each.listed for each in found) / 2,
            published=like.things["transition"],
        ),
        active=sorted(wait for each in found for wait in each.visible["active"]),
        quiet=sorted(wait for each in found for wait in each.visible["quiet"]),
    )


def table(columns: Sequence[Column]) -> list[str]:
    """The columns side by side, as lines of text."""
    rows: list[tuple[str, list[str]]] = [("", [column.name for column in columns])]

    def add(what: str, values: Iterable[object]) -> None:
        rows.append((what, [str(value) for value in values]))

    add("calls of AWS a minute", [f"{column.calls / (DAY / 60):,.0f}" for column in columns])
    add("calls that were throttled", [_or_none(column.throttled) for column in columns])
    add("reads of a source", [f"{column.reads:,}" for column in columns])
    add("items for each thing changed of a job", [f"{column.ratio:.3f}" for column in columns])
    for kind in JOB_ITEMS:
        add(
            f"  {kind}s: written / changed", [f"{column.items[kind]:,} / {column.things[kind]:,}" for column in columns]
        )
    add("rows of sources written", [f"{column.items['source']:,}" for column in columns])
    add("leases, reservations, wakes written", [_others(column) for column in columns])
    add("change to visible, active sources: p50", [_at(column.active, 0.5) for column in columns])
    add("  p99", [_at(column.active, 0.99) for column in columns])
    add("change to visible, quiet sources: p50", [_at(column.quiet, 0.5) for column in columns])
    add("  p99", [_at(column.quiet, 0.99) for column in columns])
    add("Lambda invocations", [f"{sum(column.runs.values()):,}" for column in columns])
    add("dollars a day", [f"{column.bill.dollars:,.2f}" for column in columns])
    for name in columns[0].bill.quantities:
        add(f"  {name}", [f"{column.bill.quantities[name]:,.0f}" for column in columns])
    for name in CALLS:
        add(f"beside it: {name}", [f"{audited(column.calls)[name]:,.2f}" for column in columns])
    left = max(len(what) for what, _ in rows)
    widths = [max(len(values[number]) for _, values in rows) for number in range(len(columns))]
    lines = [
        f"{what:<{left}}  " + "  ".join(f"{value:>{width}}" for value, width in zip(values, widths, strict=True))
        for what, values in rows
    ]
    lines.append("")
    for column in columns:
        lines += [f"{column.name}: {note}" for note in column.notes]
    lines.append(f"quota violations: {sum(column.violations or 0 for column in columns)}")
    return lines


def _or_none(value: int | None) -> str:
    return "-" if value is None else f"{value:,}"


def _others(column: Column) -> str:
    return f"{sum(column.items.get(kind, 0) for kind in ('lease', 'reservations', 'source woken')):,}"


def _at(waits: Sequence[float], part: float) -> str:
    """A percentile of sorted seconds."""
    if not waits:
        return "-"
    seconds = waits[min(len(waits) - 1, int(part * len(waits)))]
    return f"{seconds:.1f} s" if seconds < 120 else f"{seconds / 60:.1f} min"
