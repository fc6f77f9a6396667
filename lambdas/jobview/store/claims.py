"""Claims: attributes of a source's coverage row that say that somebody is reading the source for a caller.

A claim has the start of the read, and the time until which others wait for it. Writing the coverage at the end of the
read removes it. If the execution dies, the claim ends after ``CLAIM_SECONDS``. Claims only save work: without them
sources would be read twice, but correctly.
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
"""The longest wait for another execution's read. After it the source is read here too."""
ABSURD = timedelta(seconds=2 * CLAIM_SECONDS)
"""A claim that lasts longer than this comes from a clock that is ahead. Nobody waits for it."""
_BATCH = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """A source's coverage, and the claim of its read."""

    row: Coverage
    taken: bool = False
    """True where the caller has the claim and must read the source."""

    def active(self, now: datetime) -> bool:
        """True while somebody else is reading."""
        return not self.taken and is_active_claim(self.row.claimed_until, now)


def is_active_claim(until: datetime | None, now: datetime) -> bool:
    """True while others wait for a claim that is valid until this time."""
    return until is not None and now < until <= now + ABSURD


def take(table: Table, source: Source, *, oldest: datetime) -> Claim:
    """Claim a source, unless it was completely read in an attempt after ``oldest``, or somebody else has claimed it.

    The result says whether the claim was taken.
    """
    row, taken = take_row(table, coverage.key(source.id), coverage.of(source), oldest=oldest)
    return Claim(row=coverage.decode(row), taken=taken)


def take_row(table: Table, key: Item, fields: coverage.Fields, *, oldest: datetime) -> tuple[Row, bool]:
    """Claim the row with this key, and set the fields. Return the row, and whether the caller has the claim.

    The claim fails where somebody else has it, or where the row has an attempt after ``oldest`` and is not ``stale``.
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
    """The claims of sources; the result may lack the last writes."""
    ids = list(dict.fromkeys(source_ids))
    found: dict[str, Claim] = {}
    for start in range(0, len(ids), _BATCH):
        keys = [coverage.key(source_id) for source_id in ids[start : start + _BATCH]]
        with naming_busy("BatchGetItem of claims"):
            answer = table.client.batch_get_item(RequestItems={table.name: {"Keys": keys}})
        # The next check asks again for keys that DynamoDB left out.
        found |= {
            text(row, "sk"): Claim(row=coverage.decode(row))
            for row in answer["Responses"].get(table.name, [])
            if "service" in row
        }
    return found


def lanes(table: Table, wanted: Iterable[tuple[str, Target]]) -> dict[tuple[str, Target], datetime]:
    """The start of the refresh for each lane that is being refreshed."""
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
