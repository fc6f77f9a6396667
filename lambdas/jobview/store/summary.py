"""Counts, the longest running jobs and the failures of the last day."""

from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from jobview.model import State, rfc3339
from jobview.store.change import DAY
from jobview.store.counters import counts
from jobview.store.retry import naming_busy
from jobview.store.table import BY_STATE, FAILED_TODAY, Row, Table, state_shards, string, text
from jobview.store.views import rows_by_id

NEWEST_FAILURES = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """What there is, what has run for long, and what failed."""

    counts: Mapping[tuple[str, str], Mapping[State, int]]
    """(service, type) → state → jobs; no zeros."""
    oldest_running: str | None
    """The view (JSON) of the RUNNING job that was created first."""
    failed: Mapping[tuple[str, str], Mapping[State, int]]
    """As ``counts``: FAILED and PARTIALLY_SUCCEEDED jobs that ended in the last 24 hours."""
    newest_failures: list[str]
    """Views (JSON) of up to ``NEWEST_FAILURES`` of them, last ended first."""


def summarise(table: Table, now: datetime) -> Summary:
    """Read the counters, the running jobs' partitions and the failures of the last 24 hours."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        counted = pool.submit(counts, table, now)
        running = pool.submit(_oldest, table, State.RUNNING)
        failures = _failures(table, now)
        failed: defaultdict[tuple[str, str], defaultdict[State, int]] = defaultdict(lambda: defaultdict(int))
        for row in failures:
            failed[text(row, "service"), text(row, "type")][State(text(row, "state"))] += 1
        newest = [_job_id(row) for row in failures[:NEWEST_FAILURES]]
        views = rows_by_id(table, newest, consistent=False)
        return Summary(
            counts=counted.result(),
            oldest_running=running.result(),
            failed={family: dict(failed[family]) for family in sorted(failed)},
            newest_failures=[text(views[job_id], "view") for job_id in newest if job_id in views],
        )


def _oldest(table: Table, state: State) -> str | None:
    rows: list[Row] = []
    for partition in state_shards(state):
        with naming_busy("Query of the oldest jobs"):
            answer = table.client.query(
                TableName=table.name,
                IndexName=BY_STATE,
                KeyConditionExpression="#partition = :partition",
                ExpressionAttributeNames={"#partition": "stateShard"},
                ExpressionAttributeValues={":partition": string(partition)},
                Limit=1,
            )
        rows += answer["Items"]
    oldest = min(rows, key=lambda row: text(row, "listKey"), default=None)
    return None if oldest is None else text(oldest, "view")


def _failures(table: Table, now: datetime) -> list[Row]:
    """The failures of the last 24 hours, last ended first."""
    since = rfc3339(now - DAY) or ""
    with ThreadPoolExecutor(max_workers=4) as pool:
        parts = pool.map(lambda partition: _failed_since(table, partition, since), state_shards(FAILED_TODAY))
        rows = [row for part in parts for row in part]
    return sorted(rows, key=lambda row: text(row, "listKey"), reverse=True)


def _failed_since(table: Table, partition: str, since: str) -> list[Row]:
    rows: list[Row] = []
    with naming_busy("Query of the last day's failures"):
        for page in table.client.get_paginator("query").paginate(
            TableName=table.name,
            IndexName=BY_STATE,
            KeyConditionExpression="#partition = :partition AND #listKey >= :since",
            ExpressionAttributeNames={"#partition": "stateShard", "#listKey": "listKey"},
            ExpressionAttributeValues={":partition": string(partition), ":since": string(since)},
        ):
            rows.extend(page["Items"])
    return rows


def _job_id(row: Row) -> str:
    return text(row, "listKey").partition("#")[2]
