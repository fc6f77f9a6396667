"""A change of one job, and its writes."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from jobview.model import JobView, State, StoredJob, Transition
from jobview.store import transitions
from jobview.store.counters import Counted
from jobview.store.retention import Retention, end_of
from jobview.store.table import (
    FAILED_TODAY,
    STATE_SHARDS,
    Item,
    Row,
    encode,
    integer,
    list_key,
    maybe_integer,
    number,
    partition,
    shard,
    state_shards,
    string,
)

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

BAD_ENDS = frozenset({State.FAILED, State.PARTIALLY_SUCCEEDED})
"""The states that count as "failed in the last 24 hours"."""
DAY = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """The result of a merge: the job before, the job after, and the transition if there is one."""

    before: StoredJob | None
    after: StoredJob
    transition: Transition | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Saved:
    """The result of a save."""

    written: Sequence[Change]
    """The written changes. If a job had expired, its history continues with the next number and generation."""
    lost: Sequence[Change]
    """The changes that lost a race: the stored job is no longer ``before``."""


@dataclass(kw_only=True, slots=True)
class Pending:
    """A change that is being saved, adapted to the stored item."""

    original: Change
    """The caller's change, which is returned if it loses a race."""
    expires_before: int | None
    """The expiry of the stored item, which decides in which counter it is counted."""
    change: Change = field(init=False)
    """The change to write. Its transition may have a higher number than the original's."""

    def __post_init__(self) -> None:
        self.change = self.original

    @property
    def job_id(self) -> str:
        """The job's id."""
        return self.original.after.view.id

    def counted(self, retention: Retention) -> tuple[Counted | None, Counted]:
        """The counters of the job before and after."""
        before = self.change.before
        return (
            None if before is None else _counted(before.view, self.expires_before),
            _counted(self.change.after.view, retention.expires_at(self.change.after.view)),
        )

    def item(self, retention: Retention) -> Item:
        """The view's item."""
        return encode(self.change.after, retention.expires_at(self.change.after.view))

    def actions(self, table: str, retention: Retention, now: datetime) -> "list[TransactWriteItemTypeDef]":
        """The writes: the view's first, then the transition's, then the failure of the day's."""
        change = self.change
        condition, values = self._condition(now)
        found: list[TransactWriteItemTypeDef] = [
            {
                "Put": {
                    "TableName": table,
                    "Item": self.item(retention),
                    "ConditionExpression": condition,
                    "ExpressionAttributeNames": _names(condition),
                    "ExpressionAttributeValues": values,
                    "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                }
            }
        ]
        if change.transition is not None:
            expires = retention.transition_expires_at(change.transition)
            found.append(
                {
                    "Put": {
                        "TableName": table,
                        "Item": transitions.encode(change.transition, expires),
                        "ConditionExpression": "attribute_not_exists(#pk)",
                        "ExpressionAttributeNames": {"#pk": "pk"},
                    }
                }
            )
        before = None if change.before is None else failure_of_the_day(change.before.view, now)
        after = failure_of_the_day(change.after.view, now)
        if after is not None and after != before:
            found.append({"Put": {"TableName": table, "Item": after}})
        elif before is not None and after is None:
            found.append({"Delete": {"TableName": table, "Key": {"pk": before["pk"], "sk": before["sk"]}}})
        return found

    def _condition(self, now: datetime) -> tuple[str, Item]:
        if self.change.before is None:
            return "attribute_not_exists(#pk) OR #expiresAt <= :now", {":now": number(int(now.timestamp()))}
        values: Item = {":revision": number(self.change.before.revision)}
        if self.expires_before is None:
            return "#revision = :revision AND attribute_not_exists(#expiresAt)", values
        return (
            "#revision = :revision AND #expiresAt = :expires",
            {**values, ":expires": number(self.expires_before)},
        )

    def is_written(self, stored: Row) -> bool:
        """True when the stored item is this change's own: an earlier attempt succeeded."""
        wanted = encode(self.change.after, None)
        return {name: dict(value) for name, value in stored.items() if name != "expiresAt"} == wanted

    def learns_expiry(self, stored: Row) -> bool:
        """Adopt the expiry of the stored item if only that differs, because the retention was changed."""
        before, expires = self.change.before, maybe_integer(stored, "expiresAt")
        if before is None or integer(stored, "revision") != before.revision or expires == self.expires_before:
            return False
        self.expires_before = expires
        return True

    def follow(self, last: Transition | None) -> None:
        """Continue the job's history after its last transition.

        An end that is past the retention is not stored again. So a job that expired and comes back was started again:
        it is the generation after the last one.
        """
        if last is None:
            return
        anew = self.change.before is None and last.state.terminal
        generation = max(self.change.after.view.generation, last.generation + anew)
        after, transition = self.change.after, self.change.transition
        self.change = replace(
            self.change,
            after=replace(after, transitions=last.number + 1, view=replace(after.view, generation=generation)),
            transition=None
            if transition is None
            else replace(transition, number=last.number + 1, generation=generation),
        )


def failure_of_the_day(view: JobView, now: datetime) -> Item | None:
    """The row that lists a failure of the last day by its end."""
    if view.state not in BAD_ENDS:
        return None
    end = end_of(view)
    if end <= now - DAY:
        return None
    return {
        "pk": string(partition(view.id)),
        "sk": string("FAILED"),
        "stateShard": string(state_shards(FAILED_TODAY)[shard(view.id, STATE_SHARDS)]),
        "listKey": string(list_key(end, view.id)),
        "service": string(view.key.service),
        "type": string(view.key.type),
        "state": string(view.state),
        "expiresAt": number(int((end + DAY).timestamp()) + 1),
    }


def _counted(view: JobView, expires_at: int | None) -> Counted:
    return Counted(service=view.key.service, type=view.key.type, state=view.state, expires_at=expires_at)


def _names(condition: str) -> dict[str, str]:
    return {f"#{name}": name for name in ("pk", "expiresAt", "revision") if f"#{name}" in condition}
