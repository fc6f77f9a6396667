"""Erasing one job: every item of its partition, and its place in the counts."""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from jobview.store.counters import Counted, Deltas, updates
from jobview.store.retry import ATTEMPTS, BUSY, StoreBusyError, code_of, naming_busy, pause
from jobview.store.table import COUNT_SHARDS, Table, decode, maybe_integer, number, partition, shard, string, view_key

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

_RETRIED = {*BUSY, "TransactionCanceledException"}


def erase(table: Table, job_id: str) -> int:
    """Delete a job's view, its history, its failure of the day and its live read; return how many items there were.

    The view goes together with its place in the counts, and out of every index. What writes the job at the same moment
    is waited for; what writes it later stores it anew, with a history that begins at 1.

    Raises ``StoreBusyError`` where something is left: erase again.
    """
    erased = _erase_view(table, job_id)
    with naming_busy(f"Erasing {job_id}"):
        pages = table.client.get_paginator("query").paginate(
            TableName=table.name,
            ConsistentRead=True,
            KeyConditionExpression="#pk = :pk",
            ProjectionExpression="#pk, #sk",
            ExpressionAttributeNames={"#pk": "pk", "#sk": "sk"},
            ExpressionAttributeValues={":pk": string(partition(job_id))},
        )
        for key in [row for page in pages for row in page["Items"]]:
            table.client.delete_item(TableName=table.name, Key=key)
            erased += 1
    return erased


def _erase_view(table: Table, job_id: str) -> int:
    """Delete the view and count it off in one transaction; 0 where there is none."""
    code = ""
    for attempt in range(ATTEMPTS):
        if attempt:
            table.sleep(pause(attempt))
        try:
            row = table.client.get_item(TableName=table.name, Key=view_key(job_id), ConsistentRead=True).get("Item")
            if row is None:
                return 0
            table.client.transact_write_items(TransactItems=_actions(table, job_id, row))
        except ClientError as error:
            code = code_of(error)
            if code not in _RETRIED:
                raise
        else:
            return 1
    raise StoreBusyError(code, f"Erasing {job_id}")


def _actions(table: Table, job_id: str, row: Any) -> "list[TransactWriteItemTypeDef]":
    view, expires_at = decode(row).view, maybe_integer(row, "expiresAt")
    deltas = Deltas()
    deltas.count(Counted(service=view.key.service, type=view.key.type, state=view.state, expires_at=expires_at), None)
    condition, names = "#revision = :revision AND attribute_not_exists(#expiresAt)", {"#revision": "revision"}
    values = {":revision": row["revision"]}
    if expires_at is not None:
        condition, values[":expiresAt"] = "#revision = :revision AND #expiresAt = :expiresAt", number(expires_at)
    found: list[TransactWriteItemTypeDef] = [
        {
            "Delete": {
                "TableName": table.name,
                "Key": view_key(job_id),
                "ConditionExpression": condition,
                "ExpressionAttributeNames": names | {"#expiresAt": "expiresAt"},
                "ExpressionAttributeValues": values,
            }
        }
    ]
    found += [
        {
            "Update": {
                "TableName": table.name,
                "Key": update.key,
                "UpdateExpression": update.expression,
                "ExpressionAttributeNames": update.names,
                "ExpressionAttributeValues": update.values,
            }
        }
        for update in updates(deltas, shard(job_id, COUNT_SHARDS))
    ]
    return found
