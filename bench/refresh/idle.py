"""An account in which nothing ever happened, with many families: what reading them costs a day.

Three days are simulated: one region with every source read as an idle one, one region as it is, and all of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count, islice

from bench.refresh.day import Day
from bench.refresh.prices import Bill
from bench.refresh.report import Column, simulated
from bench.refresh.services import Troubles
from bench.refresh.world import SourceWorld, World
from jobview.catalogue import FAMILIES
from jobview.catalogue.family import Family
from jobview.model import SourceKind, Target
from jobview.refresh.cadence import Cadence

ACCOUNT = "111122223333"
REGIONS = (
    *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "eu-west-1", "eu-west-2"),
    *("eu-west-3", "eu-central-1", "eu-north-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1"),
    *("ap-northeast-2", "ap-northeast-3"),
)
"""The seventeen regions that every account has from its beginning."""
WARM_MINUTES = 600
"""The deployment is ten hours old: its sources have reached their longest intervals."""
AS_IDLE = Cadence(dormant=timedelta(minutes=15))
"""What was never used is read as often as what is idle."""
CONCURRENCY = 4
"""The default of ``refreshConcurrency``."""
EMPTY_RECEIVES = 43_200
"""Requests a day of Lambda's pollers at the two empty queues, as in docs/costs.md."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """A simulated day of an idle account."""

    name: str
    sources: int
    column: Column

    @property
    def bill(self) -> Bill:
        """The day's bill, with the requests at empty queues."""
        quantities = dict(self.column.bill.quantities)
        quantities["SQS requests"] += EMPTY_RECEIVES
        return Bill(quantities=quantities)


def families(number: int) -> tuple[Family, ...]:
    """So many families: those of the catalogue, and, if it has fewer, copies of them in services of other names."""
    return tuple(islice(_families(), number))


def _families() -> Iterator[Family]:
    catalogue = [family for family in FAMILIES.values() if family.retired is None]
    yield from catalogue
    for copy in count(2):
        yield from (replace(family, service=f"{family.service}-{copy}") for family in catalogue)


def make(number: int, regions: Sequence[str]) -> World:
    """An account with so many families and no job and no parent in any."""
    targets = tuple(Target(account=ACCOUNT, region=region) for region in regions)
    chosen = families(number)
    whole = [(family, family.whole(target)) for family in chosen for target in family.read_in(targets)]
    sources = {
        source.id: SourceWorld(family=family, source=source, jobs=[], made=[], live=[], active=False)
        for family, source in whole
        if source.kind is SourceKind.JOBS
    }
    return World(targets=targets, families=chosen, sources=sources, parents={})


def simulate(name: str, number: int, regions: Sequence[str], cadence: Cadence | None = None) -> Result:
    """A day of such an account, without events and without troubles: there is nothing that could send any."""
    made = make(number, regions)
    troubles = Troubles(throttled=0, outage="")
    day = Day(
        made, events=False, concurrency=CONCURRENCY, troubles=troubles, cadence=cadence, warm_minutes=WARM_MINUTES
    )
    sources = sum(len(family.read_in(made.targets)) for family in made.families)
    return Result(name=name, sources=sources, column=simulated(name, [day.run()]))


def days(number: int) -> list[Result]:
    """The three days."""
    return [
        simulate("read as idle, 1 region", number, REGIONS[:1], AS_IDLE),
        simulate("1 region", number, REGIONS[:1]),
        simulate(f"{len(REGIONS)} regions", number, REGIONS),
    ]


def table(results: Sequence[Result]) -> list[str]:
    """The days side by side, as lines of text."""
    rows: list[tuple[str, list[str]]] = [
        ("", [result.name for result in results]),
        ("sources", [f"{result.sources:,}" for result in results]),
        ("reads of a source", [f"{result.column.reads:,}" for result in results]),
        ("calls of AWS a day", [f"{result.column.calls:,}" for result in results]),
        ("dollars a day", [f"{result.bill.dollars:.2f}" for result in results]),
    ]
    rows += [
        (f"  {name}", [f"{result.bill.quantities[name]:,.0f}" for result in results])
        for name in results[0].bill.quantities
    ]
    rows.append(("quota violations", [str(result.column.violations) for result in results]))
    left = max(len(what) for what, _ in rows)
    widths = [max(len(values[place]) for _, values in rows) for place in range(len(results))]
    return [
        f"{what:<{left}}  " + "  ".join(f"{value:>{width}}" for value, width in zip(values, widths, strict=True))
        for what, values in rows
    ]
