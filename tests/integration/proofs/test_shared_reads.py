"""Live reads at once share what they read: about one caller's calls, and complete answers for all."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from jobview.aws.clock import Clock
from jobview.bootstrap import build_application, open_store
from jobview.catalogue import FAMILIES
from jobview.model import Coverage, Source
from jobview.store import CLAIM_SECONDS
from local.standin import Plan
from tests.api_gateway import Reply
from tests.integration.proofs.callers import (
    CLOCK,
    HOUR,
    Crowd,
    callers,
    calls,
    counted,
    read_long_ago,
    wait_until,
    waiting,
)
from tests.local_aws import ACCOUNT, REGION
from tests.local_jobview import Local


def check_complete(reply: Reply, jobs: int) -> None:
    assert reply.status == 200, reply.body
    assert set(reply.json["coverage"]["counts"]) == {"complete"}, reply.json["coverage"]
    assert len(reply.json["jobs"]) == jobs


@pytest.mark.parametrize("max_age", [0, HOUR])
def test_callers_at_once_make_about_the_calls_of_one(local: Local, max_age: int) -> None:
    alone = counted(local, 0.0)
    check_complete(read_long_ago(local), 3)
    of_one = calls(local, alone)
    assert of_one >= 4, "a search, and three lists"
    local.aws.faults.clear()
    together = counted(local, 0.0)
    for reply in Crowd(local).get(f"/v1/jobs?maxAge={max_age}"):
        check_complete(reply, 3)
    # With maxAge=0 a read that began before a request came is none of its; then there are two.
    assert calls(local, together) <= 2 * of_one


def test_a_read_whose_holder_died_is_taken_over(local: Local) -> None:
    [client] = callers(local, 1)
    check_complete(client.get("/v1/jobs?maxAge=0"), 3)
    source = Source(service="omics", type="reference-import", target=local.parts.monitored.targets[0])
    # An execution that claimed the search just before it died: the others wait, but not for ever.
    begun = time.monotonic()
    began = datetime.now(UTC) - timedelta(seconds=CLAIM_SECONDS - 2)
    dead = open_store(local.settings, clock=Clock(now=lambda: began))
    assert dead.claim(source, oldest=datetime.now(UTC)).taken
    check_complete(client.get("/v1/jobs?maxAge=0"), 3)
    assert 1.9 < time.monotonic() - begun < 15


def test_a_refresh_that_is_under_way_is_waited_for(local: Local) -> None:
    check_complete(read_long_ago(local), 3)
    store, target = local.parts.store, local.parts.monitored.targets[0]
    rows = store.coverage()
    for row in rows:
        assert store.wake(row.source.id, at=datetime.now(UTC) - timedelta(seconds=1), seconds=60)
    lists = counted(local, 0.5)
    other = build_application(local.settings, clock=CLOCK)
    assert other.store.lease_lane("omics", target, holder="x", until=datetime.now(UTC) + timedelta(minutes=5))
    family = FAMILIES["omics/reference-import"]
    refresh = threading.Thread(
        target=lambda: other.refresher.read_lane([family], target, deadline=time.monotonic() + 60)
    )
    refresh.start()
    # Nothing of the cache is young enough, but what the refresh reads is.
    [client] = callers(local, 1)
    check_complete(client.get(f"/v1/jobs?maxAge={HOUR}"), 3)
    refresh.join(60)
    assert calls(local, lists) <= 4 + 3, "the search and the lists once, and the gets of three jobs"


def test_a_filter_by_parent_reads_only_that_source(local: Local) -> None:
    [client] = callers(local, 1)
    reply = client.get("/v1/jobs?maxAge=0")
    parents = {job["parent"]["id"] for job in reply.json["jobs"]}
    assert len(parents) == 3
    wanted = min(parents)
    lists = counted(local, 0.0, operation="ListReferenceImportJobs")
    searches = counted(local, 0.0, operation="ListReferenceStores")
    answer = client.get(f"/v1/jobs?maxAge=0&parent={wanted}")
    check_complete(answer, 1)
    assert (calls(local, lists), calls(local, searches)) == (1, 0)
    assert [row["source"] for row in answer.json["coverage"]["sources"]] == [
        f"omics:{REGION}:{ACCOUNT}:reference-import:{wanted}"
    ]
    # One that nobody knows is searched for, and the others are not read.
    unknown = client.get("/v1/jobs?maxAge=0&parent=nobody")
    check_complete(unknown, 0)
    assert (calls(local, lists), calls(local, searches)) == (1, 1)


def test_a_filter_by_state_reads_everything(local: Local) -> None:
    [client] = callers(local, 1)
    lists = counted(local, 0.0, operation="ListReferenceImportJobs")
    check_complete(client.get("/v1/jobs?maxAge=0&state=FAILED&name=x"), 0)
    assert calls(local, lists) == 3


def due_lane(local: Local) -> "Refreshes":
    """All sources of the lane are due, and another execution is about to refresh it."""
    [client] = callers(local, 1)
    check_complete(client.get("/v1/jobs?maxAge=0"), 3)
    for row in local.parts.store.coverage():
        assert local.parts.store.wake(row.source.id, at=datetime.now(UTC) - timedelta(seconds=1), seconds=60)
    return Refreshes(local)


class Refreshes:
    """An execution of refresh."""

    def __init__(self, local: Local) -> None:
        self.parts = build_application(local.settings, clock=CLOCK)
        self.target = local.parts.monitored.targets[0]

    def run(self, seconds: float = 60.0) -> set[str | None]:
        """Read the lane; the parents of the sources that it has read itself, ``None`` for the search."""
        family = FAMILIES["omics/reference-import"]
        reads = self.parts.refresher.read_lane([family], self.target, deadline=time.monotonic() + seconds)
        parents = [read.coverage.source.parent for read in reads]
        return {None if parent is None else parent.id for parent in parents}

    def rows(self) -> dict[str | None, Coverage]:
        """What is known of the sources, by parent."""
        rows = self.parts.store.coverage()
        return {None if row.source.parent is None else row.source.parent.id: row for row in rows}


def test_a_refresh_takes_what_a_live_read_is_reading(local: Local) -> None:
    refresh = due_lane(local)
    [client] = callers(local, 1)
    lists = counted(local, 0.0, operation="ListReferenceImportJobs")
    with ThreadPoolExecutor(1) as pool, waiting(local, operation="ListReferenceImportJobs") as answer:
        live = pool.submit(client.get, "/v1/jobs?maxAge=0")
        wait_until(lambda: all(row.claimed_until for parent, row in refresh.rows().items() if parent is not None))
        answer()
        assert refresh.run() == set(), "all was claimed, and nothing of it is due any more"
        check_complete(live.result(), 3)
    assert calls(local, lists) == 3
    now = datetime.now(UTC)
    for row in refresh.rows().values():
        assert row.claimed_until is None
        assert row.schedule is not None
        assert row.schedule.due is not None
        assert row.schedule.due > now, "a live read plans the next read"


def test_a_refresh_reads_its_other_sources_while_it_waits(local: Local) -> None:
    refresh = due_lane(local)
    [one, *others] = [parent for parent in refresh.rows() if parent is not None]
    [client] = callers(local, 1)
    lists = counted(local, 0.0, operation="ListReferenceImportJobs")
    with ThreadPoolExecutor(1) as pool, waiting(local, operation="ListReferenceImportJobs") as answer:
        live = pool.submit(client.get, f"/v1/jobs?maxAge=0&parent={one}")
        wait_until(lambda: refresh.rows()[one].claimed_until is not None)
        answer()
        assert refresh.run() == {None, *others}
        check_complete(live.result(), 1)
    assert calls(local, lists) == 3


def test_behind_a_search_of_a_live_read_a_refresh_reads_what_is_due_and_nothing_else(local: Local) -> None:
    [client] = callers(local, 1)
    check_complete(client.get("/v1/jobs?maxAge=0"), 3)
    refresh = Refreshes(local)
    search = refresh.rows()[None].source
    assert refresh.parts.store.wake(search.id, at=datetime.now(UTC) - timedelta(seconds=1), seconds=60)
    local.aws.seed("omics", "reference-import", plan=Plan(submitted=0, running=1e9), parent="new")
    known = set(refresh.rows())
    searches = counted(local, 0.0, operation="ListReferenceStores")
    lists = counted(local, 0.0, operation="ListReferenceImportJobs")
    with ThreadPoolExecutor(1) as pool, waiting(local, operation="ListReferenceStores") as answer:
        live = pool.submit(client.get, "/v1/jobs?maxAge=0&parent=nobody")
        wait_until(lambda: refresh.rows()[None].claimed_until is not None)
        answer()
        [new] = refresh.run() - known
        check_complete(live.result(), 0)
    assert (calls(local, searches), calls(local, lists)) == (1, 1)
    assert new is not None


def test_a_refresh_reads_what_a_dead_live_read_has_claimed_once_its_claim_is_over(local: Local) -> None:
    refresh = due_lane(local)
    [one, *others] = [parent for parent in refresh.rows() if parent is not None]
    begun = time.monotonic()
    began = datetime.now(UTC) - timedelta(seconds=CLAIM_SECONDS - 2)
    dead = open_store(local.settings, clock=Clock(now=lambda: began))
    assert dead.claim(refresh.rows()[one].source, oldest=datetime.now(UTC)).taken
    assert refresh.run() == {None, one, *others}
    assert 1.9 < time.monotonic() - begun < 3 * CLAIM_SECONDS


def test_a_refresh_without_the_time_to_wait_reads_at_once(local: Local) -> None:
    refresh = due_lane(local)
    one = next(parent for parent in refresh.rows() if parent is not None)
    other = open_store(local.settings, clock=CLOCK)
    assert other.claim(refresh.rows()[one].source, oldest=datetime.now(UTC)).taken
    begun = time.monotonic()
    assert one in refresh.run(seconds=CLAIM_SECONDS - 2)
    assert time.monotonic() - begun < CLAIM_SECONDS


def test_a_refresh_looks_again_at_what_it_has_known_for_some_time(local: Local) -> None:
    for parent in range(12):
        local.aws.seed("omics", "reference-import", plan=Plan(submitted=0, running=1e9), parent=f"more-{parent}")
    [client] = callers(local, 1)
    check_complete(client.get("/v1/jobs?maxAge=0"), 15)
    refresh = Refreshes(local)
    rows = refresh.rows()
    for row in rows.values():
        assert refresh.parts.store.wake(row.source.id, at=datetime.now(UTC) - timedelta(seconds=1), seconds=60)
    *others, last = rows
    # About ten are read at a time: a live read of the last one has begun long before its turn comes.
    lists = counted(local, 0.0, operation="ListReferenceImportJobs")
    with ThreadPoolExecutor(2) as pool, waiting(local, operation="ListReferenceImportJobs") as answer:
        refreshed = pool.submit(refresh.run)
        wait_until(lambda: calls(local, lists) >= 10)
        live = pool.submit(client.get, f"/v1/jobs?maxAge=0&parent={last}")
        wait_until(lambda: refresh.rows()[last].claimed_until is not None)
        # What a refresh has known for five seconds, it looks up again.
        time.sleep(5.5)
        answer()
        check_complete(live.result(), 1)
        assert refreshed.result() == set(others)
    assert calls(local, lists) == 15
