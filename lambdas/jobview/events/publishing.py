"""Publishes the table's stream to the bus: every transition at least once, and each job's transitions in order.

If a transition cannot be published now, the result says so, and the caller passes it and all later records again. A
transition that can never be published (EventBridge calls it malformed, or the record is not a transition) goes to the
dead-letter queue. So it is not lost and does not block later ones.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from jobview.events.outgoing import DETAIL_TYPE, SOURCE, event, text
from jobview.model import Transition
from jobview.store import Store, decode_transition

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

ENTRIES = 10
"""The most entries that PutEvents accepts."""
REQUEST_BYTES = 256_000
"""The most bytes of all entries of a request together."""
TRIES = 3
"""How often entries are sent before the caller gets the error. Lambda then retries."""
FIRST_PAUSE_SECONDS = 0.2

_NEVER = frozenset({"MalformedDetail", "InvalidArgument", "ValidationException"})
"""EventBridge's error codes that a retry does not help against."""

Record = Mapping[str, Any]
"""A record of the table's stream, in Lambda's format."""


class EventBridge(Protocol):
    """The part of boto3's client that publishing needs."""

    def put_events(self, *, Entries: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:  # noqa: N803
        """PutEvents."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """The result for some records."""

    published: int
    dead: int
    """The number of records that went to the dead-letter queue."""
    resume: str | None = None
    """The sequence number of the first record that is not published. The caller passes it and all later ones again."""
    error: str | None = None
    """AWS's error code, the reason why records are left."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Waiting:
    record: Record
    job_id: str
    entry: Mapping[str, Any]
    size: int


class Publisher:
    """Publishes transitions.

    Parameters
    ----------
    events, bus
        The EventBridge client, and the bus's ARN, which is also the CloudEvents source.
    sqs, dead_letters
        The SQS client, and the dead-letter queue's URL.
    store
        Has the jobs' views.
    sleep
        Waits between attempts.
    """

    def __init__(
        self,
        *,
        events: EventBridge,
        bus: str,
        sqs: "SQSClient",
        dead_letters: str,
        store: Store,
        sleep: Callable[[float], None],
    ) -> None:
        self._events = events
        self._bus = bus
        self._sqs = sqs
        self._dead_letters = dead_letters
        self._store = store
        self._sleep = sleep

    def publish(self, records: Sequence[Record]) -> Published:
        """Publish the transitions of stream records, in order.

        The result reports a failure of the bus.

        Raises
        ------
        StoreBusyError, ClientError, BotoCoreError
            The views cannot be read, or a dead letter cannot be sent: the caller passes all records again.
        """
        dead = 0
        transitions: list[tuple[Record, Transition]] = []
        for record in records:
            try:
                transitions.append((record, decode_transition(record["dynamodb"]["NewImage"])))
            except (KeyError, TypeError, ValueError) as error:
                self._bury(record, f"not a transition: {type(error).__name__}")
                dead += 1
        # A consistent read, because the stream may be read within a second of the write.
        jobs = self._store.get_many([each.job_id for _, each in transitions], consistent=True)
        waiting: list[_Waiting] = []
        for record, transition in transitions:
            job = jobs.get(transition.job_id)
            try:
                detail = text(event(transition, None if job is None else job.view, origin=self._bus))
            except ValueError as error:
                self._bury(record, f"{type(error).__name__}: {error}")
                dead += 1
                continue
            waiting.append(self._waiting(record, transition, detail))
        published = 0
        for batch in _batches(waiting):
            sent = self._send(batch)
            published += sent.published
            dead += sent.dead
            if sent.resume is not None:
                return Published(published=published, dead=dead, resume=sent.resume, error=sent.error)
        return Published(published=published, dead=dead)

    def _waiting(self, record: Record, transition: Transition, detail: str) -> _Waiting:
        entry = {
            "EventBusName": self._bus,
            "Source": SOURCE,
            "DetailType": DETAIL_TYPE,
            "Time": transition.changed_at,
            "Detail": detail,
        }
        size = 14 + len(SOURCE) + len(DETAIL_TYPE) + len(detail.encode())  # as AWS counts; 14 is the time
        return _Waiting(record=record, job_id=transition.job_id, entry=entry, size=size)

    def _send(self, batch: Sequence[_Waiting]) -> Published:
        """Send until each entry is published or a dead letter, at most ``TRIES`` times."""
        dead, left, error = 0, list(batch), ""
        for attempt in range(TRIES):
            if attempt:
                self._sleep(FIRST_PAUSE_SECONDS * 2 ** (attempt - 1))
            codes = self._put(left)
            waiting: list[_Waiting] = []
            for each, code in zip(left, codes, strict=True):
                if code in _NEVER:
                    self._bury(each.record, f"EventBridge: {code}")
                    dead += 1
                elif code is not None:
                    waiting.append(each)
                    error = code
            left = waiting
            if not left:
                return Published(published=len(batch) - dead, dead=dead)
        return Published(
            published=len(batch) - dead - len(left), dead=dead, resume=_sequence(left[0].record), error=error
        )

    def _put(self, batch: Sequence[_Waiting]) -> list[str | None]:
        """The error code of each entry; ``None`` for an entry that EventBridge accepted."""
        try:
            answer = self._events.put_events(Entries=[each.entry for each in batch])
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            if code in _NEVER and len(batch) > 1:  # one bad entry fails the whole request
                return [code for each in batch for code in self._put([each])]
            return [code] * len(batch)
        except BotoCoreError as error:
            return [type(error).__name__] * len(batch)
        return [entry.get("ErrorCode") for entry in answer["Entries"]]

    def _bury(self, record: Record, reason: str) -> None:
        """Send a record to the dead-letter queue, in the format that the function accepts again."""
        body = json.dumps({"reason": reason, "Records": [record]}, default=str, ensure_ascii=False)
        self._sqs.send_message(QueueUrl=self._dead_letters, MessageBody=body)


def _batches(waiting: Sequence[_Waiting]) -> Iterator[list[_Waiting]]:
    """Split the entries into requests: within AWS's limits, and with each job at most once in a request.

    An entry may fail while a later one in the same request succeeds. With one transition of a job in a request, and one
    request after the other, a transition never overtakes an earlier one of its job.
    """
    batch: list[_Waiting] = []
    for each in waiting:
        full = len(batch) == ENTRIES or sum(one.size for one in batch) + each.size > REQUEST_BYTES
        if batch and (full or any(one.job_id == each.job_id for one in batch)):
            yield batch
            batch = []
        batch.append(each)
    if batch:
        yield batch


def _sequence(record: Record) -> str:
    return str(record["dynamodb"]["SequenceNumber"])
