"""Who is reading a source for a caller just now: an attribute of its coverage row that others wait for.

A claim says that a read has begun, and until when others wait for it. What is written of the source at the read's end
takes it away; the claim of an execution that died is over after ``CLAIM_SECONDS``. Nothing but work rests on it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from botocore.exceptions import ClientError

from jobview.model import Coverage, CoverageStatus, Source, Target, rfc3339
from jobview.store import coverage
from jobview.store.reservations import lane_partition
from jobview.store.retry import code_of, naming_busy
from jobview.store.table import EPOCH, MILLISECOND, Item, Row, Table, integer, maybe_integer, number, string, text

CLAIM_SECONDS = 10.0
"""Nobody waits longer for a read of somebody else: the next one reads too."""
ABSURD = timedelta(seconds=2 * CLAIM_SECONDS)
"""A claim that lasts longer from now on was made by a clock that is ahead, and nobody waits for it."""
_BATCH = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """What is known of a source, and who reads it."""

    row: Coverage
    taken: bool = False
    """This claim is the caller's: the read is its own."""

    def active(self, now: datetime) -> bool:
        """True while somebody else reads."""
        return not self.taken and is_active_claim(self.row.claimed_until, now)


def is_active_claim(until: datetime | None, now: datetime) -> bool:
    """True while a claim that is good until then keeps others waiting."""
    return until is not None and now < until <= now + ABSURD


def take(table: Table, source: Source, *, oldest: datetime) -> Claim:
    """Claim a source, from now on, unless it was read to the end in an attempt after ``oldest``.

    Where that is so, or somebody else has claimed it, the answer says so.
    """
    row, taken = take_row(table, coverage.key(source.id), coverage.of(source), oldest=oldest)
    return Claim(row=coverage.decode(row), taken=taken)


def take_row(table: Table, key: Item, fields: coverage.Fields, *, oldest: datetime) -> tuple[Row, bool]:
    """Claim the row with this key, and set the fields; the row, and whether it is claimed for the caller now.

    It is not where somebody else has claimed it, or where it has an attempt after ``oldest`` and is not ``stale``.
    """
    now = table.now()
    bounds = {"stale": CoverageStatus.STALE.value, "oldest": rfc3339(oldest), "absurd": rfc3339(now + ABSURD)}
    claimed = {"readSince": rfc3339(now), "readUntil": rfc3339(now + timedelta(seconds=CLAIM_SECONDS))}
    sets = {name: value for name, value in (fields | claimed).items() if value is not None}
    try:
        with naming_busy("UpdateItem of a claim"):
            answer = table.client.update_item(
                TableName=table.name,
                Key=key,
                UpdateExpression=f"SET {', '.join(f'#{name} = :{name}' for name in sets)}, "
                "#status = if_not_exists(#status, :stale)",
                ConditionExpression="(attribute_not_exists(#readUntil) OR #readUntil <= :readSince OR "
                "#readUntil > :absurd) AND "
                "(attribute_not_exists(#attemptedAt) OR #attemptedAt <= :oldest OR #status = :stale)",
                ExpressionAttributeNames={f"#{name}": name for name in (*sets, "status", "attemptedAt")},
                ExpressionAttributeValues={
                    f":{name}": number(value) if isinstance(value, int) else string(value or "")
                    for name, value in (sets | bounds).items()
                },
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
    except ClientError as error:
        if code_of(error) != "ConditionalCheckFailedException":
            raise
        stored: Row = error.response.get("Item", {})  # type: ignore[assignment]
        return stored, False
    return answer["Attributes"], True


def read(table: Table, source_ids: Iterable[str]) -> dict[str, Claim]:
    """The claims of sources, as of a moment ago."""
    ids = list(dict.fromkeys(source_ids))
    found: dict[str, Claim] = {}
    for start in range(0, len(ids), _BATCH):
        keys = [coverage.key(source_id) for source_id in ids[start : start + _BATCH]]
        with naming_busy("BatchGetItem of claims"):
            answer = table.client.batch_get_item(RequestItems={table.name: {"Keys": keys}})
        # What is left out is asked for again by the next check.
        found |= {
            text(row, "sk"): Claim(row=coverage.decode(row))
            for row in answer["Responses"].get(table.name, [])
            if "service" in row
        }
    return found


def lanes(table: Table, wanted: Iterable[tuple[str, Target]]) -> dict[tuple[str, Target], datetime]:
    """Of lanes that a refresh is reading, when it began."""
    named = {lane_partition(service, target): (service, target) for service, target in wanted}
    partitions, now = list(named), table.now()
    found: dict[tuple[str, Target], datetime] = {}
    for start in range(0, len(partitions), _BATCH):
        keys = [{"pk": string(each), "sk": string("LEASE")} for each in partitions[start : start + _BATCH]]
        with naming_busy("BatchGetItem of leases"):
            answer = table.client.batch_get_item(RequestItems={table.name: {"Keys": keys}})
        for row in answer["Responses"].get(table.name, []):
            since = maybe_integer(row, "since")
            if since is not None and EPOCH + integer(row, "until") * MILLISECOND > now:
                found[named[text(row, "pk")]] = EPOCH + since * MILLISECOND
    return found
