"""Reads views by id, and stores the attempts to read their item-level results."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from jobview.model import StoredJob, rfc3339
from jobview.store.retry import ATTEMPTS, StoreBusyError, code_of, naming_busy, pause
from jobview.store.table import Item, Row, Table, decode, expired, number, partition, string, text, view_key

_BATCH = 100


def get(table: Table, job_id: str, *, consistent: bool) -> StoredJob | None:
    """One job, or ``None`` where it is not stored or has expired."""
    with naming_busy("GetItem"):
        answer = table.client.get_item(TableName=table.name, Key=view_key(job_id), ConsistentRead=consistent)
    row = answer.get("Item")
    return None if row is None or expired(row, table.now()) else decode(row)


def get_many(table: Table, job_ids: Iterable[str], *, consistent: bool) -> dict[str, StoredJob]:
    """The jobs that are stored and have not expired, by id."""
    rows = rows_by_id(table, job_ids, consistent=consistent)
    return {job_id: decode(row) for job_id, row in rows.items()}


def rows_by_id(table: Table, job_ids: Iterable[str], *, consistent: bool) -> dict[str, Row]:
    """The items of jobs that are stored and have not expired, by id."""
    ids = list(dict.fromkeys(job_ids))
    batches = [ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH)]
    found: dict[str, Row] = {}
    for rows in table.at_once(lambda batch: _batch(table, batch, consistent=consistent), batches):
        found.update(rows)
    return found


def _batch(table: Table, ids: list[str], *, consistent: bool) -> dict[str, Row]:
    keys: Sequence[Mapping[str, Any]] = [view_key(job_id) for job_id in ids]
    found: dict[str, Row] = {}
    now = table.now()
    for attempt in range(1, ATTEMPTS + 1):
        with naming_busy("BatchGetItem"):
            answer = table.client.batch_get_item(
                RequestItems={table.name: {"Keys": keys, "ConsistentRead": consistent}}
            )
        for row in answer["Responses"].get(table.name, []):
            if not expired(row, now):
                found[text(row, "pk").removeprefix(partition(""))] = row
        left = answer.get("UnprocessedKeys", {}).get(table.name)
        if not left:
            return found
        keys = left["Keys"]
        table.sleep(pause(attempt))
    raise StoreBusyError("UnprocessedKeys", f"{len(keys)} of {len(ids)} jobs could not be read")


def touch_items(table: Table, job_id: str, *, revision: int, attempts: int, after: datetime | None) -> bool:
    """Store an attempt to read a job's item-level results; ``False`` where the job has changed meanwhile."""
    expression = "SET #attempts = :attempts " + ("REMOVE #after" if after is None else ", #after = :after")
    values: Item = {":attempts": number(attempts), ":revision": number(revision)}
    if after is not None:
        values[":after"] = string(rfc3339(after) or "")
    try:
        with naming_busy("UpdateItem"):
            table.client.update_item(
                TableName=table.name,
                Key=view_key(job_id),
                UpdateExpression=expression,
                ConditionExpression="#revision = :revision",
                ExpressionAttributeNames={
                    "#attempts": "itemsAttempts",
                    "#after": "itemsAfter",
                    "#revision": "revision",
                },
                ExpressionAttributeValues=values,
            )
    except ClientError as error:
        if code_of(error) == "ConditionalCheckFailedException":
            return False
        raise
    return True
