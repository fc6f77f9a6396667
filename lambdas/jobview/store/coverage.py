"""Coverage rows: the result of each source's last read, and the time of its next one.

The rows of a lane (one service in one target) are in one of a few fixed partitions, sorted by source id. The id begins
with the service, so a few queries read a lane, a service or everything.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from botocore.exceptions import ClientError

from jobview.model import (
    CadenceKind,
    Coverage,
    CoverageStatus,
    Cursor,
    Parent,
    ReadError,
    Schedule,
    Source,
    SourceKind,
    Target,
    UnreadableValue,
    parse_time,
    rfc3339,
)
from jobview.model.jobid import JobKey
from jobview.store.retry import code_of, naming_busy
from jobview.store.table import (
    COVERAGE_SHARDS,
    DUE_SHARDS,
    Item,
    Row,
    Table,
    due_shards,
    integer,
    maybe_integer,
    maybe_text,
    number,
    shard,
    string,
    text,
)

Fields: TypeAlias = dict[str, str | int | None]
"""The attributes of a row; ``None`` removes an attribute."""

_CONDITIONAL = ("attemptedAt", "asOf", "cadence", "due", "service", "wokenAt")
_MOST_LANES = 32


def with_staleness(row: Coverage, now: datetime, limit: timedelta) -> Coverage:
    """Return the row with the status ``stale`` if its complete read is overdue by more than ``limit``.

    Other statuses stay. A row without a schedule is measured by its last complete read.
    """
    if row.status is not CoverageStatus.COMPLETE:
        return row
    expected = row.as_of if row.schedule is None else row.schedule.complete_by
    if row.as_of is not None and expected is not None and expected >= now - limit:
        return row
    return replace(row, status=CoverageStatus.STALE)


def put(table: Table, rows: Iterable[Coverage]) -> None:
    """Write rows; see ``Store.put_coverage``."""
    table.at_once(lambda row: _put(table, row), list(rows))


def forget(table: Table, source_ids: Iterable[str]) -> None:
    """Remove the rows of sources that do not exist any more."""

    def delete(source_id: str) -> None:
        with naming_busy("DeleteItem of a coverage row"):
            table.client.delete_item(TableName=table.name, Key=key(source_id))

    table.at_once(delete, list(source_ids))


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
    found = [decode(row) for rows in table.at_once(lambda part: _query(table, *part), parts) for row in rows]
    wanted = [
        row
        for row in found
        if (services is None or row.source.service in services) and (targets is None or row.source.target in targets)
    ]
    return sorted(wanted, key=lambda row: row.source.id)


def wake(table: Table, source_id: str, *, at: datetime, seconds: int) -> bool:
    """Make a source due at ``at``, unless it is due before; ``False`` where it is unknown, or never read again.

    A read that is running at that moment does not postpone the next read.
    """
    moment = rfc3339(at) or ""
    woken: Fields = {"wokenAt": moment}
    sooner = woken | {"cadence": CadenceKind.ACTIVE.value, "cadenceSeconds": seconds, **_due(source_id, at)}
    return _update(table, source_id, sooner, "#due > :bound", moment) or _update(
        table, source_id, woken, "attribute_exists(#due) AND #due <= :bound", moment
    )


def expect(table: Table, sources: Iterable[Source], *, at: datetime) -> int:
    """Make sources due at ``at`` that are not on the schedule; return their number."""

    def add(source: Source) -> bool:
        fields = of(source) | {
            "status": CoverageStatus.STALE.value,
            **_scheduled(source.id, Schedule(kind=CadenceKind.NEW, seconds=None, due=at, complete_by=at)),
        }
        return _update(table, source.id, fields, "attribute_not_exists(#due) AND attribute_not_exists(#cadence)", "")

    return sum(table.at_once(add, list(sources)))


def dismiss(table: Table, sources: Iterable[Source]) -> None:
    """Take sources off the schedule. Their coverage stays."""

    def take_off(source: Source) -> None:
        nothing: Fields = dict.fromkeys(_scheduled(source.id, None))
        _update(table, source.id, nothing, "attribute_exists(#cadence)", "")

    table.at_once(take_off, list(sources))


def _put(table: Table, row: Coverage) -> None:
    """Write a row unless a later attempt is stored. The time of the last complete read is kept in any case."""
    source, attempted = row.source, rfc3339(row.attempted_at or row.as_of)
    fields = of(source) | {
        "status": row.status.value,
        "attemptedAt": attempted,
        "error": None if row.error is None else json.dumps(row.error.to_dict(), ensure_ascii=False),
        "warnings": json.dumps([warning.to_dict() for warning in row.warnings]) if row.warnings else None,
        # Executions that wait for the read find its result here.
        "readSince": None,
        "readUntil": None,
    }
    if row.as_of is not None:
        fields |= {"asOf": rfc3339(row.as_of), "jobs": row.jobs}
    if row.schedule is not None:
        fields |= _scheduled(source.id, row.schedule)
    if attempted is None:
        _update(table, source.id, fields, None, "")
        return
    newest = "(attribute_not_exists(#attemptedAt) OR #attemptedAt <= :bound)"
    asleep = f"{newest} AND (attribute_not_exists(#wokenAt) OR #wokenAt < :bound)"
    if row.schedule is None or row.schedule.due is None:
        written = _update(table, source.id, fields, newest, attempted)
    else:
        # An event during this read may be about a change that the read did not see.
        written = _update(table, source.id, fields, asleep, attempted) or _update(
            table, source.id, fields | _due(source.id, row.attempted_at or row.schedule.due), newest, attempted
        )
    if not written and row.as_of is not None:
        late: Fields = {"asOf": fields["asOf"], "jobs": row.jobs}
        known = "attribute_exists(#service) AND (attribute_not_exists(#asOf) OR #asOf < :bound)"
        _update(table, source.id, late, known, str(fields["asOf"]))


def of(source: Source) -> Fields:
    """The attributes that identify a source."""
    return {
        "service": source.service,
        "type": source.type,
        "account": source.target.account,
        "region": source.target.region,
        "kind": source.kind.value,
        "parents": json.dumps([parent.to_dict() for parent in source.parents], ensure_ascii=False),
    }


def _scheduled(source_id: str, schedule: Schedule | None) -> Fields:
    """The attributes of a schedule; ``None``: all of them empty."""
    if schedule is None:
        schedule = Schedule(kind=CadenceKind.NEW, seconds=None, due=None)
    return {
        "cadence": schedule.kind.value,
        "cadenceSeconds": schedule.seconds,
        "completeBy": rfc3339(schedule.complete_by),
        "sweepDue": rfc3339(schedule.full_sync_due),
        "pages": schedule.pages,
        "fingerprints": " ".join(schedule.fingerprints) or None,
        "cursor": None if schedule.cursor is None else json.dumps(schedule.cursor.to_dict()),
        "used": 1 if schedule.used else None,
        **_due(source_id, schedule.due),
    }


def _due(source_id: str, moment: datetime | None) -> Fields:
    due = rfc3339(moment)
    return {
        "due": due,
        "outstandingOf": None if due is None else due_shards()[shard(_lane(source_id), DUE_SHARDS)],
        "outstandingKey": None if due is None else f"{due}#{source_id}",
    }


def _update(table: Table, source_id: str, fields: Fields, condition: str | None, bound: str) -> bool:
    return update(table, key(source_id), fields, condition, bound, what="a coverage row")


def update(table: Table, row: Item, fields: Fields, condition: str | None, bound: str, *, what: str) -> bool:
    """Set the fields of the row with this key; remove the fields that are ``None``.

    ``False`` where the condition, which may use ``:bound``, does not hold.
    """
    sets = [name for name, value in fields.items() if value is not None]
    removes = [name for name, value in fields.items() if value is None]
    expression = ("SET " + ", ".join(f"#{name} = :{name}" for name in sets)) if sets else ""
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
        if ":bound" in condition:
            values[":bound"] = string(bound)
        names |= {f"#{name}": name for name in _CONDITIONAL if f"#{name}" in condition}
    if values:
        extra["ExpressionAttributeValues"] = values
    try:
        with naming_busy(f"UpdateItem of {what}"):
            table.client.update_item(
                TableName=table.name,
                Key=row,
                UpdateExpression=expression,
                ExpressionAttributeNames=names,
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


def decode(row: Row) -> Coverage:
    """A coverage row."""
    error = maybe_text(row, "error")
    warnings = json.loads(maybe_text(row, "warnings") or "[]")
    return Coverage(
        source=Source(
            service=text(row, "service"),
            type=text(row, "type"),
            target=Target(account=text(row, "account"), region=text(row, "region")),
            parents=_parents(row),
            kind=_kind(row),
        ),
        status=CoverageStatus(text(row, "status")),
        attempted_at=parse_time(maybe_text(row, "attemptedAt")),
        as_of=parse_time(maybe_text(row, "asOf")),
        jobs=maybe_integer(row, "jobs"),
        error=None if error is None else ReadError.from_dict(json.loads(error)),
        warnings=tuple(UnreadableValue.from_dict(warning) for warning in warnings),
        schedule=_schedule(row),
        claimed_until=parse_time(maybe_text(row, "readUntil")),
    )


def _parents(row: Row) -> tuple[Parent, ...]:
    written, id_ = maybe_text(row, "parents"), maybe_text(row, "parentId")
    if written is not None:
        return tuple(Parent(type=each["type"], id=each["id"]) for each in json.loads(written))
    # Rows of an earlier version have one parent or none.
    return () if id_ is None else (Parent(type=text(row, "parentType"), id=id_),)


def _kind(row: Row) -> SourceKind:
    written = maybe_text(row, "kind")
    if written is not None:
        return SourceKind(written)
    # Rows of an earlier version show it only by their cadence.
    searched = maybe_text(row, "cadence") == CadenceKind.DISCOVERY
    return SourceKind.DISCOVERY if searched else SourceKind.JOBS


def _schedule(row: Row) -> Schedule | None:
    kind, cursor = maybe_text(row, "cadence"), maybe_text(row, "cursor")
    if kind is None:
        return None
    return Schedule(
        kind=CadenceKind(kind),
        seconds=maybe_integer(row, "cadenceSeconds"),
        due=parse_time(maybe_text(row, "due")),
        complete_by=parse_time(maybe_text(row, "completeBy")),
        full_sync_due=parse_time(maybe_text(row, "sweepDue")),
        pages=integer(row, "pages"),
        fingerprints=tuple((maybe_text(row, "fingerprints") or "").split()),
        cursor=None if cursor is None else Cursor.from_dict(json.loads(cursor)),
        # Rows of an earlier version show it only by the number of jobs.
        used=maybe_integer(row, "used") == 1 or (maybe_integer(row, "jobs") or 0) > 0,
    )


def key(source_id: str) -> Item:
    """The primary key of a source's row."""
    return {"pk": string(_partition(_lane(source_id))), "sk": string(source_id)}


def _lane(source_id: str) -> str:
    return ":".join(source_id.split(":")[:3])


def _partition(lane: str) -> str:
    return f"COVERAGE#{shard(lane, COVERAGE_SHARDS)}"
