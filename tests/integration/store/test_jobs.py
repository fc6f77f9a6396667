"""Saving and reading jobs: nothing lost, nothing twice, nothing half-written."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from jobview.merge import merge
from jobview.model import Depth, Failures, Items, JobFilter, Parent, State, StoredJob
from jobview.store import Change, OversizedJobError, Store

if TYPE_CHECKING:
    from .conftest import Bench


def changed(before: StoredJob | None, observation: Any) -> Change:
    merged = merge(before, observation)
    assert merged.job is not None
    return Change(before=before, after=merged.job, transition=merged.transition)


def test_a_job_comes_back_as_it_was_saved(bench: "Bench") -> None:
    store = bench.store()
    seen = bench.observe(
        "ü:%/",
        State.PARTIALLY_SUCCEEDED,
        name="Grüße \U0001f9ec",
        parents=(Parent(type="reference-store", id="1234567890"),),
        reason="3 of 9 failed",
        items=Items(unit="sources", total=9, succeeded=6, failed=3),
        failures=Failures(how="open it", count=3, uri="s3://bucket/manifest"),
        tags={"team": "a"},
        inputs=("s3://in/1", "s3://in/2"),
        verified=True,
        progress=100,
    )
    (saved,) = bench.record(store, seen)
    for consistent in (False, True):
        assert store.get(saved.view.id, consistent=consistent) == saved
        assert store.get_many([saved.view.id, "a:b:c:d:e"], consistent=consistent) == {saved.view.id: saved}


def test_what_is_not_there(bench: "Bench") -> None:
    store = bench.store()
    assert store.get("omics:us-east-1:111122223333:reference-import:1") is None
    assert store.get_many([]) == {}
    assert store.save([]).lost == []


def test_many_jobs_are_saved_and_read_at_once(bench: "Bench") -> None:
    store = bench.store()
    jobs = bench.record(store, *(bench.observe(number) for number in range(120)))
    ids = [job.view.id for job in jobs]
    assert store.get_many(ids + ids[:5]) == dict(zip(ids, jobs, strict=True))
    assert store.summary(bench.now).counts == {("omics", "reference-import"): {State.RUNNING: 120}}


def test_the_first_writer_wins_and_the_other_gets_the_loss(bench: "Bench") -> None:
    store = bench.store()
    jobs = bench.record(store, *(bench.observe(number) for number in range(3)))
    bench.now += timedelta(seconds=1)
    failed = [changed(job, bench.observe(number, State.FAILED)) for number, job in enumerate(jobs)]
    bench.record(store, bench.observe(1, State.SUCCEEDED))
    assert store.save(failed).lost == [failed[1]]
    assert [store.get(job.view.id).view.state for job in jobs] == [State.FAILED, State.SUCCEEDED, State.FAILED]  # type: ignore[union-attr]
    assert store.save([failed[0]]).lost == [], "what is stored as it was to be is no loss"
    assert store.summary(bench.now).counts == bench.recount()
    assert [len(store.transitions(job.view.id, limit=9)[0]) for job in jobs] == [2, 2, 2]


def test_two_that_find_a_new_job(bench: "Bench") -> None:
    store = bench.store()
    first, second = changed(None, bench.observe(1)), changed(None, bench.observe(1, State.PENDING))
    assert store.save([first]).lost == []
    assert store.save([second]).lost == [second]
    assert store.get(first.after.view.id) == first.after
    assert store.summary(bench.now).counts == {("omics", "reference-import"): {State.RUNNING: 1}}


def test_a_job_that_is_gone_is_a_lost_race(bench: "Bench") -> None:
    store = bench.store()
    (job,) = bench.record(store, bench.observe(1))
    key = {"pk": {"S": f"JOB#{job.view.id}"}, "sk": {"S": "VIEW"}}
    bench.client.delete_item(TableName=bench.table, Key=key)
    change = changed(job, bench.observe(1, State.FAILED))
    assert store.save([change]).lost == [change]


def test_a_job_occurs_once_in_a_save(bench: "Bench") -> None:
    change = changed(None, bench.observe(1))
    with pytest.raises(ValueError, match="only once"):
        bench.store().save([change, change])
    assert bench.items() == []


def test_large_views_are_split_and_the_too_large_named(bench: "Bench") -> None:
    store = bench.store()
    large = [
        changed(None, bench.observe(number, inputs=tuple("s3://" + "x" * 2000 for _ in range(180))))
        for number in range(12)
    ]
    too_large = changed(None, bench.observe("big", inputs=("ü" * 250_000,)))
    with pytest.raises(OversizedJobError) as error:
        store.save([too_large, *large])
    assert error.value.job_ids == (too_large.after.view.id,)
    assert len(store.get_many([change.after.view.id for change in large])) == 12


def test_an_ended_job_falls_away_and_its_counts_with_it(bench: "Bench") -> None:
    store = bench.store(days=2)
    jobs = bench.record(store, *(bench.observe(number, State.FAILED) for number in range(3)), bench.observe(9))
    ids = [job.view.id for job in jobs]
    assert not store.expired(jobs[0].view, bench.now)
    bench.now += timedelta(days=2)
    assert len(store.get_many(ids)) == 4, "at least the retention"
    bench.now += timedelta(days=1)
    assert store.expired(jobs[0].view, bench.now)
    assert not store.expired(jobs[3].view, bench.now)
    assert store.get(ids[0]) is None
    assert set(store.get_many(ids)) == {ids[3]}
    assert [len(store.page(query, limit=9).views) for query in (JobFilter(), JobFilter(terminal=True))] == [1, 0]
    assert store.summary(bench.now).counts == {("omics", "reference-import"): {State.RUNNING: 1}}
    assert len(store.transitions(ids[0], limit=9)[0]) == 1, "its history is kept longer"


@pytest.mark.parametrize("removed", [False, True], ids=["not yet removed", "removed"])
def test_an_expired_job_that_starts_again_goes_on_with_its_history(bench: "Bench", removed: bool) -> None:
    store = bench.store(days=2)
    (job,) = bench.record(store, bench.observe(1, State.FAILED))
    bench.now += timedelta(days=4)
    if removed:
        key = {"pk": {"S": f"JOB#{job.view.id}"}, "sk": {"S": "VIEW"}}
        bench.client.delete_item(TableName=bench.table, Key=key)
    bench.record(store, bench.observe(1, State.RUNNING, counter=1))
    bench.now += timedelta(hours=1)
    bench.record(store, bench.observe(1, State.SUCCEEDED, counter=1))
    history, _ = store.transitions(job.view.id, limit=9)
    assert [(one.number, one.generation, one.previous_state, one.state) for one in history] == [
        (1, 1, None, State.FAILED),
        (2, 2, None, State.RUNNING),
        (3, 2, State.RUNNING, State.SUCCEEDED),
    ]
    stored = store.get(job.view.id)
    assert stored is not None
    assert (stored.transitions, stored.view.generation) == (3, 2)
    assert store.summary(bench.now).counts == {("omics", "reference-import"): {State.SUCCEEDED: 1}}


def test_the_writer_that_does_not_know_the_new_number_is_put_right(bench: "Bench") -> None:
    """The job came back with a higher number of transitions than its writer gave it, and the writer goes on."""
    store = bench.store(days=2)
    (job,) = bench.record(store, bench.observe(1, State.FAILED))
    bench.now += timedelta(days=4)
    back = changed(None, bench.observe(1, State.RUNNING, counter=1))
    assert store.save([back]).lost == []
    assert store.save([changed(back.after, bench.observe(1, State.SUCCEEDED, counter=1))]).lost == []
    history = store.transitions(job.view.id, limit=9)[0]
    assert [(one.number, one.generation) for one in history] == [(1, 1), (2, 2), (3, 2)]


def test_a_save_answers_with_what_it_wrote(bench: "Bench") -> None:
    """The history of a job that had expired goes on, and whoever saved it knows its number and generation."""
    store = bench.store(days=2)
    (job,) = bench.record(store, bench.observe(1, State.FAILED))
    bench.now += timedelta(days=4)
    back = changed(None, bench.observe(1, State.RUNNING, counter=1))
    new = changed(None, bench.observe(2, State.RUNNING))
    saved = store.save([back, new])
    assert [(one.after.transitions, one.after.view.generation) for one in saved.written] == [(2, 2), (1, 1)]
    assert [one.after for one in saved.written] == [store.get(job.view.id), store.get(new.after.view.id)]
    assert store.save([back]).written == [], "another was first"


def test_another_retention_moves_no_count_astray(bench: "Bench") -> None:
    long, short = bench.store(days=400), bench.store(days=5)
    jobs = bench.record(long, *(bench.observe(number, State.SUCCEEDED) for number in range(4)))
    changes = [
        changed(jobs[number], bench.observe(number, state, depth=Depth.ITEMS))
        for number, state in enumerate((State.PARTIALLY_SUCCEEDED, State.SUCCEEDED, State.PARTIALLY_SUCCEEDED))
    ]
    assert short.save(changes).lost == []
    assert short.summary(bench.now).counts == bench.recount()
    bench.now += timedelta(days=7)
    assert short.summary(bench.now).counts == bench.recount()
    assert bench.recount() == {("omics", "reference-import"): {State.SUCCEEDED: 1}}
    open_job = changed(None, bench.observe(50))
    long.save([open_job])
    bench.now += timedelta(days=1)
    assert long.save([changed(open_job.after, bench.observe(50, State.FAILED))]).lost == []
    restarted = short.get(open_job.after.view.id)
    assert short.save([changed(restarted, bench.observe(50, State.RUNNING, counter=1))]).lost == []
    assert short.summary(bench.now).counts == bench.recount()


def test_attempts_at_items_are_noted_without_a_new_view(bench: "Bench") -> None:
    store = bench.store()
    (job,) = bench.record(store, bench.observe(1, State.SUCCEEDED))
    later = bench.now + timedelta(minutes=5)
    assert store.touch_items(job.view.id, job.revision, 1, later)
    assert store.get(job.view.id) == replace(job, items_attempts=1, items_after=later)
    assert store.touch_items(job.view.id, job.revision, 2, None)
    assert store.get(job.view.id) == replace(job, items_attempts=2)
    assert not store.touch_items(job.view.id, job.revision + 1, 3, later)
    assert not store.touch_items(job.view.id + "9", 1, 3, later)
    assert store.get(job.view.id) == replace(job, items_attempts=2)
    bench.record(store, bench.observe(1, State.PARTIALLY_SUCCEEDED, depth=Depth.ITEMS))
    assert store.get(job.view.id).items_attempts == 0  # type: ignore[union-attr]


def test_a_missing_table_is_botocores_error(bench: "Bench") -> None:
    store = Store(bench.client, "absent", bench.store()._retention)
    job = changed(None, bench.observe(1))
    for work in (
        lambda: store.get("x"),
        lambda: store.get_many(["x"]),
        lambda: store.save([job]),
        lambda: store.touch_items("x", 1, 1, None),
        lambda: store.page(JobFilter(), limit=1),
        lambda: store.summary(bench.now),
        lambda: store.coverage(),
    ):
        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            work()
