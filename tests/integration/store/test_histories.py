"""Transitions and the summary."""

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from jobview.model import Depth, State
from jobview.store import Summary

from .conftest import START

if TYPE_CHECKING:
    from .conftest import Bench

OMICS = ("omics", "reference-import")


def test_a_history_is_returned_in_order_and_in_pages(bench: "Bench") -> None:
    store = bench.store()
    states = [State.PENDING, State.RUNNING, State.PAUSED, State.RUNNING, State.CANCELLING, State.CANCELLED]
    for state in states:
        bench.now += timedelta(minutes=1)
        (job,) = bench.record(store, bench.observe(1, state, reason=f"now {state}", updated_at=bench.now))
    whole, after = store.transitions(job.view.id, limit=6)
    assert after is None
    assert [(one.number, one.state, one.reason) for one in whole] == [
        (number, state, f"now {state}") for number, state in enumerate(states, 1)
    ]
    assert whole[1].to_dict()["previousState"] == "PENDING"
    assert whole[2].changed_at == whole[2].observed_at == START + timedelta(minutes=3)
    pages = []
    position: int | None = 0
    while position is not None:
        page, position = store.transitions(job.view.id, limit=4, after=position)
        pages.append([one.number for one in page])
    assert pages == [[1, 2, 3, 4], [5, 6]]
    assert store.transitions(job.view.id, limit=4, after=6) == ([], None)
    assert store.transitions("no:such:job:at:all", limit=4) == ([], None)


def test_old_transitions_fall_away_where_that_is_wanted(bench: "Bench") -> None:
    store = bench.store(transition_days=3)
    for state in (State.PENDING, State.PAUSED, State.RUNNING, State.FAILED):
        bench.now += timedelta(days=1)
        (job,) = bench.record(store, bench.observe(1, state))
    bench.now += timedelta(hours=12)
    assert [one.number for one in store.transitions(job.view.id, limit=2)[0]] == [2, 3]
    assert [one.number for one in store.transitions(job.view.id, limit=9)[0]] == [2, 3, 4]
    bench.now += timedelta(days=9)
    assert store.transitions(job.view.id, limit=1) == ([], None)
    assert store.get(job.view.id) is not None


def test_an_empty_store_has_an_empty_summary(bench: "Bench") -> None:
    assert bench.store().summary(bench.now) == Summary(counts={}, oldest_running=None, failed={}, newest_failures=[])


def test_the_summary_counts_and_names_the_oldest_and_the_failed(bench: "Bench") -> None:
    store = bench.store()
    bench.record(store, *(bench.observe(number, list(State)[number % 10]) for number in range(40)))
    bench.record(store, bench.observe(99, State.FAILED, service="glue", type="job-run"))
    summary = store.summary(bench.now)
    assert summary.counts == bench.recount()
    assert summary.counts[OMICS] == dict.fromkeys(State, 4)
    assert list(summary.counts) == [("glue", "job-run"), OMICS]
    assert summary.oldest_running is not None
    assert json.loads(summary.oldest_running)["id"].endswith(":1")
    assert summary.failed == {
        ("glue", "job-run"): {State.FAILED: 1},
        OMICS: {State.FAILED: 4, State.PARTIALLY_SUCCEEDED: 4},
    }
    assert len(summary.newest_failures) == 9


def test_failures_are_those_of_the_last_24_hours_by_their_end(bench: "Bench") -> None:
    store = bench.store()
    hours = (30, 20, 10, 1)
    bench.record(
        store,
        *(
            bench.observe(number, State.FAILED, ended_at=bench.now - timedelta(hours=hour), created_at=START)
            for number, hour in enumerate(hours)
        ),
    )
    failed = [json.loads(view)["id"][-2:] for view in store.summary(bench.now).newest_failures]
    assert failed == [":3", ":2", ":1"]
    bench.now += timedelta(hours=5)
    summary = store.summary(bench.now)
    assert summary.failed == {OMICS: {State.FAILED: 2}}
    assert summary.counts == {OMICS: {State.FAILED: 4}}


def test_more_failures_than_are_shown(bench: "Bench") -> None:
    store = bench.store()
    bench.record(
        store,
        *(bench.observe(number, State.FAILED, ended_at=bench.now - timedelta(minutes=number)) for number in range(24)),
    )
    summary = store.summary(bench.now)
    assert summary.failed == {OMICS: {State.FAILED: 24}}
    assert [int(json.loads(view)["id"].split(":")[-1]) for view in summary.newest_failures] == list(range(20))


@pytest.mark.parametrize(
    ("first", "then", "failed"),
    [
        (State.SUCCEEDED, (State.PARTIALLY_SUCCEEDED, Depth.ITEMS, 0), {State.PARTIALLY_SUCCEEDED: 1}),
        (State.FAILED, (State.CANCELLED, Depth.DETAIL, 0), {}),
        (State.FAILED, (State.RUNNING, Depth.SUMMARY, 1), {}),
        (State.FAILED, (State.FAILED, Depth.DETAIL, 1), {State.FAILED: 1}),
    ],
)
def test_a_changed_end_is_counted_as_what_it_is_now(
    bench: "Bench", first: State, then: tuple[State, Depth, int], failed: dict[State, int]
) -> None:
    store = bench.store()
    bench.record(store, bench.observe(1, first, depth=Depth.SUMMARY))
    bench.now += timedelta(minutes=1)
    state, depth, counter = then
    bench.record(store, bench.observe(1, state, depth=depth, counter=counter))
    summary = store.summary(bench.now)
    assert summary.failed == ({OMICS: failed} if failed else {})
    assert summary.counts == bench.recount() == {OMICS: {state: 1}}
    ends = [json.loads(view)["endedAt"] for view in summary.newest_failures]
    assert ends == ["2026-11-20T12:01:00.000Z"] * len(failed)
