"""Live reads of one job at once share what they read: about one caller's calls, and the whole truth for all."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from handlers.api.handler import build
from jobview.aws.clock import Clock
from jobview.bootstrap import open_store
from jobview.model import State
from jobview.store import CLAIM_SECONDS, JobResult
from local.standin import Fault, Plan
from tests.api_gateway import Client
from tests.integration.proofs.callers import (
    CALLERS,
    CLOCK,
    HOUR,
    Crowd,
    at_once,
    callers,
    calls,
    counted,
    read_long_ago,
    wait_until,
    waiting,
)
from tests.local_jobview import Local

GET = "GetReferenceImportJob"


@pytest.fixture
def job_id(local: Local) -> str:
    """A job that runs. It is in the cache, and was last read more than an hour ago."""
    found: str = read_long_ago(local).json["jobs"][0]["id"]
    return found


def claimed(local: Local, job_id: str, *, seconds: float) -> datetime:
    """Another execution has claimed the job, for some more seconds; when it did."""
    began = datetime.now(UTC) - timedelta(seconds=CLAIM_SECONDS - seconds)
    store = open_store(local.settings, clock=Clock(now=lambda: began))
    claim = store.claim_job(job_id, oldest=datetime.now(UTC))
    assert claim.taken
    assert claim.since is not None
    return claim.since


def wait_for_claim(local: Local, job_id: str) -> None:
    wait_until(lambda: local.parts.store.job_claim(job_id).since is not None)


@pytest.mark.parametrize("max_age", [0, HOUR])
def test_callers_at_once_make_about_the_calls_of_one(local: Local, job_id: str, max_age: int) -> None:
    gets = counted(local, 0.0, operation=GET)
    replies = Crowd(local).get(f"/v1/jobs/{job_id}?maxAge={max_age}")
    assert [(reply.status, reply.json["id"]) for reply in replies] == [(200, job_id)] * CALLERS
    # With maxAge=0 a read that began before a request came is none of its; then there are two.
    assert 1 <= calls(local, gets) <= (2 if max_age == 0 else 1)


@pytest.mark.parametrize(("max_age", "expected"), [(0, 2), (HOUR, 1)])
def test_callers_who_come_while_one_reads(local: Local, job_id: str, max_age: int, expected: int) -> None:
    gets = counted(local, 0.0, operation=GET)
    replies = Crowd(local).get(f"/v1/jobs/{job_id}?maxAge={max_age}", first=lambda: wait_for_claim(local, job_id))
    assert {reply.status for reply in replies} == {200}
    assert calls(local, gets) == expected, "a read that began before a request came does not count with maxAge=0"


def test_what_has_changed_is_in_every_answer(local: Local) -> None:
    clients = callers(local, CALLERS)
    local.aws.seed("omics", "reference-import", plan=Plan(submitted=0, running=600), parent="d")
    listed = clients[0].get("/v1/jobs?maxAge=0").json["jobs"]
    local.clock.advance(700)
    counted(local, 0.3, operation=GET)
    replies = [at_once(clients, f"/v1/jobs/{job['id']}?maxAge=0") for job in listed]
    assert [len({reply.body for reply in of_one}) for of_one in replies] == [1] * 4
    assert sorted(of_one[0].json["state"] for of_one in replies) == ["RUNNING", "RUNNING", "RUNNING", "SUCCEEDED"]


def test_a_read_that_changed_nothing_counts_for_who_comes_after_it(local: Local, job_id: str) -> None:
    [client] = callers(local, 1)
    gets = counted(local, 0.0, operation=GET)
    assert client.get(f"/v1/jobs/{job_id}?maxAge={HOUR}").status == 200
    assert client.get(f"/v1/jobs/{job_id}?maxAge={HOUR}").status == 200
    assert calls(local, gets) == 1
    assert client.get(f"/v1/jobs/{job_id}?maxAge=0").status == 200
    assert calls(local, gets) == 2


def test_a_read_whose_holder_died_is_taken_over_once(local: Local, job_id: str) -> None:
    clients = callers(local, CALLERS)
    gets = counted(local, 0.3, operation=GET)
    begun = time.monotonic()
    claimed(local, job_id, seconds=2)
    replies = at_once(clients, f"/v1/jobs/{job_id}?maxAge={HOUR}")
    assert {reply.status for reply in replies} == {200}
    assert time.monotonic() - begun > 1.9, "the claim was waited for"
    assert calls(local, gets) == 1


def test_nobody_waits_for_a_claim_by_a_clock_that_is_ahead(local: Local, job_id: str) -> None:
    [client] = callers(local, 1)
    claimed(local, job_id, seconds=600)
    begun = time.monotonic()
    assert client.get(f"/v1/jobs/{job_id}?maxAge=0").status == 200
    assert time.monotonic() - begun < 2 * CLAIM_SECONDS


def test_nobody_waits_beyond_its_own_time(local: Local, job_id: str) -> None:
    client = Client(build(local.settings, clock=CLOCK).resolve, seconds=4)
    gets = counted(local, 0.0, operation=GET)
    claimed(local, job_id, seconds=9)
    begun = time.monotonic()
    reply = client.get(f"/v1/jobs/{job_id}?maxAge=0")
    assert (reply.status, reply.json["awsCode"]) == (504, "DeadlineExceeded")
    assert time.monotonic() - begun < 9, "the claim was not waited for"
    assert calls(local, gets) == 0


def test_a_read_whose_own_time_was_over_does_not_count(local: Local, job_id: str) -> None:
    [client] = callers(local, 1)
    # Its read has nine seconds, so that a slow machine makes the call too; the claim holds for ten.
    hurried = Client(build(local.settings, clock=CLOCK).resolve, seconds=12)
    rule = local.aws.faults.add(Fault(kind="latency", seconds=11.0), service="omics", operation=GET, times=1)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(hurried.get, f"/v1/jobs/{job_id}?maxAge={HOUR}")
        wait_for_claim(local, job_id)
        assert client.get(f"/v1/jobs/{job_id}?maxAge={HOUR}").status == 200
        assert first.result().status == 504
    assert calls(local, rule) == 2


def test_the_native_record_is_read_by_each_who_wants_it(local: Local, job_id: str) -> None:
    crowd = Crowd(local, 3)
    gets = counted(local, 0.0, operation=GET)
    with ThreadPoolExecutor(3) as pool, waiting(local, operation=GET) as answer:
        native = pool.submit(crowd.clients[0].get, f"/v1/jobs/{job_id}?include=native")
        wait_for_claim(local, job_id)
        plain = pool.submit(crowd.clients[1].get, f"/v1/jobs/{job_id}?maxAge={HOUR}")
        also = pool.submit(crowd.clients[2].get, f"/v1/jobs/{job_id}?include=native&maxAge={HOUR}")
        wait_until(lambda: crowd.waits(1) and calls(local, gets) == 2)
        answer()
        assert [each.result().status for each in (native, plain, also)] == [200, 200, 200], native.result().body
        assert {"native"} == native.result().json.keys() - plain.result().json.keys()
        assert also.result().json["native"] == native.result().json["native"]
    assert calls(local, gets) == 2, "what the native read says counts for who wants the job alone"


def test_callers_at_once_are_answered_with_what_each_asked_for(local: Local, job_id: str) -> None:
    """Threads change so often that one that shared its request with others would answer theirs."""
    clients = callers(local, 8)
    targets = [f"/v1/jobs/{job_id}{query}" for query in ("", "?include=native") * 4]
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(5):
            with ThreadPoolExecutor(len(clients)) as pool:
                replies = list(pool.map(lambda client, target: client.get(target), clients, targets))
            assert ["native" in reply.json for reply in replies] == ["native" in target for target in targets]
    finally:
        sys.setswitchinterval(usual)


def test_a_job_that_aws_does_not_know_is_asked_for_about_once(local: Local, job_id: str) -> None:
    nobody = job_id.rpartition(":")[0] + ":1234567890"
    gets = counted(local, 0.0, operation=GET)
    replies = Crowd(local).get(f"/v1/jobs/{nobody}?maxAge=0")
    assert {(reply.status, reply.json["awsCode"]) for reply in replies} == {(404, "ResourceNotFoundException")}
    assert calls(local, gets) <= 2


@pytest.mark.parametrize(("code", "status"), [("AccessDeniedException", 502), ("throttled", 429)])
def test_a_failure_is_shared_by_those_who_wait_and_by_nobody_else(
    local: Local, job_id: str, code: str, status: int
) -> None:
    [client] = callers(local, 1)
    target = f"/v1/jobs/{job_id}?maxAge={HOUR}"
    gets = counted(local, 0.0, operation=GET)
    refusal = local.aws.faults.add(Fault(kind="error", code=code), service="omics", operation=GET)
    assert client.get(target).status == status
    of_one = calls(local, gets)
    replies = Crowd(local).get(target)
    assert {reply.status for reply in replies} == {status}
    assert len({reply.json["awsCode"] for reply in replies}) == 1
    assert calls(local, gets) == 2 * of_one
    assert local.aws.faults.remove(refusal)
    assert client.get(target).status == 200, "a failure does not outlast what it came from"


def test_an_answer_that_the_store_does_not_believe_yet_is_shared(local: Local, job_id: str) -> None:
    [client] = callers(local, 1)
    job, store = local.job(job_id), open_store(local.settings, clock=CLOCK)
    view = replace(job.view, state=State.FAILED, native_status="FAILED")
    since = claimed(local, job_id, seconds=8)
    store.end_job_claim(job_id, since=since, result=JobResult(view=view, revision=job.revision))
    assert client.get(f"/v1/jobs/{job_id}?maxAge={HOUR}").json["state"] == "FAILED"
    # The stored job has changed since then.
    store.end_job_claim(job_id, since=since, result=JobResult(view=view, revision=job.revision - 1))
    assert client.get(f"/v1/jobs/{job_id}?maxAge={HOUR}").json["state"] == job.view.state
