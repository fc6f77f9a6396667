"""Saves changes: views, transitions and counts in one transaction, many jobs at a time."""

import random
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from jobview.store import transitions
from jobview.store.change import Change, Pending, Saved
from jobview.store.counters import Bucket, Deltas, updates
from jobview.store.retention import Retention
from jobview.store.retry import ATTEMPTS, BUSY, StoreBusyError, code_of, pause
from jobview.store.table import COUNT_SHARDS, Table, weight

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

_MOST_ACTIONS = 100
_MOST_BYTES = 3_500_000
_MOST_ITEM_BYTES = 400_000
_ACTIONS_A_JOB = 3
_CONTENDED = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
_CONDITION = "ConditionalCheckFailed"
_RETRIED = _CONTENDED | {_CONDITION}


class OversizedJobError(ValueError):
    """Some views are too large for a DynamoDB item; all other changes were saved. ``job_ids`` names them."""

    def __init__(self, job_ids: Sequence[str]) -> None:
        super().__init__(f"too large to store: {', '.join(job_ids)}")
        self.job_ids = tuple(job_ids)


def save(table: Table, retention: Retention, changes: Sequence[Change]) -> Saved:
    """Write changes; see ``Store.save``."""
    ids = [change.after.view.id for change in changes]
    if len(set(ids)) < len(ids):
        raise ValueError("a job may change only once in one save")
    pending = [
        Pending(
            original=change,
            expires_before=None if change.before is None else retention.expires_at(change.before.view),
        )
        for change in changes
    ]
    batches, oversized = _batches(pending, retention)
    lost: list[Change] = []
    if batches:
        first = random.randrange(COUNT_SHARDS)  # noqa: S311 (spreads writes, keeps no secret)
        writers = [
            partial(_Transaction(table=table, retention=retention, shard=first + index).write, batch)
            for index, batch in enumerate(batches)
        ]
        lost = [change for beaten in table.at_once(lambda write: write(), writers) for change in beaten]
    if oversized:
        raise OversizedJobError([one.job_id for one in oversized])
    losers = {change.after.view.id for change in lost}
    return Saved(written=[one.change for one in pending if one.job_id not in losers], lost=lost)


def _batches(pending: Sequence[Pending], retention: Retention) -> tuple[list[list[Pending]], list[Pending]]:
    """Split the changes into transactions as large as DynamoDB allows; also return the changes that fit in none."""
    batches: list[list[Pending]] = []
    oversized: list[Pending] = []
    buckets: set[Bucket] = set()
    size = actions = 0
    for one in pending:
        bytes_ = weight(one.item(retention))
        if bytes_ > _MOST_ITEM_BYTES:
            oversized.append(one)
            continue
        before, after = one.counted(retention)
        touched = {after.bucket} if before is None else {before.bucket, after.bucket}
        full = actions + _ACTIONS_A_JOB + len(buckets | touched) > _MOST_ACTIONS or size + bytes_ > _MOST_BYTES
        if full or not batches:
            batches.append([])
            buckets, size, actions = set(), 0, 0
        batches[-1].append(one)
        buckets |= touched
        size += bytes_
        actions += _ACTIONS_A_JOB if one.change.transition is not None else _ACTIONS_A_JOB - 1
    return batches, oversized


@dataclass(kw_only=True, slots=True)
class _Transaction:
    """Writes one batch: all of it, or all but the changes that lost a race."""

    table: Table
    retention: Retention
    shard: int
    """The shard of the counters. Each conflict changes it, because most conflicts are about counters."""

    def write(self, pending: list[Pending]) -> list[Change]:
        """Write a batch; returns the changes that lost."""
        lost: list[Change] = []
        attempt = 0
        while pending:
            actions, owners = self._actions(pending)
            reasons = self._send(actions)
            if not reasons:
                break
            codes = {str(reason.get("Code")) for reason in reasons}
            losers, done = self._judge(reasons, owners)
            lost += losers
            pending = [one for one in pending if one.job_id not in done]
            if codes & _CONTENDED or not done:
                attempt += 1
                self._wait(attempt, min(codes & _CONTENDED, default=_CONDITION))
        return lost

    def _actions(self, pending: Sequence[Pending]) -> "tuple[list[TransactWriteItemTypeDef], list[Pending]]":
        """The transaction's actions, and the job of each. Counters come last and belong to no job."""
        actions: list[TransactWriteItemTypeDef] = []
        owners: list[Pending] = []
        deltas = Deltas()
        now = self.table.now()
        for one in pending:
            own = one.actions(self.table.name, self.retention, now)
            actions += own
            owners += [one] * len(own)
            deltas.count(*one.counted(self.retention))
        for update in updates(deltas, self.shard):
            actions.append(
                {
                    "Update": {
                        "TableName": self.table.name,
                        "Key": update.key,
                        "UpdateExpression": update.expression,
                        "ExpressionAttributeNames": update.names,
                        "ExpressionAttributeValues": update.values,
                    }
                }
            )
        return actions, owners

    def _send(self, actions: "Sequence[TransactWriteItemTypeDef]") -> Sequence[Mapping[str, Any]]:
        """Send the transaction; return the reasons for a cancellation, empty if it was not cancelled.

        The token makes a retry harmless when the first attempt succeeded and its answer was lost.
        """
        token = str(uuid.uuid4())
        attempt = 0
        while True:
            try:
                self.table.client.transact_write_items(TransactItems=actions, ClientRequestToken=token)
            except ClientError as error:
                reasons: Sequence[Mapping[str, Any]] = error.response.get("CancellationReasons", [])
                if any(reason.get("Code") in _RETRIED for reason in reasons):
                    return reasons
                if code_of(error) not in BUSY:
                    raise
                attempt += 1
                self._wait(attempt, code_of(error))
            else:
                return ()

    def _wait(self, attempt: int, code: str) -> None:
        if attempt >= ATTEMPTS:
            raise StoreBusyError(code, "TransactWriteItems")
        self.table.sleep(pause(attempt))
        if code in _CONTENDED:
            self.shard += 1

    def _judge(self, reasons: Sequence[Mapping[str, Any]], owners: Sequence[Pending]) -> tuple[list[Change], set[str]]:
        """The changes that lost, and the ids of those that need no retry (lost, or already written)."""
        lost: list[Change] = []
        done: set[str] = set()
        for position, (reason, one) in enumerate(zip(reasons, owners, strict=False)):
            if reason.get("Code") != _CONDITION or one.job_id in done:
                continue
            about_view = position == 0 or owners[position - 1] is not one
            stored = reason.get("Item")
            if not about_view:
                one.follow(transitions.last(self.table, one.job_id))
            elif stored and one.is_written(stored):
                done.add(one.job_id)
            elif not (stored and one.learns_expiry(stored)):
                lost.append(one.original)
                done.add(one.job_id)
        return lost, done
