"""A DynamoDB to store in: moto over HTTP, or the endpoint that ``JOBVIEW_TEST_DYNAMODB`` names."""

import json
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import boto3
import pytest
import urllib3
from botocore.config import Config

from jobview.merge import merge
from jobview.model import Depth, JobView, Observation, State, StoredJob, Via
from jobview.model.jobid import JobKey
from jobview.store import Change, Retention, Store
from tests.local_aws import create_table, moto_server

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    given = os.environ.get("JOBVIEW_TEST_DYNAMODB")
    if given:
        yield given
        return
    with moto_server() as url:
        yield url


def connect(endpoint: str, **config: Any) -> "DynamoDBClient":
    session = boto3.Session(aws_access_key_id="testing", aws_secret_access_key="testing", region_name="us-east-1")
    settings = {"max_pool_connections": 20, "retries": {"total_max_attempts": 3, "mode": "standard"}}
    return session.client("dynamodb", endpoint_url=endpoint, config=Config(**{**settings, **config}))


@pytest.fixture(scope="session")
def dynamodb(endpoint: str) -> "DynamoDBClient":
    return connect(endpoint)


@pytest.fixture
def table(dynamodb: "DynamoDBClient") -> Iterator[str]:
    name = create_table(dynamodb)
    yield name
    dynamodb.delete_table(TableName=name)


Answer = tuple[int, bytes]
Fault = Callable[[dict[str, Any], Callable[[dict[str, Any]], Answer]], Answer | None]
"""What goes wrong with one request: its body and how to pass it on → the answer, or ``None`` to hang up."""


class Wire:
    """A wire to DynamoDB on which things go wrong: ``faults`` maps an operation to the faults of its next requests."""

    def __init__(self, endpoint: str) -> None:
        self.faults: dict[str, list[Fault]] = {}
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.pool = urllib3.PoolManager(retries=False)
        wire = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                operation = self.headers["X-Amz-Target"].split(".")[-1]
                wire.sent.append((operation, body))

                def forward(changed: dict[str, Any]) -> Answer:
                    headers = {
                        name: value
                        for name, value in self.headers.items()
                        if name.lower() not in {"host", "content-length"}
                    }
                    sent = json.dumps(changed).encode()
                    answer = wire.pool.request("POST", endpoint, body=sent, headers=headers)
                    return answer.status, answer.data

                waiting = wire.faults.get(operation, [])
                answer = waiting.pop(0)(body, forward) if waiting else forward(body)
                if answer is None:
                    self.close_connection = True
                    return
                self.send_response(answer[0])
                self.send_header("Content-Type", "application/x-amz-json-1.0")
                self.send_header("Content-Length", str(len(answer[1])))
                self.end_headers()
                self.wfile.write(answer[1])

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.client = connect(
            f"http://127.0.0.1:{self._server.server_port}", retries={"total_max_attempts": 2, "mode": "standard"}
        )

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def refuse(code: str, **members: Any) -> Fault:
    """DynamoDB's error answer; the request is not carried out."""
    status = 500 if code == "InternalServerError" else 400
    kind = f"com.amazonaws.dynamodb.v20120810#{code}"
    return lambda *_: (status, json.dumps({"__type": kind, "message": code, **members}).encode())


def lose_answer(body: dict[str, Any], forward: Callable[[dict[str, Any]], Answer]) -> None:
    """The request is carried out and the answer never arrives."""
    forward(body)


@pytest.fixture
def wire(endpoint: str) -> Iterator[Wire]:
    wire = Wire(endpoint)
    yield wire
    wire.close()


@dataclass(kw_only=True)
class Bench:
    """A store with a clock of its own, and short ways to fill it."""

    client: "DynamoDBClient"
    table: str
    now: datetime = START
    slept: list[float] = field(default_factory=list)

    def store(self, client: "DynamoDBClient | None" = None, **retention: Any) -> Store:
        return Store(
            client or self.client,
            self.table,
            Retention(**({"days": 30} | retention)),
            clock=lambda: self.now,
            sleep=self.slept.append,
        )

    def observe(self, number: int | str, state: State = State.RUNNING, **view: Any) -> Observation:
        """An observation of job ``number``, created so many seconds after ``START``."""
        given = {"service": "omics", "type": "reference-import", "account": "111122223333", "region": "us-east-1"}
        key = JobKey(native_id=str(number), **{name: view.pop(name, value) for name, value in given.items()})
        depth, counter = view.pop("depth", Depth.DETAIL), view.pop("counter", 0)
        facts: dict[str, Any] = {
            "native_status": state.value,
            "observed_at": self.now,
            "via": Via.GET,
            "created_at": START + timedelta(seconds=number) if isinstance(number, int) else START,
        }
        if state.terminal:
            facts["ended_at"] = self.now
        return Observation(view=JobView(key=key, state=state, **(facts | view)), depth=depth, counter=counter)

    def record(self, store: Store, *observations: Observation) -> list[StoredJob]:
        """Read, merge and save once; nothing may be lost."""
        ids = [one.view.id for one in observations]
        stored = store.get_many(ids, consistent=True)
        changes = []
        for one in observations:
            merged = merge(stored.get(one.view.id), one)
            if merged.job is not None:
                changes.append(Change(before=stored.get(one.view.id), after=merged.job, transition=merged.transition))
        assert store.save(changes).lost == []
        return [change.after for change in changes]

    def items(self) -> list[dict[str, Any]]:
        pages = self.client.get_paginator("scan").paginate(TableName=self.table)
        return [item for page in pages for item in page["Items"]]

    def recount(self, at: datetime | None = None) -> dict[tuple[str, str], dict[State, int]]:
        """What the counters must say: the views counted one by one."""
        counts: dict[tuple[str, str], dict[State, int]] = {}
        now = (at or self.now).timestamp()
        for item in self.items():
            if item["sk"]["S"] == "VIEW" and float(item.get("expiresAt", {"N": "inf"})["N"]) > now:
                family = counts.setdefault((item["service"]["S"], item["type"]["S"]), {})
                state = State(item["state"]["S"])
                family[state] = family.get(state, 0) + 1
        return counts


@pytest.fixture
def bench(dynamodb: "DynamoDBClient", table: str) -> Bench:
    return Bench(client=dynamodb, table=table)
