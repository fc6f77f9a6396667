"""Families on the generic stand-in, read by the product over HTTP."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from botocore.session import Session

from jobview.aws.clients import Clients
from jobview.aws.clock import Clock
from jobview.catalogue.family import Family
from jobview.model import CoverageStatus, ErrorKind, JobView, SourceKind, State, Target
from jobview.model.jobid import JobKey
from jobview.reader import Reader
from jobview.refresh.dependencies import Dependencies
from jobview.refresh.refresher import Refresher
from local.reservations import OwnReservations
from local.smoke import Memory
from local.standin import Fault, ManualClock, Phase, Plan, SeededJob, StandIn
from local.standin.generic.decoys import DECOY, SECRET
from local.standin.generic.jobs import outcomes
from tests.local_aws import environment

ACCOUNT, REGION = "111122223333", "us-east-1"
FOREVER = 1e9
SUBMITTED, RUNNING = 10.0, 60.0
MORE = 55
"""Jobs that no page of the stand-in holds."""
ENDS = {
    Phase.SUCCEEDED: State.SUCCEEDED,
    Phase.PARTIAL: State.PARTIALLY_SUCCEEDED,
    Phase.FAILED: State.FAILED,
    Phase.CANCELLED: State.CANCELLED,
}


def target_of(family: Family) -> Target:
    """Where the family is read: in the usual region, or in the first that has the service (AWS Device Farm).

    Of a global service it is the one region that answers for all.
    """
    regions = Session().get_available_regions(family.service)
    usual = REGION if REGION in regions or not regions else regions[0]
    return Target(account=ACCOUNT, region=family.global_regions.get("aws", usual))


class Remembering(Memory):
    """A store that knows which of its jobs are open, whichever source they are in."""

    def open_jobs(self, source_id: str) -> Mapping[str, bool]:
        return {job_id: False for job_id, job in self.jobs.items() if job.open and job_id.startswith(f"{source_id}:")}


class Played:
    """One family on a stand-in of its own, with a job for every end that the family can come to."""

    def __init__(self, aws: StandIn, family: Family) -> None:
        self.aws, self.family, self.target = aws, family, target_of(family)
        self.outcomes = sorted(outcomes(family))
        self.seeded: dict[Phase, SeededJob] = {}
        for outcome in self.outcomes:
            plan = Plan(submitted=SUBMITTED, running=RUNNING, stopping=0, outcome=outcome, items=8)
            [self.seeded[outcome]] = self.seed(plan=plan, name=f"{outcome}-job")
        self._known = Remembering()
        self._clock = Clock(monotonic=lambda: 0.0, sleep=lambda _: None, now=aws.clock.now)
        self.reader = Reader(Clients(), reservations=OwnReservations(self._clock), clock=self._clock, attempts=1)

    def seed(self, **fields: Any) -> list[SeededJob]:
        """Make jobs of the family where it is read; ``fields`` are those of the stand-in's ``seed``."""
        region = REGION if self.family.global_regions else self.target.region
        return self.aws.seed(self.family.service, self.family.type, region=region, **fields)

    def key(self, job: SeededJob) -> JobKey:
        """The job's key in the product."""
        return JobKey(
            service=self.family.service,
            region=self.target.region,
            account=self.target.account,
            type=self.family.type,
            parents=job.parents,
            native_id=job.id,
        )

    def refresher(self, store: Memory) -> Refresher:
        """What reads the family into a store."""
        return Refresher(Dependencies(reader=self.reader, store=store, now=self.aws.clock.now))

    def read(self) -> dict[str, JobView]:
        """Everything of the family as a refresh with an empty store reads it, by the job's id.

        Of a family without a list, the store has the jobs that somebody has asked for by their ids.
        """
        memory = Memory() if self.family.list is not None else self._known
        for job in self.seeded.values() if self.family.list is None and not memory.jobs else ():
            read = self.refresher(memory).read_job(self.family, self.target, self.key(job), deadline=FOREVER)
            assert read.error is None
        reads = self.refresher(memory).read_families([self.family], [self.target], deadline=FOREVER)
        problems = [(one.coverage.source.id, one.coverage.error) for one in reads if one.coverage.error is not None]
        assert problems == []
        assert {one.coverage.status for one in reads} == {CoverageStatus.COMPLETE}
        assert [one.coverage.warnings for one in reads if one.coverage.warnings] == []
        return {job_id: stored.view for job_id, stored in memory.jobs.items()}

    def states(self) -> dict[Phase, State]:
        """The state of each seeded job, by how it is to end."""
        views = self.read()
        assert views.keys() == {str(self.key(job)) for job in self.seeded.values()}
        return {outcome: views[str(self.key(job))].state for outcome, job in self.seeded.items()}

    def got(self) -> dict[Phase, State]:
        """The same as single reads by the jobs' ids find them, without those that the service does not know."""
        found: dict[Phase, State] = {}
        for outcome, job in self.seeded.items():
            [got] = self.reader.get_jobs(self.family, self.target, [self.key(job)], FOREVER)
            assert got.error is None or got.error.kind == ErrorKind.NOT_FOUND, got.error
            if got.observation is not None:
                assert got.observation.view.id == str(self.key(job))
                found[outcome] = got.observation.view.state
        return found


@contextmanager
def played(family: Family) -> Iterator[Played]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_CA_BUNDLE", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
            patch.delenv(name, raising=False)
        with StandIn(clock=ManualClock(), families=[family], ids_seed=1) as aws:
            for name, value in environment(aws.url).items():
                patch.setenv(name, value)
            yield Played(aws, family)


def run_through(family: Family) -> None:
    """Hold each job of the family, as listed and as got, against what it is to be at each stage of its life."""
    with played(family) as one:
        assert Phase.SUCCEEDED in one.outcomes
        corrected = [when.then for fields in (family.list_fields, family.get_fields) if fields for when in fields.when]
        assert (Phase.FAILED in one.outcomes) is (State.FAILED in {*family.states.values(), *corrected})
        assert not any(state.terminal for state in one.states().values())
        one.aws.clock.advance(SUBMITTED + 1)
        assert set(one.states().values()) <= {State.RUNNING, State.PENDING}
        one.aws.clock.advance(RUNNING)
        assert one.states() == {outcome: ENDS[outcome] for outcome in one.outcomes}
        assert one.got() == {outcome: ENDS[outcome] for outcome in one.outcomes}
        forgotten = one.outcomes[-1]
        remember = one.aws.forget(one.seeded[forgotten])
        assert one.got() == {outcome: ENDS[outcome] for outcome in one.outcomes if outcome is not forgotten}
        remember()
        nothing_else_is_told(one)
        if family.list is not None:
            every_page_is_read(one)
        what_cannot_be_read_is_said(one)


def nothing_else_is_told(one: Played) -> None:
    """What no declaration reads is in no view, and what is secret in no native record; the stand-in fills in both."""
    for view in one.read().values():
        text = json.dumps(view.to_dict())
        assert DECOY not in text, view
        assert "X-Amz-Signature" not in text, view
    if one.family.get is not None:
        [got] = one.reader.get_jobs(one.family, one.target, [one.key(one.seeded[Phase.SUCCEEDED])], FOREVER)
        native = json.dumps(got.native)
        assert SECRET not in native
        assert "X-Amz-Signature" not in native


def every_page_is_read(one: Played) -> None:
    """More jobs than a page has are all listed, each once; and those of the last minutes, or the open ones, alone."""
    since = one.aws.clock.advance(3600)
    plan = Plan(submitted=0, running=1e6)
    more = one.seed(plan=plan, name="more-{n}", count=MORE)
    source = replace(one.family.whole(one.target), kind=SourceKind.JOBS, parents=one.family.path(more[0].parents))
    pages = [[job.view.id for job in page.records] for page in one.reader.list_jobs(one.family, source, FOREVER)]
    old = {str(one.key(job)) for job in one.seeded.values()}
    new = {str(one.key(job)) for job in more}
    listed = [job_id for page in pages for job_id in page]
    assert len(listed) == len(set(listed))
    assert set(listed) == old | new
    assert len(pages) > 1 or one.family.listed[0].tokens is None
    if one.family.narrowing is not None:
        narrowed = one.reader.list_jobs(one.family, source, FOREVER, since=since)
        assert {job.view.id for page in narrowed for job in page.records} == new


def what_cannot_be_read_is_said(one: Played) -> None:
    """A list that is denied, or whose page token repeats, never looks like a list without jobs.

    Nor does a get that nobody answers look like a job that has ended, or like one that is gone.
    """
    operation = one.family.first_call.operation
    open_jobs = Remembering()
    if one.family.list is None:
        [job] = one.seed(plan=Plan(submitted=0, running=1e6))
        one.refresher(open_jobs).read_job(one.family, one.target, one.key(job), deadline=FOREVER)
    before = {job_id: stored.view for job_id, stored in open_jobs.jobs.items()}
    assert bool(before) is (one.family.list is None)
    for fault, status in (
        (Fault(kind="error", code="AccessDeniedException", status=403), CoverageStatus.DENIED),
        (Fault(kind="error", code="ThrottlingException"), CoverageStatus.THROTTLED),
        (Fault(kind="malformed"), CoverageStatus.FAILED),
    ):
        rule = one.aws.faults.add(fault, service=one.family.service, operation=operation)
        reads = one.refresher(open_jobs).read_families([one.family], [one.target], deadline=FOREVER)
        jobs = [read.coverage for read in reads if read.coverage.source.kind is SourceKind.JOBS]
        assert {row.status for row in jobs} == {status}
        assert {row.error.operation for row in jobs if row.error is not None} == {operation}
        assert {job_id: stored.view for job_id, stored in open_jobs.jobs.items()} == before
        one.aws.faults.remove(rule)
