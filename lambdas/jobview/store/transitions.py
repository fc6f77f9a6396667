"""The history of a job: one row for each change of its state, in the job's own partition."""

from jobview.model import State, Transition, Via, require_time, rfc3339
from jobview.store.retry import naming_busy
from jobview.store.table import Item, Row, Table, integer, maybe_text, number, partition, string, text

_PREFIX = "T#"


def sort_key(number_: int) -> str:
    """The sort key of a transition; text order is the order of numbers."""
    return f"{_PREFIX}{number_:010d}"


def encode(transition: Transition, expires_at: int | None) -> Item:
    """A transition as an item."""
    item: Item = {
        "pk": string(partition(transition.job_id)),
        "sk": string(sort_key(transition.number)),
        "jobId": string(transition.job_id),
        "number": number(transition.number),
        "state": string(transition.state),
        "nativeStatus": string(transition.native_status),
        "changedAt": string(rfc3339(transition.changed_at) or ""),
        "observedAt": string(rfc3339(transition.observed_at) or ""),
        "via": string(transition.via),
        "generation": number(transition.generation),
    }
    if transition.previous_state is not None:
        item["previousState"] = string(transition.previous_state)
    if transition.reason is not None:
        item["reason"] = string(transition.reason)
    if expires_at is not None:
        item["expiresAt"] = number(expires_at)
    return item


def decode(row: Row) -> Transition:
    """The reverse of ``encode``."""
    previous = maybe_text(row, "previousState")
    return Transition(
        job_id=text(row, "jobId"),
        number=integer(row, "number"),
        previous_state=None if previous is None else State(previous),
        state=State(text(row, "state")),
        native_status=text(row, "nativeStatus"),
        reason=maybe_text(row, "reason"),
        changed_at=require_time(text(row, "changedAt")),
        observed_at=require_time(text(row, "observedAt")),
        via=Via(text(row, "via")),
        generation=integer(row, "generation", 1),
    )


def read(table: Table, job_id: str, *, limit: int, after: int | None) -> tuple[list[Transition], int | None]:
    """Up to ``limit`` transitions after number ``after``, oldest first, and the next page's ``after``."""
    found: list[Transition] = []
    position = after or 0
    while True:
        with naming_busy("Query of the transitions"):
            answer = table.client.query(
                TableName=table.name,
                KeyConditionExpression="#pk = :pk AND #sk BETWEEN :from AND :to",
                FilterExpression="attribute_not_exists(#expiresAt) OR #expiresAt > :now",
                ExpressionAttributeNames={"#pk": "pk", "#sk": "sk", "#expiresAt": "expiresAt"},
                ExpressionAttributeValues={
                    ":pk": string(partition(job_id)),
                    ":from": string(sort_key(position + 1)),
                    ":to": string(f"{_PREFIX}~"),
                    ":now": number(int(table.now().timestamp())),
                },
                Limit=limit + 1 - len(found),
            )
        found.extend(decode(row) for row in answer["Items"])
        last = answer.get("LastEvaluatedKey")
        if len(found) > limit:
            return found[:limit], found[limit - 1].number
        if last is None:
            return found, None
        position = int(str(last["sk"]["S"]).removeprefix(_PREFIX))


def last(table: Table, job_id: str) -> Transition | None:
    """The job's last transition, expired or not; ``None`` where there is none."""
    with naming_busy("Query of the transitions"):
        answer = table.client.query(
            TableName=table.name,
            KeyConditionExpression="#pk = :pk AND begins_with(#sk, :prefix)",
            ExpressionAttributeNames={"#pk": "pk", "#sk": "sk"},
            ExpressionAttributeValues={":pk": string(partition(job_id)), ":prefix": string(_PREFIX)},
            ConsistentRead=True,
            ScanIndexForward=False,
            Limit=1,
        )
    return decode(answer["Items"][0]) if answer["Items"] else None
