"""The mark of the families and targets that the schedule was last made for.

It is one row, so that a run of the plan needs only one read to see that nothing has changed.
"""

from datetime import datetime

from jobview.model import rfc3339
from jobview.store.retry import naming_busy
from jobview.store.table import Item, Table, maybe_text, string

_KEY: Item = {"pk": string("WATCH"), "sk": string("WATCH")}


def read(table: Table) -> tuple[str | None, str | None]:
    """The last mark and its time (RFC 3339)."""
    with naming_busy("GetItem of the schedule's mark"):
        row = table.client.get_item(TableName=table.name, Key=_KEY, ConsistentRead=True).get("Item", {})
    return maybe_text(row, "mark"), maybe_text(row, "markedAt")


def write(table: Table, mark: str, at: datetime) -> None:
    """Store a mark."""
    with naming_busy("PutItem of the schedule's mark"):
        table.client.put_item(
            TableName=table.name, Item={**_KEY, "mark": string(mark), "markedAt": string(rfc3339(at) or "")}
        )
