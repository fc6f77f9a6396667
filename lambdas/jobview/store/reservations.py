"""Reservations of AWS's quotas, shared by all executions of all functions.

Each quota has a row with the next free moment at which a call may begin. A caller moves it forward with one conditional
write, and owns the moments in between. No moment is reserved twice, even if its owner dies.
"""

import math
from datetime import datetime, timedelta

from botocore.exceptions import ClientError

from jobview.model import Target
from jobview.model.jobid import JobKey
from jobview.store.retry import code_of, naming_busy
from jobview.store.table import (
    EPOCH,
    MILLISECOND,
    Item,
    Table,
    ceil_milliseconds,
    integer,
    milliseconds,
    number,
    string,
)

LONGEST = timedelta(minutes=6)
"""The longest wait for a reserved moment."""
ABSURD = timedelta(minutes=30)
"""A moment further ahead comes from a badly wrong clock, and is replaced. This is longer than the longest wait plus the
difference of two clocks that are ten minutes off in opposite directions: such clocks can still share a quota."""
KEPT = timedelta(days=1)
"""The row of an unused quota expires after this time."""

_TRIES = 4


class SharedReservations:
    """Implements ``aws.rate_limiter.Reservations`` with the table that all executions share."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def reserve(
        self, service: str, target: Target, quota: str, *, spacing: timedelta, calls: int, latest: datetime
    ) -> datetime | None:
        """Reserve moments and return the first; ``None`` where it would be after ``latest``.

        Raises
        ------
        StoreBusyError
            DynamoDB throttled.
        """
        table, now = self._table, self._table.now()
        steps = math.ceil(calls * spacing / MILLISECOND)
        # Not before now, with the same precision as the stored moment.
        moment, last = milliseconds(ceil_milliseconds(now)), milliseconds(min(latest, now + LONGEST))
        key: Item = {"pk": string(lane_partition(service, target)), "sk": string(f"TURNS#{quota}")}
        for _ in range(_TRIES):
            if _set(table, key, moment, moment + steps, milliseconds(now + ABSURD)):
                return _moment(moment)
            first = _add(table, key, moment, steps, last)
            if first is not None:
                return _moment(first)
            if _free_later(table, key, moment):
                return None
            # The stored moment has passed meanwhile.
        return None


def lane_partition(service: str, target: Target) -> str:
    """The partition of a lane."""
    return f"LANE#{JobKey.join(service, target.region, target.account)}"


def _set(table: Table, key: Item, moment: int, free: int, absurd: int) -> bool:
    """Reserve from now on, if all reserved moments have passed."""
    return (
        _update(
            table,
            key,
            "SET #free = :free, #expiresAt = :expires",
            "attribute_not_exists(#free) OR #free <= :now OR #free > :absurd",
            {":free": number(free), ":now": number(moment), ":absurd": number(absurd)},
        )
        is not None
    )


def _add(table: Table, key: Item, moment: int, steps: int, last: int) -> int | None:
    """Reserve after the reserved moments; return the first new moment."""
    after = _update(
        table,
        key,
        "SET #free = #free + :steps, #expiresAt = :expires",
        "#free > :now AND #free <= :last",
        {":steps": number(steps), ":now": number(moment), ":last": number(last)},
    )
    return None if after is None else after - steps


def _free_later(table: Table, key: Item, moment: int) -> bool:
    """True where the next free moment is in the future, and therefore too late."""
    with naming_busy("GetItem of reservations"):
        row = table.client.get_item(TableName=table.name, Key=key, ConsistentRead=True).get("Item", {})
    return integer(row, "free") > moment


def _update(table: Table, key: Item, expression: str, condition: str, values: Item) -> int | None:
    """The stored moment after the update; ``None`` where the condition does not hold."""
    expires = int((table.now() + KEPT).timestamp())
    try:
        with naming_busy("UpdateItem of reservations"):
            answer = table.client.update_item(
                TableName=table.name,
                Key=key,
                UpdateExpression=expression,
                ConditionExpression=condition,
                ExpressionAttributeNames={"#free": "free", "#expiresAt": "expiresAt"},
                ExpressionAttributeValues={**values, ":expires": number(expires)},
                ReturnValues="UPDATED_NEW",
            )
    except ClientError as error:
        if code_of(error) == "ConditionalCheckFailedException":
            return None
        raise
    return integer(answer["Attributes"], "free")


def _moment(milliseconds: int) -> datetime:
    return EPOCH + milliseconds * MILLISECOND
