"""The wire to DynamoDB fails: throttling, conflicts, lost answers."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from jobview.merge import merge
from jobview.model import JobFilter, State, StoredJob
from jobview.store import Change, StoreBusyError

from .conftest import lose_answer, refuse

if TYPE_CHECKING:
    from .conftest import Answer, Bench, Wire

OMICS = ("omics", "reference-import")


def changed(before: StoredJob | None, observation: Any) -> Change:
    merged = merge(before, observation)
    assert merged.job is not None
    return Change(before=before, after=merged.job, transition=merged.transition)


def tokens(wire: "Wire") -> list[str]:
    return [body["ClientRequestToken"] for operation, body in wire.sent if operation == "TransactWriteItems"]


def cancelled(code: str) -> dict[str, Any]:
    return {"CancellationReasons": [{"Code": "None"}, {"Code": code}]}


def test_a_lost_answer_doubles_nothing(bench: "Bench", wire: "Wire") -> None:
    store = bench.store(wire.client)
    (job,) = bench.record(store, bench.observe(1))
    wire.faults["TransactWriteItems"] = [lose_answer]
    changes = [changed(job, bench.observe(1, State.FAILED)), changed(None, bench.observe(2))]
    wire.sent.clear()
    assert store.save(changes).lost == []
    assert len(set(tokens(wire)[:2])) == 1, "the repetition is known by its token"
    assert store.get(job.view.id) == changes[0].after
    assert [one.number for one in store.transitions(job.view.id, limit=9)[0]] == [1, 2]
    assert store.summary(bench.now).counts == bench.recount() == {OMICS: {State.FAILED: 1, State.RUNNING: 1}}


def test_a_lost_answer_and_another_writer_meanwhile(bench: "Bench", wire: "Wire") -> None:
    store, other = bench.store(wire.client), bench.store()
    (job,) = bench.record(store, bench.observe(1))
    bench.now += timedelta(seconds=1)
    change = changed(job, bench.observe(1, State.PAUSED))

    def lose_and_overtake(body: dict[str, Any], forward: Any) -> None:
        forward(body)
        assert other.save([changed(change.after, bench.observe(1, State.FAILED))]).lost == []

    wire.faults["TransactWriteItems"] = [lose_and_overtake]
    assert store.save([change]).lost in (
        [],
        [change],
    )  # known by its token where DynamoDB keeps tokens, else a lost race
    assert [one.state for one in store.transitions(job.view.id, limit=9)[0]] == [
        State.RUNNING,
        State.PAUSED,
        State.FAILED,
    ]
    assert store.summary(bench.now).counts == bench.recount() == {OMICS: {State.FAILED: 1}}


def test_throttling_is_waited_out_with_the_same_token(bench: "Bench", wire: "Wire") -> None:
    store = bench.store(wire.client)
    throttled = [refuse("ThrottlingException"), refuse("InternalServerError"), refuse("TransactionInProgressException")]
    wire.faults["TransactWriteItems"] = throttled * 2
    assert store.save([changed(None, bench.observe(1))]).lost == []
    assert len(set(tokens(wire))) == 1
    assert bench.slept
    assert all(0 <= seconds <= 2 for seconds in bench.slept)
    assert store.summary(bench.now).counts == {OMICS: {State.RUNNING: 1}}


@pytest.mark.parametrize("code", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_conflict_is_tried_again_as_a_new_transaction_in_other_counters(
    bench: "Bench", wire: "Wire", code: str
) -> None:
    store = bench.store(wire.client)
    wire.faults["TransactWriteItems"] = [refuse("TransactionCanceledException", **cancelled(code))] * 2
    assert store.save([changed(None, bench.observe(1))]).lost == []
    assert len(set(tokens(wire))) == 3
    counters = {
        action["Update"]["Key"]["pk"]["S"]
        for operation, body in wire.sent
        if operation == "TransactWriteItems"
        for action in body["TransactItems"]
        if "Update" in action
    }
    assert len(counters) == 3
    assert len(bench.slept) == 2


def test_endless_conflicts_and_throttling_are_a_clear_error_and_save_nothing(bench: "Bench", wire: "Wire") -> None:
    store = bench.store(wire.client)
    conflict = refuse("TransactionCanceledException", **cancelled("TransactionConflict"))
    for faults, code in (
        ([conflict] * 50, "TransactionConflict"),
        ([refuse("ThrottlingException")] * 50, "Throttling"),
    ):
        wire.faults["TransactWriteItems"] = faults
        with pytest.raises(StoreBusyError, match="try again") as error:
            store.save([changed(None, bench.observe(1))])
        assert error.value.code.startswith(code)
    assert bench.items() == []


def test_a_race_is_reported_while_others_conflict(bench: "Bench", wire: "Wire") -> None:
    """A cancelled batch is saved without those that lost."""
    store = bench.store(wire.client)
    jobs = bench.record(store, *(bench.observe(number) for number in range(5)))
    bench.now += timedelta(seconds=1)
    bench.record(bench.store(), bench.observe(3, State.PAUSED))
    conflict = refuse("TransactionCanceledException", **cancelled("TransactionConflict"))
    wire.faults["TransactWriteItems"] = [conflict]
    changes = [changed(job, bench.observe(number, State.FAILED)) for number, job in enumerate(jobs)]
    assert store.save(changes).lost == [changes[3]]
    assert store.summary(bench.now).counts == bench.recount() == {OMICS: {State.FAILED: 4, State.PAUSED: 1}}


def test_what_no_repetition_mends_is_raised_at_once(bench: "Bench", wire: "Wire") -> None:
    store = bench.store(wire.client)
    for fault in (
        refuse("AccessDeniedException"),
        refuse("TransactionCanceledException", **cancelled("ValidationError")),
    ):
        wire.faults["TransactWriteItems"] = [fault]
        with pytest.raises(ClientError):
            store.save([changed(None, bench.observe(1))])
    assert bench.slept == []


def test_unprocessed_keys_are_read_again(bench: "Bench", wire: "Wire") -> None:
    store = bench.store(wire.client)
    jobs = bench.record(store, *(bench.observe(number) for number in range(5)))

    def only_two(body: dict[str, Any], forward: Any) -> "Answer":
        request = body["RequestItems"][bench.table]
        keys = request["Keys"]
        status, answer = forward({"RequestItems": {bench.table: {**request, "Keys": keys[:2]}}})
        left = json.dumps({bench.table: {**request, "Keys": keys[2:]}}).encode()
        return status, answer.replace(b'"UnprocessedKeys": {}', b'"UnprocessedKeys": ' + left)

    wire.faults["BatchGetItem"] = [only_two, only_two]
    assert store.get_many([job.view.id for job in jobs]) == {job.view.id: job for job in jobs}
    assert len(bench.slept) == 2

    def none(body: dict[str, Any], _: Any) -> "Answer":
        return 200, json.dumps({"Responses": {}, "UnprocessedKeys": body["RequestItems"]}).encode()

    wire.faults["BatchGetItem"] = [none] * 20
    with pytest.raises(StoreBusyError, match="5 of 5"):
        store.get_many([job.view.id for job in jobs])


def test_reads_that_stay_throttled_are_a_busy_store(bench: "Bench", wire: "Wire") -> None:
    store = bench.store(wire.client)
    throttled = refuse("ProvisionedThroughputExceededException")
    work: dict[str, Callable[[], object]] = {
        "GetItem": lambda: store.get("x"),
        "BatchGetItem": lambda: store.get_many(["x"]),
        "Query": lambda: store.page(JobFilter(), limit=5),
        "UpdateItem": lambda: store.touch_items("x", 1, 1, None),
    }
    for operation, call in work.items():
        wire.faults[operation] = [throttled] * 20
        with pytest.raises(StoreBusyError):
            call()
        wire.faults[operation] = [refuse("AccessDeniedException")] * 8
        with pytest.raises(ClientError, match="AccessDenied"):
            call()
