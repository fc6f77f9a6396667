"""Coverage rows: what is known of each source.

The rows of a lane (one service in one target) lie together in one of a few fixed partitions, sorted by source id, which
begins with the service; so a lane, a service or everything is read with a few queries.
"""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from jobview.jobid import JobKey
from jobview.model import (
    Coverage,
    CoverageStatus,
    Parent,
    ReadError,
    Source,
    Target,
    parse_time,
    rfc3339,
)
from jobview.store.retry import code_of, naming_busy
from jobview.store.table import (
    COVERAGE_SHARDS,
    Item,
    Row,
    Table,
    maybe_integer,
    maybe_text,
    number,
    shard,
    string,
    text,
)

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")

_AT_ONCE = 8
_MOST_LANES = 32


def with_staleness(row: Coverage, now: datetime, limit: timedelta) -> Coverage:
    """The row, ``stale`` where its last complete read is older than ``limit``; other statuses stay."""
    if row.status is not CoverageStatus.COMPLETE:
        return row
    if row.as_of is not None and row.as_of >= now - limit:
        return row
    return replace(row, status=CoverageStatus.STALE)


def put(table: Table, rows: Iterable[Coverage]) -> None:
    """Write rows; see ``Store.put_coverage``."""
    _at_once(lambda row: _put(table, row), list(rows))


def forget(table: Table, source_ids: Iterable[str]) -> None:
    """Remove the rows of sources that are no more."""

    def delete(source_id: str) -> None:
        with naming_busy("DeleteItem of a coverage row"):
            table.client.delete_item(TableName=table.name, Key=_key(source_id))

    _at_once(delete, list(source_ids))


def read(table: Table, services: Collection[str] | None, targets: Collection[Target] | None) -> list[Coverage]:
    """The rows of some services and targets (``None``: of all), by source id."""
    everywhere = [f"COVERAGE#{one}" for one in range(COVERAGE_SHARDS)]
    if services is not None and targets is not None and len(services) * len(targets) <= _MOST_LANES:
        lanes = [JobKey.join(service, target.region, target.account) for service in services for target in targets]
        parts = [(_partition(lane), f"{lane}:") for lane in lanes]
    elif services is not None and len(services) * COVERAGE_SHARDS <= _MOST_LANES:
        parts = [(partition, f"{JobKey.join(service)}:") for partition in everywhere for service in services]
    else:
        parts = [(partition, "") for partition in everywhere]
    found = [_decode(row) for rows in _at_once(lambda part: _query(table, *part), parts) for row in rows]
    wanted = [
        row
        for row in found
        if (services is None or row.source.service in services) and (targets is None or row.source.target in targets)
    ]
    return sorted(wanted, key=lambda row: row.source.id)


def _put(table: Table, row: Coverage) -> None:
    """Write a row unless a later attempt is stored; an earlier complete read is never forgotten."""
    source, attempted = row.source, rfc3339(row.attempted_at or row.as_of)
    fields: dict[str, str | int | None] = {
        "service": source.service,
        "type": source.type,
        "account": source.target.account,
        "region": source.target.region,
        "parentType": None if source.parent is None else source.parent.type,
        "parentId": None if source.parent is None else source.parent.id,
        "status": row.status.value,
        "attemptedAt": attempted,
        "error": None if row.error is None else json.dumps(row.error.to_dict(), ensure_ascii=False),
    }
    if row.as_of is not None:
        fields |= {"asOf": rfc3339(row.as_of), "jobs": row.jobs}
    if attempted is None:
        _update(table, source.id, fields, None, "")
        return
    newest = "attribute_not_exists(#attemptedAt) OR #attemptedAt <= :bound"
    if not _update(table, source.id, fields, newest, attempted) and row.as_of is not None:
        late: dict[str, str | int | None] = {"asOf": fields["asOf"], "jobs": row.jobs}
        known = "attribute_exists(#service) AND (attribute_not_exists(#asOf) OR #asOf < :bound)"
        _update(table, source.id, late, known, str(fields["asOf"]))


def _update(
    table: Table, source_id: str, fields: dict[str, str | int | None], condition: str | None, bound: str
) -> bool:
    """Set the fields, remove those that are ``None``; ``False`` where the condition does not hold."""
    sets = [name for name, value in fields.items() if value is not None]
    removes = [name for name, value in fields.items() if value is None]
    expression = "SET " + ", ".join(f"#{name} = :{name}" for name in sets)
    if removes:
        expression += " REMOVE " + ", ".join(f"#{name}" for name in removes)
    values: Item = {
        f":{name}": number(value) if isinstance(value, int) else string(value)
        for name, value in fields.items()
        if value is not None
    }
    names = {f"#{name}": name for name in fields}
    extra: dict[str, Any] = {}
    if condition is not None:
        extra["ConditionExpression"] = condition
        values[":bound"] = string(bound)
        names |= {f"#{name}": name for name in ("attemptedAt", "asOf", "service") if f"#{name}" in condition}
    try:
        with naming_busy("UpdateItem of a coverage row"):
            table.client.update_item(
                TableName=table.name,
                Key=_key(source_id),
                UpdateExpression=expression,
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=values,
                **extra,
            )
    except ClientError as error:
        if code_of(error) == "ConditionalCheckFailedException":
            return False
        raise
    return True


def _query(table: Table, partition: str, prefix: str) -> list[Row]:
    rows: list[Row] = []
    condition, values = "#pk = :pk", {":pk": string(partition)}
    names = {"#pk": "pk"}
    if prefix:
        condition += " AND begins_with(#sk, :prefix)"
        names["#sk"], values[":prefix"] = "sk", string(prefix)
    with naming_busy("Query of the coverage rows"):
        for page in table.client.get_paginator("query").paginate(
            TableName=table.name,
            KeyConditionExpression=condition,
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=values,
        ):
            rows.extend(page["Items"])
    return rows


def _decode(row: Row) -> Coverage:
    parent, error = maybe_text(row, "parentId"), maybe_text(row, "error")
    return Coverage(
        source=Source(
            service=text(row, "service"),
            type=text(row, "type"),
            target=Target(account=text(row, "account"), region=text(row, "region")),
            parent=None if parent is None else Parent(type=text(row, "parentType"), id=parent),
        ),
        status=CoverageStatus(text(row, "status")),
        attempted_at=parse_time(maybe_text(row, "attemptedAt")),
        as_of=parse_time(maybe_text(row, "asOf")),
        jobs=maybe_integer(row, "jobs"),
        error=None if error is None else ReadError.from_dict(json.loads(error)),
    )


def _key(source_id: str) -> Item:
    lane = ":".join(source_id.split(":")[:3])
    return {"pk": string(_partition(lane)), "sk": string(source_id)}


def _partition(lane: str) -> str:
    return f"COVERAGE#{shard(lane, COVERAGE_SHARDS)}"


def _at_once(work: Callable[[_Task], _Result], tasks: Sequence[_Task]) -> list[_Result]:
    if not tasks:
        return []
    with ThreadPoolExecutor(max_workers=min(_AT_ONCE, len(tasks))) as pool:
        return list(pool.map(work, tasks))
