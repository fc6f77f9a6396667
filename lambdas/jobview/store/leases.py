"""Leases of lanes: while one execution reads a lane, no other one begins to.

Without a lease two deliveries of one message would do the same work twice. A lease has no other purpose:
``reservations`` protect the quotas, and the merge makes any overlap harmless. So a wrong clock only costs work.
"""

from datetime import datetime

from botocore.exceptions import ClientError

from jobview.model import Target
from jobview.store.reservations import lane_partition
from jobview.store.retry import code_of, naming_busy
from jobview.store.table import Item, Table, milliseconds, number, string


def take(table: Table, service: str, target: Target, *, holder: str, until: datetime) -> bool:
    """Take the lane until ``until``; ``False`` where another holder has it."""
    return _write(
        table,
        service,
        target,
        "SET #holder = :holder, #since = :now, #until = :until, #expiresAt = :expires",
        "attribute_not_exists(#until) OR #until <= :now OR #holder = :holder",
        {
            ":holder": string(holder),
            ":until": number(milliseconds(until)),
            ":now": number(milliseconds(table.now())),
            ":expires": number(int(until.timestamp()) + 1),
        },
    )


def release(table: Table, service: str, target: Target, *, holder: str) -> bool:
    """End the lease; ``False`` where the holder does not have it any more."""
    values: Item = {":holder": string(holder)}
    return _write(table, service, target, "REMOVE #holder, #since, #until", "#holder = :holder", values)


def _write(table: Table, service: str, target: Target, expression: str, condition: str, values: Item) -> bool:
    named = [name for name in ("holder", "since", "until", "expiresAt") if f"#{name}" in expression + condition]
    try:
        with naming_busy("UpdateItem of a lease"):
            table.client.update_item(
                TableName=table.name,
                Key={"pk": string(lane_partition(service, target)), "sk": string("LEASE")},
                UpdateExpression=expression,
                ConditionExpression=condition,
                ExpressionAttributeNames={f"#{name}": name for name in named},
                ExpressionAttributeValues=values,
            )
    except ClientError as error:
        if code_of(error) == "ConditionalCheckFailedException":
            return False
        raise
    return True
