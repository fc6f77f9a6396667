"""Whatever a service may answer becomes an observation that keeps its promises, without an exception."""

import re
from collections.abc import Sequence
from dataclasses import fields as members_of
from dataclasses import is_dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobview.collect.normalise import observe_item
from jobview.collect.paths import find
from jobview.merge import merge
from jobview.model import Depth, JobView, Observation, State, Target, Via
from jobview.model.jobid import JobKey
from tests.contract import outputs
from tests.contract.each import EVERY_JOB, grouped
from tests.contract.odd_records import with_one_odd_value
from tests.contract.shapes import Job

TARGET = Target(account="111122223333", region="us-east-1")
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
SECRET = re.compile(r"x-amz-signature=|[?&]signature=|x-amz-security-token=", re.IGNORECASE)
EXAMPLES = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])

JOBS = [job for job in EVERY_JOB if job.fields.status is not None]


def facts(table: object, name: str = "") -> set[str]:
    """What a table of fields says anything about, at any depth: ``created``, ``counts.failed``."""
    if isinstance(table, tuple):
        return set().union(*(facts(each, name) for each in table))
    if not is_dataclass(table):
        return {name} if table else set()
    return set().union(*(facts(getattr(table, each.name), f"{name}.{each.name}") for each in members_of(table)))


def few(jobs: Sequence[Job]) -> list[Job]:
    """Some of the jobs, which together have every fact that any of them has."""
    chosen: list[Job] = []
    left = set().union(*(facts(job.fields) for job in jobs))
    while left:
        chosen.append(max(jobs, key=lambda job: len(facts(job.fields) & left)))
        left -= facts(chosen[-1].fields)
    return chosen


FEW = few(JOBS)
"""They get every odd value everywhere. The code that reads a fact is the same for all jobs."""

each_job = grouped((job.family, str(job), {"job": job}) for job in JOBS)


def observe(
    job: Job, record: Any, *, depth: Depth = Depth.DETAIL, key: JobKey | None = None, under: str = "a parent"
) -> Observation | None:
    declared = job.family
    parents = declared.path([under] * len(declared.parents))
    return observe_item(
        declared, TARGET, parents, record, job.fields, depth=depth, via=Via.GET, observed_at=NOW, key=key
    )


def say(job: Job, record: dict[str, Any], word: str) -> None:
    """Put a status into a record."""
    *around, last = (job.fields.status or "").split(".")
    for name in around:
        record[name] = record.get(name) or {}
        record = record[name]
    record[last] = word


def asked_for(job: Job) -> JobKey:
    return JobKey(
        service=job.family.service,
        region=TARGET.region,
        account=TARGET.account,
        type=job.family.type,
        parents=("a parent",) * len(job.family.parents),
        native_id="asked-for",
    )


@each_job
def test_one_odd_value_breaks_no_promise(job: Job) -> None:
    for place, record in with_one_odd_value(job, every=job in FEW):
        for word in (None, *job.family.states) if place == () else (None,):
            if word is not None:
                say(job, record, word)
            try:
                key = None if find(job.fields.id, record) else asked_for(job)
                observation = observe(job, record, key=key)
                assert observation is not None
                keeps_its_promises(job, record, observation)
            except Exception as error:
                error.add_note(f"{job}: {place or word} in {record!r}")
                raise


@pytest.mark.parametrize("job", FEW, ids=str)
@EXAMPLES
@given(data=st.data())
def test_any_answer_becomes_an_observation_that_keeps_its_promises(job: Job, data: st.DataObject) -> None:
    record = data.draw(outputs.records(job))
    word = data.draw(st.none() | st.sampled_from(list(job.family.states)))
    if word is not None:
        say(job, record, word)
    key = data.draw(st.none() | st.just(asked_for(job)))
    depth = data.draw(st.sampled_from(Depth))
    under = "a parent" if key is not None else data.draw(st.sampled_from(["a parent", "a:b/c%~d", "😀", "x" * 600]))
    observation = observe(job, record, depth=depth, key=key, under=under)
    told_id = find(job.fields.id, record)
    if observation is None:
        assert key is None
        assert not told_id
        return
    view = observation.view
    assert view.key.native_id == ("asked-for" if key is not None else told_id)
    keeps_its_promises(job, record, observation)


def keeps_its_promises(job: Job, record: Any, observation: Observation) -> None:
    view = observation.view
    text = view.to_json()
    assert not SECRET.search(text), "a presigned URL is kept"
    assert text.encode("utf-8"), "a text that cannot be sent"
    assert JobView.from_json(text) == view
    assert JobKey.parse(view.id) == view.key

    word = find(job.fields.status, record)
    assert view.native_status == (word or "") or not is_plain(word)
    meant = by_rules(job, job.family.states.get(word, State.UNKNOWN), record)
    assert view.state in {meant} | could_be(job, meant, view)
    if view.items is not None and view.items.failed:
        assert view.state is not State.SUCCEEDED
    if view.state is State.PARTIALLY_SUCCEEDED and view.items is not None and view.items.failed:
        assert str(view.items.failed) in (view.reason or "").replace(",", "")
    if word not in job.family.states:
        assert not view.state.terminal
    if view.ended_at is not None or view.verified:
        assert view.state.terminal

    if view.items is not None:
        told = (view.items.total, view.items.succeeded, view.items.failed, view.items.skipped)
        assert any(count is not None for count in told)
        assert all(count is None or count >= 0 for count in told)
        if job.fields.parts is not None and view.items.total is not None:
            assert (view.items.succeeded or 0) + (view.items.failed or 0) <= view.items.total
    assert view.progress is None or 0 <= view.progress <= 100
    assert observation.counter is None or observation.counter >= 0
    for moment in (view.created_at, view.started_at, view.updated_at, view.ended_at, view.observed_at):
        if moment is not None:
            assert moment.tzinfo is not None
            assert moment.utcoffset() == timedelta(0)
            assert moment.microsecond % 1000 == 0
    assert view.duration_seconds is None or view.duration_seconds >= 0

    assert len(view.reason or "") <= 1024
    assert len(view.name or "") <= 512
    assert len(view.inputs) <= 50
    assert len(view.outputs) <= 50
    assert all(0 < len(uri) <= 2048 for uri in (*view.inputs, *view.outputs))
    assert len(view.tags) <= 50
    assert len(text) < 350_000, "larger than the store can keep"
    if view.failures is not None:
        assert view.failures.how == job.family.failures_how
        assert view.failures.count == (None if view.items is None else view.items.failed)
    assert merge(None, observation).job is not None


def is_plain(word: str) -> bool:
    """False for what no service has as a status word, which a view may have otherwise: redacted, cut, or repaired."""
    return len(word) <= 256 and word.isprintable() and "://" not in word


def by_rules(job: Job, word: State, record: Any) -> State:
    """The state of a status word with the members that stand beside it."""
    for rule in job.fields.when:
        found = find(rule.path, record)
        among = found if isinstance(found, list) else [found]
        told = [one for one in among if one not in (None, "")]
        fitting = [one for one in told for value in rule.values if type(one) is type(value) and one == value]
        if rule.state is word and (fitting if rule.values else told):
            return rule.then
    return word


def could_be(job: Job, told: State, view: JobView) -> set[State]:
    """What the items may make of the state that the service's own word dependencies."""
    items = view.items
    if items is None:
        return set()
    container = job.fields.counts is not None and job.fields.counts.container
    match told:
        case State.SUCCEEDED | State.PARTIALLY_SUCCEEDED if items.failed:
            return {State.PARTIALLY_SUCCEEDED, State.FAILED}
        case State.FAILED if container and items.failed and items.succeeded:
            return {State.PARTIALLY_SUCCEEDED}
        case State.PENDING if container:
            return {State.RUNNING}
    return set()


@each_job
def test_a_record_of_nothing_is_no_job_unless_one_was_asked_for(job: Job) -> None:
    assert observe(job, {}) is None
    observation = observe(job, {}, key=asked_for(job))
    assert observation is not None
    assert observation.view.state is State.UNKNOWN
    assert observation.view.native_status == ""


@each_job
def test_every_native_word_has_its_state_and_a_new_one_is_unknown(job: Job) -> None:
    for word, state in {**job.family.states, "A_WORD_OF_NEXT_YEAR": State.UNKNOWN}.items():
        record: dict[str, Any] = {}
        say(job, record, word)
        observation = observe(job, record, key=asked_for(job))
        assert observation is not None
        assert observation.view.state is state
        assert observation.view.native_status == word
