"""The accounts that are simulated: targets, sources, jobs, and what becomes of each job in the course of a day.

Everything is drawn from one seed, so that the same size gives the same world. Times are seconds since the day began.
"""

import random
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from jobview.catalogue import FAMILIES
from jobview.catalogue.family import Family
from jobview.model import Depth, Failures, JobView, Observation, Parent, Source, State, Target, Via
from jobview.model.jobid import JobKey

DAY = 86_400.0
BEGIN = datetime(2026, 11, 20, tzinfo=UTC)

SOURCES_OF: Mapping[str, int] = {
    "medical-imaging/dicom-import": 4,
    "omics/reference-import": 2,
    "sesv2/import": 1,
    "sesv2/export": 1,
    "glue/job-run": 45,
    "batch/job": 12,
    "athena/query-execution": 14,
    "stepfunctions/execution": 20,
    "transcribe/transcription-job": 1,
}
"""Sources of each family in a target: a hundred in all."""

ACTIVE = 0.02
"""Of the sources; and about as many of the jobs have not ended at a time."""
ARRIVALS_A_DAY = 144
"""Jobs that start in an active source, one every ten minutes, at a mean."""
BURSTS = 2
"""Bursts of new jobs in an active source in a day."""
BURST_JOBS = 40
QUIET = 0.10
"""Of the other sources that many have one or two jobs in the day."""
LONG_JOBS = 0.02
"""Of all jobs have been going on since before the day, in the active sources; half of them end in it."""
FAILING, PARTIAL = 0.05, 0.02

PAGES = {"glue/job-run": 200}


@dataclass(kw_only=True, slots=True)
class Job:
    """A job, its key, and the moments at which it changes: each with the state and the word from then on."""

    key: JobKey
    changes: tuple[tuple[float, State, str], ...]
    seen: int = -1
    """Which of the changes the store shows."""
    views: dict[tuple[int, Depth], Observation] = field(default_factory=dict)

    def stage(self, at: float) -> int:
        """The last change that is not after ``at``; -1 before the first."""
        stage = -1
        for moment, _, _ in self.changes:
            if moment > at:
                break
            stage += 1
        return stage

    def open(self, at: float) -> bool:
        """True for a job that has begun and not ended."""
        stage = self.stage(at)
        return stage >= 0 and not self.changes[stage][1].terminal


@dataclass(kw_only=True, slots=True)
class SourceWorld:
    """One source, and its jobs in the order in which they were made."""

    family: Family
    source: Source
    jobs: list[Job]
    made: list[float]
    live: list[int]
    """Places of the jobs that change in the course of the day."""
    active: bool

    def count(self, at: float) -> int:
        """How many jobs there are."""
        return bisect_right(self.made, at)

    def since(self, moment: float) -> int:
        """Place of the first job that was made after a moment."""
        return bisect_right(self.made, moment)

    def open_jobs(self, at: float) -> list[int]:
        """Places of the jobs that have not ended."""
        return [place for place in self.live if self.jobs[place].open(at)]

    def state(self, place: int, at: float) -> State:
        """The state of a job that has begun."""
        job = self.jobs[place]
        return job.changes[job.stage(at)][1]

    def print_of(self, first: int, last: int, at: float) -> str:
        """The same for the same jobs from one place to another in the same states."""
        begin, end = bisect_left(self.live, first), bisect_left(self.live, last)
        return f"{first}-{last}-{sum(self.jobs[place].stage(at) for place in self.live[begin:end])}"

    def observe(self, place: int, at: float, depth: Depth, via: Via) -> Observation:
        """The observation of a read; the same object while nothing changes."""
        job = self.jobs[place]
        stage = job.stage(at)
        known = job.views.get((stage, depth))
        if known is None:
            known = job.views[stage, depth] = _observation(self, job, stage, depth, via)
        return known


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """Everything that is simulated."""

    targets: tuple[Target, ...]
    families: tuple[Family, ...]
    sources: Mapping[str, SourceWorld]
    """By source id."""
    parents: Mapping[tuple[str, Target], Sequence[Parent]]
    """By family name and target."""

    def jobs(self) -> int:
        """Jobs at the end of the day."""
        return sum(len(each.jobs) for each in self.sources.values())

    def open_at(self, at: float) -> int:
        """Jobs that have not ended at a moment."""
        return sum(len(each.open_jobs(at)) for each in self.sources.values())


def make(targets: int, jobs_before: int, *, seed: int = 1) -> World:
    """Make a world of so many targets, with so many jobs before the day begins."""
    drawn = random.Random(seed)  # noqa: S311 - a simulation
    here = tuple(
        Target(account=f"{100_000_000_000 + number // 10}", region=_REGIONS[number % 10]) for number in range(targets)
    )
    families = tuple(FAMILIES[name] for name in SOURCES_OF)
    places = [
        (family, target, number) for target in here for family in families for number in range(SOURCES_OF[family.name])
    ]
    weights = [drawn.paretovariate(1.3) for _ in places]
    scale = jobs_before / sum(weights)
    active = set(drawn.sample(range(len(places)), max(1, round(ACTIVE * len(places)))))
    long_each = max(1, round(LONG_JOBS * jobs_before / len(active)))
    sources: dict[str, SourceWorld] = {}
    parents: dict[tuple[str, Target], list[Parent]] = {}
    for index, (family, target, number) in enumerate(places):
        source = family.whole(target)
        for kind in family.parents:
            parent = Parent(type=kind.type, id=f"{kind.type}-{number}")
            source = family.under(source, parent)
            parents.setdefault((family.name, target), []).append(parent)
        made = _source(drawn, family, source, round(weights[index] * scale), index in active, long_each)
        sources[source.id] = made
    return World(targets=here, families=families, sources=sources, parents=parents)


_REGIONS = (
    *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-west-1"),
    *("eu-west-2", "eu-west-3", "eu-central-1", "eu-north-1", "ap-southeast-2"),
)


def _source(
    drawn: random.Random, family: Family, source: Source, before: int, active: bool, long_each: int
) -> SourceWorld:
    words = _words(family)
    told: list[tuple[tuple[float, State, str], ...]] = []
    for _ in range(before):
        end = -drawn.uniform(3_600, 80 * DAY)
        told.append(((end - 600, *words.running), (end, *_end(drawn, words))))
    if active:
        for _ in range(long_each):
            begin = -drawn.uniform(60, DAY)
            told.append(((begin, *words.running), (drawn.uniform(0, 2 * DAY), *_end(drawn, words))))
    for begin in _arrivals(drawn, active):
        running = begin + drawn.uniform(5, 60)
        end = running + drawn.lognormvariate(6.0, 0.8)  # a median of seven minutes
        told.append(((begin, *words.pending), (running, *words.running), (end, *_end(drawn, words))))
    told.sort(key=lambda changes: changes[0][0])
    jobs: list[Job] = []
    for place, changes in enumerate(told):
        parents = tuple(parent.id for parent in source.parents)
        native = f"job-{place:06d}"
        key = JobKey(
            service=source.service,
            region=source.target.region,
            account=source.target.account,
            type=source.type,
            parents=parents,
            native_id=native,
            text=f"{source.id}:{native}",
        )
        jobs.append(Job(key=key, changes=changes))
    return SourceWorld(
        family=family,
        source=source,
        jobs=jobs,
        made=[job.changes[0][0] for job in jobs],
        live=[place for place, job in enumerate(jobs) if job.changes[-1][0] > 0],
        active=active,
    )


def _arrivals(drawn: random.Random, active: bool) -> Iterator[float]:
    if not active:
        if drawn.random() < QUIET:
            yield from (drawn.uniform(0, DAY) for _ in range(drawn.randint(1, 2)))
        return
    at = drawn.expovariate(ARRIVALS_A_DAY / DAY)
    while at < DAY:
        yield at
        at += drawn.expovariate(ARRIVALS_A_DAY / DAY)
    for _ in range(BURSTS):
        begin = drawn.uniform(0, DAY - 120)
        yield from (begin + drawn.uniform(0, 60) for _ in range(BURST_JOBS))


@dataclass(frozen=True, slots=True)
class _Words:
    pending: tuple[State, str]
    running: tuple[State, str]
    succeeded: tuple[State, str]
    failed: tuple[State, str]


def _words(family: Family) -> _Words:
    def first(*wanted: State) -> tuple[State, str]:
        return next((state, word) for want in wanted for word, state in family.states.items() if state is want)

    return _Words(
        pending=first(State.PENDING, State.RUNNING),
        running=first(State.RUNNING, State.PENDING),
        succeeded=first(State.SUCCEEDED),
        failed=first(State.FAILED),
    )


def _end(drawn: random.Random, words: _Words) -> tuple[State, str]:
    return words.failed if drawn.random() < FAILING else words.succeeded


def moment(seconds: float) -> datetime:
    """A time of the simulated day, in the milliseconds that views have."""
    return BEGIN + timedelta(milliseconds=int(seconds * 1000))


def _observation(at: SourceWorld, job: Job, stage: int, depth: Depth, via: Via) -> Observation:
    when, state, word = job.changes[stage]
    ended = moment(when) if state.terminal else None
    deep = depth >= Depth.DETAIL
    partial = at.family.items_reader is not None and depth is Depth.ITEMS and int(job.key.native_id[-3:]) % 50 == 0
    if partial:
        state = State.PARTIALLY_SUCCEEDED
    verified = state.terminal and deep and (at.family.items_reader is None or depth is Depth.ITEMS)
    view = JobView(
        key=job.key,
        state=state,
        native_status=word,
        observed_at=moment(max(0.0, when)),
        via=via,
        parents=at.source.parents,
        reason="it failed" if deep and state is State.FAILED else None,
        verified=verified,
        created_at=moment(job.changes[0][0]),
        ended_at=ended,
        failures=Failures(how="look") if deep and state is State.FAILED else None,
    )
    return Observation(view=view, depth=depth)
