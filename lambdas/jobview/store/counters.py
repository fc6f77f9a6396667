"""Counts of jobs by service, type and state, updated in the transactions that write the views.

A counter row counts the jobs that expire on the same day, and expires with them. Jobs that do not expire are counted
in the row ``open``. So the counts disappear with the jobs, without a stream or clean-up, and stay exact. A row's number
may be negative, because a job may be added in one shard and subtracted in another: only sums over the shards are
meaningful.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from jobview.model import State
from jobview.store.retry import naming_busy
from jobview.store.table import COUNT_SHARDS, Item, Row, Table, expired, number, string, text

OPEN = "open"


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """The properties by which a job is counted."""

    service: str
    type: str
    state: State
    expires_at: int | None

    @property
    def bucket(self) -> "Bucket":
        """The job's counter row, without its shard."""
        return Bucket(service=self.service, type=self.type, expires_at=self.expires_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class Bucket:
    """The counter of a family's jobs that expire at the same moment."""

    service: str
    type: str
    expires_at: int | None

    @property
    def sort_key(self) -> str:
        """``omics#reference-import#2027-12-31``, with the first day on which the jobs are gone."""
        day = OPEN
        if self.expires_at is not None:
            day = datetime.fromtimestamp(self.expires_at, UTC).date().isoformat()
        return f"{self.service}#{self.type}#{day}"


class Deltas:
    """The changes of the counts in one transaction."""

    def __init__(self) -> None:
        self._changes: defaultdict[Bucket, defaultdict[State, int]] = defaultdict(lambda: defaultdict(int))

    def count(self, before: Counted | None, after: Counted | None) -> None:
        """Move a job from its old counter to its new one; ``None``: it had none, or is gone."""
        if before is not None:
            self._changes[before.bucket][before.state] -= 1
        if after is not None:
            self._changes[after.bucket][after.state] += 1

    def rows(self) -> dict[Bucket, dict[State, int]]:
        """The counter rows to write, with the number to add to each. Rows without a change are left out."""
        rows = {
            bucket: {state: change for state, change in states.items() if change}
            for bucket, states in self._changes.items()
        }
        return {bucket: states for bucket, states in rows.items() if states}


@dataclass(frozen=True, kw_only=True, slots=True)
class CounterUpdate:
    """One counter row's part in a transaction."""

    key: Item
    expression: str
    names: dict[str, str]
    values: Item


def updates(deltas: Deltas, shard: int) -> list[CounterUpdate]:
    """The counter rows that a transaction updates, in one shard."""
    found = []
    for bucket, states in deltas.rows().items():
        names = {f"#{state}": state.value for state in states}
        values: Item = {f":{state}": number(change) for state, change in states.items()}
        expression = "ADD " + ", ".join(f"#{state} :{state}" for state in states)
        if bucket.expires_at is not None:
            names["#expiresAt"], values[":expiresAt"] = "expiresAt", number(bucket.expires_at)
            expression = f"SET #expiresAt = :expiresAt {expression}"
        key: Item = {"pk": string(f"COUNT#{shard % COUNT_SHARDS}"), "sk": string(bucket.sort_key)}
        found.append(CounterUpdate(key=key, expression=expression, names=names, values=values))
    return found


def partitions() -> tuple[str, ...]:
    """The partitions of the counters."""
    return tuple(f"COUNT#{shard}" for shard in range(COUNT_SHARDS))


def counts(all_rows: Iterable[Row], now: datetime) -> dict[tuple[str, str], dict[State, int]]:
    """The numbers of jobs by family (service, type) and state, without zeros, from the rows of all partitions."""
    rows = [row for row in all_rows if not expired(row, now)]
    sums: defaultdict[tuple[str, str], defaultdict[State, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        service, type_, _ = text(row, "sk").split("#")
        for state, value in _numbers(row).items():
            sums[service, type_][state] += value
    positive = {
        family: {state: states[state] for state in State if states[state]} for family, states in sorted(sums.items())
    }
    return {family: states for family, states in positive.items() if states}


def read(table: Table, partition: str) -> list[Row]:
    """The rows of one partition."""
    rows: list[Row] = []
    with naming_busy("Query of the counters"):
        for page in table.client.get_paginator("query").paginate(
            TableName=table.name,
            KeyConditionExpression="#pk = :pk",
            ExpressionAttributeNames={"#pk": "pk"},
            ExpressionAttributeValues={":pk": string(partition)},
        ):
            rows.extend(page["Items"])
    return rows


def _numbers(row: Row) -> Mapping[State, int]:
    return {state: int(str(row[state.value]["N"])) for state in State if state.value in row}
