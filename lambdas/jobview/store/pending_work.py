"""Queries of the index of pending work: sources that are due, and jobs that have not ended."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from jobview.model import rfc3339
from jobview.store.retry import naming_busy
from jobview.store.table import ENDED, PENDING_WORK, Item, Row, Table, due_shards, open_jobs, string, text


def due(table: Table, until: datetime, *, limit: int) -> list[tuple[str, str]]:
    """The ids of up to ``limit`` sources that are due by ``until``, each with its time; longest due first."""
    upper = f"{rfc3339(until)}~"
    parts = table.at_once(lambda shard: list(_keys(table, shard, upper, limit)), due_shards())
    found = sorted(key for part in parts for key in part)
    return [(source_id, moment) for moment, _, source_id in (key.partition("#") for key in found[:limit])]


def jobs(table: Table, source_id: str) -> Mapping[str, bool]:
    """The ids of the source's jobs that have not ended, or (true) whose end is in doubt. The last writes may lack."""
    keys = _keys(table, open_jobs(source_id), None, None)
    return {key.removesuffix(ENDED): key.endswith(ENDED) for key in keys}


def _keys(table: Table, partition: str, upper: str | None, limit: int | None) -> Iterator[str]:
    condition, names = "#of = :of", {"#of": "outstandingOf"}
    values: Item = {":of": string(partition)}
    if upper is not None:
        condition += " AND #key <= :upper"
        names["#key"], values[":upper"] = "outstandingKey", string(upper)
    with naming_busy("Query of pending work"):
        pages = table.client.get_paginator("query").paginate(
            TableName=table.name,
            IndexName=PENDING_WORK,
            KeyConditionExpression=condition,
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=values,
            PaginationConfig={} if limit is None else {"MaxItems": limit},
        )
        for page in pages:
            rows: list[Row] = [*page["Items"]]
            yield from (text(row, "outstandingKey") for row in rows)
