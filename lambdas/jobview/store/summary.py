"""Counts, the longest running jobs and the failures of the last day."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice

from jobview.model import State, rfc3339
from jobview.store import counters
from jobview.store.change import DAY
from jobview.store.retry import naming_busy
from jobview.store.table import BY_STATE, FAILED_TODAY, Row, Table, state_shards, string, text
from jobview.store.views import rows_by_id

NEWEST_FAILURES = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """Counts, the oldest running job, and the last failures."""

    counts: Mapping[tuple[str, str], Mapping[State, int]]
    """The number of jobs by (service, type) and state, without zeros."""
    oldest_running: str | None
    """The view (JSON) of the RUNNING job that was created first."""
    failed: Mapping[tuple[str, str], Mapping[State, int]]
    """The same for FAILED and PARTIALLY_SUCCEEDED jobs that ended in the last 24 hours."""
    newest_failures: list[str]
    """The views (JSON) of up to ``NEWEST_FAILURES`` of these, last ended first."""


def summarise(table: Table, now: datetime) -> Summary:
    """Read the counters, the running jobs' partitions and the failures of the last 24 hours."""
    since = rfc3339(now - DAY) or ""
    reads: dict[str, list[Callable[[], list[Row]]]] = {
        "counters": [partial(counters.read, table, partition) for partition in counters.partitions()],
        "running": [partial(_oldest, table, partition) for partition in state_shards(State.RUNNING)],
        "failures": [partial(_failed_since, table, partition, since) for partition in state_shards(FAILED_TODAY)],
    }
    parts = iter(table.at_once(lambda read: read(), [read for each in reads.values() for read in each]))
    rows = {what: [row for part in islice(parts, len(each)) for row in part] for what, each in reads.items()}
    failures = sorted(rows["failures"], key=_list_key, reverse=True)
    failed: defaultdict[tuple[str, str], defaultdict[State, int]] = defaultdict(lambda: defaultdict(int))
    for row in failures:
        failed[text(row, "service"), text(row, "type")][State(text(row, "state"))] += 1
    newest = [_job_id(row) for row in failures[:NEWEST_FAILURES]]
    views = rows_by_id(table, newest, consistent=False)
    oldest = min(rows["running"], key=_list_key, default=None)
    return Summary(
        counts=counters.counts(rows["counters"], now),
        oldest_running=None if oldest is None else text(oldest, "view"),
        failed={family: dict(failed[family]) for family in sorted(failed)},
        newest_failures=[text(views[job_id], "view") for job_id in newest if job_id in views],
    )


def _oldest(table: Table, partition: str) -> list[Row]:
    """The job of a partition that was created first."""
    with naming_busy("Query of the oldest jobs"):
        answer = table.client.query(
            TableName=table.name,
            IndexName=BY_STATE,
            KeyConditionExpression="#partition = :partition",
            ExpressionAttributeNames={"#partition": "stateShard"},
            ExpressionAttributeValues={":partition": string(partition)},
            Limit=1,
        )
    return [*answer["Items"]]


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


def _list_key(row: Row) -> str:
    return text(row, "listKey")


def _job_id(row: Row) -> str:
    return _list_key(row).partition("#")[2]
