"""From a transition in the store to an event behind the bus, over real HTTP; and what goes wrong on the way."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from jobview.events.outgoing import DETAIL_BYTES, DETAIL_TYPE, SOURCE, TYPE
from jobview.model import Items, State
from tests.integration.store.conftest import refuse

from .conftest import Bench, bodies


def ids(events: list[dict[str, Any]]) -> list[str]:
    return [event["detail"]["id"] for event in events]


def fail_entry(place: int, code: str) -> Callable[[dict[str, Any], Any], tuple[int, bytes]]:
    """EventBridge takes all entries of a request but one."""

    def fault(body: dict[str, Any], forward: Any) -> tuple[int, bytes]:
        entries = list(body["Entries"])
        del entries[place]
        taken = json.loads(forward({"Entries": entries})[1])["Entries"] if entries else []
        taken.insert(place, {"ErrorCode": code, "ErrorMessage": "injected"})
        return 200, json.dumps({"FailedEntryCount": 1, "Entries": taken}).encode()

    return fault


def put_sizes(bench: Bench) -> list[int]:
    return [len(body["Entries"]) for operation, body in bench.wire.sent if operation == "PutEvents"]


def test_every_transition_arrives_with_its_fields(bench: Bench) -> None:
    for state in (State.PENDING, State.RUNNING, State.FAILED):
        job = bench.record(1, state, reason=f"it is {state}", name='ünïcode "quoted"')
    job = bench.record(1, State.FAILED, items=Items(unit="files", total=3, failed=3), reason="it is FAILED")
    records = bench.stream()
    assert bench.publish(records) == []
    events = bench.arrived()
    assert ids(events) == [f"{job.view.id}#{number}" for number in (1, 2, 3)], "a change of a view is no transition"
    rows, _ = bench.store.transitions(job.view.id, limit=9)
    for event, row in zip(events, rows, strict=True):
        detail = event["detail"]
        assert (event["source"], event["detail-type"]) == (SOURCE, DETAIL_TYPE)
        told = row.to_dict()
        assert {name: detail["data"][name] for name in told} == told
        assert {name: value for name, value in detail.items() if name != "data"} == {
            "specversion": "1.0",
            "id": f"{job.view.id}#{row.number}",
            "source": bench.bus,
            "type": TYPE,
            "subject": job.view.id,
            "time": told["changedAt"],
            "datacontenttype": "application/json",
        }
        assert detail["data"]["job"] == bench.store.get(job.view.id).view.to_dict()  # type: ignore[union-attr]
        assert detail["data"]["trimmed"] == {}
    assert [event["detail"]["data"]["previousState"] for event in events] == [None, "PENDING", "RUNNING"]
    assert bodies(bench.dead) == []


def test_nothing_but_transitions_passes_the_filter(bench: Bench) -> None:
    job = bench.record(1, State.RUNNING)
    bench.record(1, State.FAILED)
    boto3.client("dynamodb").delete_item(
        TableName=bench.table, Key={"pk": {"S": f"JOB#{job.view.id}"}, "sk": {"S": "T#0000000001"}}
    )
    assert [record["dynamodb"]["Keys"]["sk"]["S"] for record in bench.stream()] == ["T#0000000001", "T#0000000002"]
    kinds = {item["sk"]["S"] for item in boto3.client("dynamodb").scan(TableName=bench.table)["Items"]}
    assert {"VIEW", "FAILED"} <= kinds, "there were other rows to keep out"


def test_many_jobs_go_in_requests_of_ten(bench: Bench) -> None:
    jobs = [bench.record(number, State.RUNNING) for number in range(23)]
    assert bench.publish(bench.stream()) == []
    assert set(ids(bench.arrived())) == bench.history(*jobs)
    assert put_sizes(bench) == [10, 10, 3]


def test_transitions_of_a_job_never_share_a_request(bench: Bench) -> None:
    """Else the later one could be taken while the earlier one is not."""
    bench.record(1, State.RUNNING)
    bench.record(2, State.RUNNING)
    bench.record(1, State.FAILED)
    assert bench.publish(bench.stream()) == []
    assert put_sizes(bench) == [2, 1]


def test_throttling_is_waited_out(bench: Bench) -> None:
    job = bench.record(1, State.RUNNING)
    bench.wire.faults["PutEvents"] = [fail_entry(0, "ThrottlingException")] * 2
    assert bench.publish(bench.stream()) == []
    assert ids(bench.arrived()) == [f"{job.view.id}#1"]


@pytest.mark.parametrize(
    "fault",
    [refuse("ThrottlingException"), refuse("InternalServerError"), refuse("AccessDeniedException"), lambda *_: None],
    ids=["throttled", "down", "denied", "hung up"],
)
def test_a_bus_that_takes_nothing_loses_nothing_and_skips_nothing(bench: Bench, fault: Any) -> None:
    jobs = [bench.record(number, state) for state in (State.RUNNING, State.FAILED) for number in range(6)]
    records = bench.stream()
    bench.wire.faults["PutEvents"] = [fault] * 30
    failures = bench.publish(records)
    assert bench.behind(failures, records) == records
    assert bench.arrived() == []
    bench.wire.faults.clear()
    assert bench.publish(bench.behind(failures, records)) == []
    assert sorted(ids(bench.arrived())) == sorted(bench.history(*jobs))


def test_it_goes_on_where_the_bus_stopped_taking(bench: Bench) -> None:
    jobs = [bench.record(number, State.RUNNING) for number in range(15)]
    records = bench.stream()
    bench.wire.faults["PutEvents"] = [lambda body, forward: forward(body), *[refuse("ThrottlingException")] * 30]
    failures = bench.publish(records)
    assert bench.behind(failures, records) == records[10:]
    bench.wire.faults.clear()
    assert bench.publish(bench.behind(failures, records)) == []
    assert sorted(ids(bench.arrived())) == sorted(bench.history(*jobs)), "each once"


def test_one_entry_that_fails_is_handed_over_again_and_duplicates_are_known_by_their_id(bench: Bench) -> None:
    jobs = [bench.record(number, State.RUNNING) for number in range(5)]
    jobs.append(bench.record(2, State.FAILED))
    records = bench.stream()
    bench.wire.faults["PutEvents"] = [fail_entry(2, "InternalFailure"), *[fail_entry(0, "InternalFailure")] * 2]
    failures = bench.publish(records)
    assert bench.behind(failures, records) == records[2:]
    first = ids(bench.arrived())
    assert set(first) == {f"{jobs[number].view.id}#1" for number in (0, 1, 3, 4)}, "the job's next transition waits"
    assert bench.publish(bench.behind(failures, records)) == []
    second = ids(bench.arrived())
    assert second[0] == f"{jobs[2].view.id}#1"
    assert set(first) | set(second) == bench.history(*jobs)
    assert len(first) + len(second) == 8, "two came twice, under the ids that they had"


def test_what_is_published_twice_is_the_same_event(bench: Bench) -> None:
    bench.record(1, State.RUNNING)
    records = bench.stream()
    assert bench.publish(records) == bench.publish(records) == []
    one, other = bench.arrived()
    assert one["detail"] == other["detail"]


@pytest.mark.parametrize("code", ["MalformedDetail", "InvalidArgument"])
def test_what_the_bus_never_takes_is_a_dead_letter_and_holds_up_nothing(bench: Bench, code: str) -> None:
    jobs = [bench.record(number, State.RUNNING) for number in range(3)]
    bench.wire.faults["PutEvents"] = [fail_entry(1, code)]
    assert bench.publish(bench.stream()) == []
    assert set(ids(bench.arrived())) == bench.history(jobs[0], jobs[2])
    [letter] = bodies(bench.dead)
    assert letter["reason"] == f"EventBridge: {code}"
    assert bench.publish(letter["Records"]) == [], "the letter's body is what the function takes"
    assert set(ids(bench.arrived())) == bench.history(jobs[1])


def test_a_request_that_one_entry_spoils_is_sent_one_by_one(bench: Bench) -> None:
    jobs = [bench.record(number, State.RUNNING) for number in range(3)]
    spoilt = refuse("ValidationException")
    bench.wire.faults["PutEvents"] = [spoilt, lambda body, forward: forward(body), spoilt]
    assert bench.publish(bench.stream()) == []
    assert set(ids(bench.arrived())) == bench.history(jobs[0], jobs[2])
    assert [letter["reason"] for letter in bodies(bench.dead)] == ["EventBridge: ValidationException"]


def test_a_record_that_is_no_transition_is_a_dead_letter(bench: Bench) -> None:
    job = bench.record(1, State.RUNNING)
    [record] = bench.stream()
    broken = json.loads(json.dumps(record, default=str))
    broken["dynamodb"]["NewImage"]["state"] = {"S": "NEVER_HEARD_OF"}
    keyless = {"dynamodb": {"SequenceNumber": "1"}}
    assert bench.publish([broken, keyless, record]) == []
    assert ids(bench.arrived()) == [f"{job.view.id}#1"]
    assert [letter["Records"] for letter in bodies(bench.dead)] == [[broken], [keyless]]


def test_a_dead_letter_that_cannot_be_sent_fails_the_batch(bench: Bench) -> None:
    bench.wire.faults["SendMessage"] = [refuse("AccessDeniedException")] * 5
    with pytest.raises(ClientError, match="AccessDenied"):
        bench.publish([{"dynamodb": {"SequenceNumber": "1"}}])


def test_views_that_cannot_be_read_fail_the_batch(bench: Bench) -> None:
    job = bench.record(1, State.RUNNING)
    records = bench.stream()
    bench.wire.faults["BatchGetItem"] = [refuse("AccessDeniedException")] * 5
    with pytest.raises(ClientError, match="AccessDenied"):
        bench.publish(records)
    assert bench.arrived() == []
    bench.wire.faults.clear()
    assert bench.publish(records) == []
    assert ids(bench.arrived()) == [f"{job.view.id}#1"]


def test_a_view_that_is_too_large_is_cut_and_says_so(bench: Bench) -> None:
    long = tuple(f"s3://bucket/{place:02}/" + "x" * 2000 for place in range(50))
    job = bench.record(1, State.RUNNING, inputs=long, outputs=long + long)
    small = bench.record(2, State.RUNNING)
    assert bench.publish(bench.stream()) == []
    large, other = bench.arrived()
    data = large["detail"]["data"]
    gone = data["trimmed"]
    assert gone.keys() <= {"inputs", "outputs"}
    assert gone["outputs"] > 0
    assert data["job"]["outputs"] == list(job.view.outputs)[: 100 - gone["outputs"]]
    assert data["job"]["inputs"] == list(job.view.inputs)[: 50 - gone.get("inputs", 0)]
    assert DETAIL_BYTES - 3000 < len(json.dumps(large["detail"])) <= DETAIL_BYTES + 1000, "no more than must be"
    assert other["detail"]["data"]["job"] == small.view.to_dict()


def test_large_events_do_not_share_a_request(bench: Bench) -> None:
    long = tuple(f"s3://bucket/{place:02}/" + "x" * 2000 for place in range(50))
    jobs = [bench.record(number, State.RUNNING, inputs=long) for number in range(3)]
    assert bench.publish(bench.stream()) == []
    assert set(ids(bench.arrived())) == bench.history(*jobs)
    assert put_sizes(bench) == [2, 1]


def test_a_job_that_is_gone_leaves_its_transition(bench: Bench) -> None:
    job = bench.record(1, State.RUNNING)
    records = bench.stream()
    boto3.client("dynamodb").delete_item(
        TableName=bench.table, Key={"pk": {"S": f"JOB#{job.view.id}"}, "sk": {"S": "VIEW"}}
    )
    assert bench.publish(records) == []
    [event] = bench.arrived()
    assert event["detail"]["data"]["job"] is None
    assert event["detail"]["data"]["state"] == "RUNNING"


def test_the_view_is_never_older_than_the_transition(bench: Bench) -> None:
    bench.record(1, State.RUNNING)
    job = bench.record(1, State.FAILED)
    assert bench.publish(bench.stream()) == []
    first, second = (event["detail"]["data"] for event in bench.arrived())
    assert (first["state"], second["state"]) == ("RUNNING", "FAILED")
    assert first["job"] == second["job"] == replace(job.view).to_dict()
