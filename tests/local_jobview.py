"""Jobview's parts on a local AWS whose clock the test holds."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import boto3

from jobview.aws.clock import Clock
from jobview.bootstrap import Application, build_application
from jobview.catalogue import FAMILIES
from jobview.model import Coverage, State, StoredJob
from jobview.refresh.scheduler import Planner
from local.standin import ManualClock, StandIn
from tests.local_aws import ACCOUNT, create_table, environment
from tests.monitoring import USUAL, monitoring

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@dataclass(kw_only=True)
class Local:
    """The stand-in, its clock, and the parts that read from it."""

    aws: StandIn
    clock: ManualClock
    parts: Application
    monotonic: Callable[[], float]
    settings: dict[str, str]
    """The environment variables of a function."""

    def refresh(self, *names: str, **deadlines: float) -> dict[str, Coverage]:
        """Read the named families; coverage by source id."""
        families = [FAMILIES[name] for name in names]
        reads = self.parts.refresher.read_families(
            families, self.parts.monitored.targets, **{"deadline": 1e12, **deadlines}
        )
        return {read.coverage.source.id: read.coverage for read in reads}

    def tick(self, *, seconds: float = 0.0, reading: float = 1e9) -> dict[str, Coverage]:
        """Let time pass, then plan and read the lanes that are due; coverage of what was read, by source id.

        A lane is read for ``reading`` seconds, each call to the clock a thousandth of one.
        """
        self.clock.advance(seconds)
        plan = Planner(
            monitored=self.parts.monitored, store=self.parts.store, cadence=self.parts.cadence, now=self.clock.now
        ).plan()
        read: dict[str, Coverage] = {}
        for lane in plan.lanes:
            families = [family for family in self.parts.monitored.families if family.service == lane.service]
            deadline = self.monotonic() + reading
            for each in self.parts.refresher.read_lane(families, lane.target, deadline=deadline):
                read[each.coverage.source.id] = each.coverage
        return read

    def job(self, job_id: str) -> StoredJob:
        """The job as it is stored."""
        stored = self.parts.store.get(job_id)
        assert stored is not None, f"{job_id} is not stored"
        return stored

    def states(self, job_id: str) -> list[State]:
        """The job's history."""
        return [transition.state for transition in self.parts.store.transitions(job_id, limit=100)[0]]


@contextmanager
def local_jobview(
    upstream: str,
    setenv: Callable[[str, str], None],
    *,
    start: datetime = START,
    account: str = ACCOUNT,
    families: Iterable[str] = USUAL,
    ids_seed: int | None = None,
    **variables: str,
) -> Iterator[Local]:
    """The usual families, or those that are named, in one target, on the stand-in with ``upstream`` (moto) behind it.

    ``setenv`` sets the variables with which boto3 finds it. Waiting takes no time, so that SES's one call a second
    does not either. With ``ids_seed`` the stand-in makes the same ids every time.
    ``variables`` are more of a function's own.
    """
    clock = ManualClock(start)
    with StandIn(upstream=upstream, account=account, clock=clock, ids_seed=ids_seed) as aws:
        for name, value in environment(aws.url).items():
            setenv(name, value)
        boto3.client("s3").create_bucket(Bucket="dicom")
        settings = {
            "JOBVIEW_TABLE": create_table(boto3.client("dynamodb")),
            **monitoring(families),
            "JOBVIEW_ACCOUNT": account,
            **variables,
        }
        monotonic = _hands()
        parts = build_application(settings, clock=Clock(monotonic=monotonic, sleep=lambda _: None, now=clock.now))
        yield Local(aws=aws, clock=clock, parts=parts, monotonic=monotonic, settings=settings)


def _hands() -> Callable[[], float]:
    """A monotonic clock on which every look takes a millisecond."""
    now = 0.0

    def look() -> float:
        nonlocal now
        now += 0.001
        return now

    return look
