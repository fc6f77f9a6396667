"""A slow table: a page ends short before the function's time is over, and the pages together are still the list."""

import time
from collections.abc import Iterator

import boto3
import botocore.session
import pytest

from handlers.api.handler import build
from jobview.aws.clock import Clock
from local.standin import Plan
from tests.api_gateway import Client
from tests.local_jobview import Local

SECONDS = 6.0
"""What the function has for a request."""
JOBS = 120
"""More than the first queries of a filtered page look at."""


class SlowTable:
    """The API function, whose queries of an index of the table each take ``delay`` seconds."""

    def __init__(self, local: Local) -> None:
        self.delay = 0.0
        self.queries = 0
        core = botocore.session.get_session()
        core.register("before-send.dynamodb.Query", self._wait)  # type: ignore[arg-type]  # the stubs know no answer
        before, boto3.DEFAULT_SESSION = boto3.DEFAULT_SESSION, boto3.Session(botocore_session=core)
        try:
            clock = Clock(monotonic=time.monotonic, sleep=time.sleep, now=local.clock.now)
            self.client = Client(build(local.settings, clock=clock).resolve, seconds=SECONDS)
        finally:
            boto3.DEFAULT_SESSION = before

    def _wait(self, request: object, **_: object) -> None:
        if b'"IndexName"' in getattr(request, "body", b""):
            self.queries += 1
            time.sleep(self.delay)


@pytest.fixture(scope="module")
def table(quiet: Local) -> SlowTable:
    for _ in range(4):
        quiet.aws.seed("sesv2", "import", count=JOBS // 4, plan=Plan(submitted=0, running=10_000))
        quiet.clock.advance(10)
        quiet.refresh("sesv2/import")
    return SlowTable(quiet)


@pytest.fixture
def slow(table: SlowTable) -> Iterator[SlowTable]:
    yield table
    table.delay = 0.0


def pages(slow: SlowTable, query: str, *, at_most: int) -> tuple[list[str], int]:
    """Ids on all pages, and how many pages ended short. Where the table is busy, the same page is asked for again."""
    found: list[str] = []
    short, token = 0, ""
    for _ in range(at_most):
        begun = time.monotonic()
        reply = slow.client.get(f"/v1/jobs?{query}{token}")
        assert time.monotonic() - begun < SECONDS
        if (reply.status, reply.json.get("type")) == (503, "urn:jobview:problem:busy"):
            continue
        assert reply.status == 200, reply.body
        found += [job["id"] for job in reply.json["jobs"]]
        if reply.json["nextToken"] is None:
            return found, short
        short += len(reply.json["jobs"]) < int(query.partition("limit=")[2])
        token = f"&nextToken={reply.json['nextToken']}"
    raise AssertionError(f"more than {at_most} pages")


def test_a_page_ends_short_before_the_functions_time_is_over(slow: SlowTable) -> None:
    everything, _ = pages(slow, "limit=500", at_most=1)
    assert len(everything) == JOBS
    slow.delay = 2.5  # some queries of a page come in time, even on a busy machine
    found, short = pages(slow, "name=nobody&limit=5", at_most=12)
    assert found == []
    assert short


def test_a_table_that_does_not_answer_in_time_is_busy(slow: SlowTable) -> None:
    slow.delay = 5.5
    begun = time.monotonic()
    reply = slow.client.get("/v1/jobs")
    assert time.monotonic() - begun < SECONDS
    assert (reply.status, reply.json["type"]) == (503, "urn:jobview:problem:busy")
    assert reply.headers["retry-after"]


@pytest.mark.parametrize("query", ["name=nobody", "terminal=false", "state=RUNNING,FAILED,CANCELLED&name=x"])
def test_a_page_makes_no_more_queries_than_documented(slow: SlowTable, query: str) -> None:
    slow.queries = 0
    assert slow.client.get(f"/v1/jobs?{query}").status == 200
    assert 0 < slow.queries <= 64
