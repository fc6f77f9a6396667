"""The queries that answer a list with its filters."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime

from jobview.model import TERMINAL_STATES, JobFilter, State, rfc3339
from jobview.store.paging import Chunk
from jobview.store.retry import naming_busy
from jobview.store.table import (
    BY_STATE,
    NEWEST,
    Item,
    Table,
    ceil_milliseconds,
    list_shards,
    number,
    state_shards,
    string,
    text,
)

_POSITION = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#[A-Za-z0-9\-._~:]+", re.ASCII)
_LONGEST_POSITION = 1024
"""The most bytes of a sort key in DynamoDB."""
_IN_LIMIT = 100
_FIRST, _LAST = "0", "~"


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """A query: the index, its partitions, the bounds of the keys, and the filter."""

    index: str
    attribute: str
    partitions: tuple[str, ...]
    lower: str
    """The smallest list key that matches."""
    upper: str
    """All matching list keys are smaller than this."""
    selective: bool
    """True where the query also reads items that do not match."""
    expression: str
    names: dict[str, str] = field(default_factory=dict)
    values: Item = field(default_factory=dict)


def is_position(text: str) -> bool:
    """True for a possible value of ``Page.next``."""
    return len(text) <= _LONGEST_POSITION and _POSITION.fullmatch(text) is not None


def plan(wanted: JobFilter, after: str | None, now: datetime) -> Plan:
    """Choose the index and write the filter.

    States have their own partitions, which are read unless all terminal states are wanted: then nearly every job
    matches, and the few partitions of all jobs cost less.
    """
    states = _states(wanted)
    by_state = states is not None and not states >= TERMINAL_STATES
    partitions = list_shards()
    if states is not None and by_state:
        partitions = tuple(one for state in State if state in states for one in state_shards(state))
    where = _Filter()
    where.add("(attribute_not_exists({expiresAt}) OR {expiresAt} > :now)", "expiresAt")
    where.values[":now"] = number(int(now.timestamp()))
    where.one_of("service", wanted.services)
    where.one_of("type", wanted.types)
    where.one_of("account", wanted.accounts)
    where.one_of("region", wanted.regions)
    if states is not None and not by_state:
        where.one_of("state", states)
    where.compare("parent", "=", wanted.parent)
    where.compare("name", "=", wanted.name)
    where.compare("changed", ">=", _bound(wanted.updated_after))
    where.compare("changed", "<", _bound(wanted.updated_before))
    where.compare("changedAt", ">=", _bound(wanted.changed_after))
    where.compare("changedAt", "<", _bound(wanted.changed_before))
    bounds = [bound for bound in (_bound(wanted.created_before), after) if bound is not None]
    return Plan(
        index=BY_STATE if by_state else NEWEST,
        attribute="stateShard" if by_state else "listShard",
        partitions=partitions,
        lower=_bound(wanted.created_after) or _FIRST,
        upper=min(bounds, default=_LAST),
        selective=len(where.conditions) > 1,
        expression=" AND ".join(where.conditions),
        names=where.names,
        values=where.values,
    )


def fetcher(table: Table, plan_: Plan) -> Callable[[str, str, int], Chunk]:
    """Return a function that reads a chunk of a partition: ``(partition, list keys below, most items)`` → ``Chunk``."""

    def fetch(partition: str, below: str, limit: int) -> Chunk:
        with naming_busy("Query of the list"):
            answer = table.client.query(
                TableName=table.name,
                IndexName=plan_.index,
                KeyConditionExpression="#partition = :partition AND #listKey BETWEEN :lower AND :below",
                FilterExpression=plan_.expression,
                ProjectionExpression="#listKey, #view",
                ExpressionAttributeNames={
                    **plan_.names,
                    "#partition": plan_.attribute,
                    "#listKey": "listKey",
                    "#view": "view",
                },
                ExpressionAttributeValues={
                    **plan_.values,
                    ":partition": string(partition),
                    ":lower": string(plan_.lower),
                    ":below": string(below),
                },
                ScanIndexForward=False,
                Limit=limit,
            )
        rows = [(text(row, "listKey"), text(row, "view")) for row in answer["Items"]]
        last = answer.get("LastEvaluatedKey")
        return Chunk(
            rows=[row for row in rows if row[0] < below],  # BETWEEN includes its upper bound
            position=None if last is None else text(last, "listKey"),
        )

    return fetch


class _Filter:
    """Builds a filter expression. Every attribute gets an alias, because its name may be a reserved word."""

    def __init__(self) -> None:
        self.conditions: list[str] = []
        self.names: dict[str, str] = {}
        self.values: Item = {}

    def add(self, condition: str, attribute: str) -> None:
        self.names[f"#{attribute}"] = attribute
        self.conditions.append(condition.format(**{attribute: f"#{attribute}"}))

    def compare(self, attribute: str, operator: str, value: str | None) -> None:
        if value is not None:
            self.add(f"{{{attribute}}} {operator} {self._value(value)}", attribute)

    def one_of(self, attribute: str, wanted: Collection[str]) -> None:
        if not wanted:
            return
        holders = [self._value(str(value)) for value in sorted(wanted)]
        lists = [holders[start : start + _IN_LIMIT] for start in range(0, len(holders), _IN_LIMIT)]
        self.add("(" + " OR ".join(f"{{{attribute}}} IN ({', '.join(one)})" for one in lists) + ")", attribute)

    def _value(self, value: str) -> str:
        holder = f":v{len(self.values)}"
        self.values[holder] = string(value)
        return holder


def _states(wanted: JobFilter) -> frozenset[State] | None:
    """The states that match; ``None`` for all."""
    if wanted.terminal is None:
        return wanted.states or None
    ends = TERMINAL_STATES if wanted.terminal else frozenset(State) - TERMINAL_STATES
    return wanted.states & ends if wanted.states else ends


def _bound(moment: datetime | None) -> str | None:
    return None if moment is None else rfc3339(ceil_milliseconds(moment))
