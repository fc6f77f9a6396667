"""The table's layout: keys, indexes, attributes, and the conversion between a job and its item.

=====================  ==========================  =======================================================
row                    pk                          sk
=====================  ==========================  =======================================================
job view               ``JOB#<id>``                ``VIEW``
transition             ``JOB#<id>``                ``T#<number, ten digits>``
failure of the day     ``JOB#<id>``                ``FAILED``
live read of a job     ``JOB#<id>``                ``READ``
counters               ``COUNT#<0..7>``            ``<service>#<type>#<day of expiry, or open>``
coverage of a source   ``COVERAGE#<0..7>``         ``<source id>``
reservations           ``LANE#<lane>``             ``TURNS#<quota>``
lease of a lane        ``LANE#<lane>``             ``LEASE``
the schedule's mark    ``WATCH``                   ``WATCH``
=====================  ==========================  =======================================================

Index ``newest`` (``listShard``, ``listKey``) has every view. Index ``byState`` (``stateShard``, ``listKey``) has every
view under its state, and the failures of the day by their end. ``listKey`` is ``<time>#<job id>``, with the time in RFC
3339 with milliseconds.

Index ``outstanding`` (``outstandingOf``, ``outstandingKey``) has pending work, keys only: sources by their next read
(``DUE#<0..7>``, ``<time>#<source id>``), and the jobs of a source that have not ended (``OPEN#<source id>``,
``<job id>``) or whose end is in doubt (``<job id>!``).

A view whose id has a digest instead of a long part also has ``nativeId`` and ``parentIds``, so that the job can be read
from AWS.
"""

import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from jobview.model import FACTS, Depth, JobView, State, StoredJob, require_time, rfc3339

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")

AT_ONCE = 8
"""The number of requests that one store runs at once. Callers on other threads come in addition."""

NEWEST = "newest"
BY_STATE = "byState"
PENDING_WORK = "outstanding"
"""The name of the index of pending work in deployed tables."""
LIST_SHARDS = 8
STATE_SHARDS = 4
COUNT_SHARDS = 8
COVERAGE_SHARDS = 8
DUE_SHARDS = 8
FAILED_TODAY = "FAILED-TODAY"
ENDED = "!"
"""Follows the id of a job in the index of pending work whose end is in doubt. No id contains this character."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)

Item: TypeAlias = dict[str, dict[str, str]]
"""An item to write: attributes with ``{"S": text}`` or ``{"N": digits}``."""
Row: TypeAlias = Mapping[str, Mapping[str, object]]
"""An item that was read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """The table, with its client, clock and threads."""

    client: "DynamoDBClient"
    name: str
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(AT_ONCE), repr=False)
    """The threads for all concurrent requests of the store."""

    def at_once(self, work: Callable[[_Task], _Result], tasks: Sequence[_Task]) -> list[_Result]:
        """Run ``work`` on each task and return the results in order. ``work`` must not call this method.

        Raises
        ------
        BaseException
            The exception of the first task that failed, after all have ended.
        """
        if len(tasks) <= 1:
            return [work(task) for task in tasks]
        futures = [self.threads.submit(work, task) for task in tasks]
        wait(futures)
        return [future.result() for future in futures]


def shard(text: str, shards: int) -> int:
    """The shard of an id: always the same one, in any process."""
    return zlib.crc32(text.encode()) % shards


def string(value: str) -> dict[str, str]:
    """A string attribute."""
    return {"S": value}


def number(value: int) -> dict[str, str]:
    """A number attribute."""
    return {"N": str(value)}


def text(row: Row, name: str) -> str:
    """A required string attribute."""
    return str(row[name]["S"])


def maybe_text(row: Row, name: str) -> str | None:
    """A string attribute, or ``None``."""
    return text(row, name) if name in row else None


def integer(row: Row, name: str, default: int = 0) -> int:
    """A number attribute."""
    return int(str(row[name]["N"])) if name in row else default


def maybe_integer(row: Row, name: str) -> int | None:
    """A number attribute, or ``None``."""
    return integer(row, name) if name in row else None


def expired(row: Row, now: datetime) -> bool:
    """True for an item that has expired and that DynamoDB has not yet removed."""
    expires = maybe_integer(row, "expiresAt")
    return expires is not None and expires <= now.timestamp()


def partition(job_id: str) -> str:
    """The partition of a job: its view, its transitions."""
    return f"JOB#{job_id}"


def view_key(job_id: str) -> Item:
    """The primary key of a job's view."""
    return {"pk": string(partition(job_id)), "sk": string("VIEW")}


def list_key(moment: datetime, job_id: str) -> str:
    """The sort key of both indexes; text order is time order."""
    return f"{rfc3339(moment)}#{job_id}"


def state_shards(state: str) -> tuple[str, ...]:
    """The partitions of ``byState`` for one state."""
    return tuple(f"{state}#{number_}" for number_ in range(STATE_SHARDS))


def list_shards() -> tuple[str, ...]:
    """The partitions of ``newest``."""
    return tuple(f"L{number_}" for number_ in range(LIST_SHARDS))


def due_shards() -> tuple[str, ...]:
    """The partitions of pending work with the sources by their next read."""
    return tuple(f"DUE#{number_}" for number_ in range(DUE_SHARDS))


def open_jobs(source_id: str) -> str:
    """The partition of pending work with a source's jobs that have not ended."""
    return f"OPEN#{source_id}"


def ceil_milliseconds(moment: datetime) -> datetime:
    """The first whole millisecond at or after a moment, for comparison with stored times."""
    rest = moment.microsecond % 1000
    return (moment + timedelta(microseconds=1000 - rest) if rest else moment).astimezone(UTC)


def milliseconds(moment: datetime) -> int:
    """Whole milliseconds since 1970."""
    return (moment - EPOCH) // MILLISECOND


def encode(job: StoredJob, expires_at: int | None) -> Item:
    """A job as an item."""
    view, job_id = job.view, job.view.id
    item: Item = {
        **view_key(job_id),
        "listShard": string(list_shards()[shard(job_id, LIST_SHARDS)]),
        "stateShard": string(state_shards(view.state)[shard(job_id, STATE_SHARDS)]),
        "listKey": string(list_key(job.listed_at, job_id)),
        "service": string(view.key.service),
        "type": string(view.key.type),
        "account": string(view.key.account),
        "region": string(view.key.region),
        "state": string(view.state),
        "changed": string(rfc3339(_changed(job)) or ""),
        "view": string(view.to_json()),
        "revision": number(job.revision),
        "depth": number(int(job.depth)),
        "generation": number(view.generation),
        "told": number(_mask(job.facts)),
        "transitions": number(job.transitions),
    }
    if job.open:
        item["outstandingOf"] = string(open_jobs(job_id.rpartition(":")[0]))
        item["outstandingKey"] = string(job_id + ENDED if view.state.terminal else job_id)
    completed = view.key.cut and view.key.exact and view.key.sendable
    texts = {
        "parent": None if view.parent is None else view.parent.id,
        "nativeId": view.key.native_id if completed else None,
        "parentIds": json.dumps(view.key.parents, ensure_ascii=False) if completed else None,
        "name": view.name,
        "summary": job.summary or None,
        "itemsAfter": rfc3339(job.items_after),
        "endSeenAt": rfc3339(job.end_seen_at),
        "changedAt": rfc3339(view.changed_at),
    }
    numbers = {
        "counter": job.counter,
        "itemsAttempts": job.items_attempts or None,
        "inferred": int(job.inferred) or None,
        "askAgain": int(job.ask_again) or None,
        "expiresAt": expires_at,
    }
    item |= {name: string(value) for name, value in texts.items() if value is not None}
    item |= {name: number(value) for name, value in numbers.items() if value is not None}
    return item


def decode(row: Row) -> StoredJob:
    """The reverse of ``encode``."""
    after, native_id = maybe_text(row, "itemsAfter"), maybe_text(row, "nativeId")
    view = JobView.from_json(text(row, "view"))
    if native_id is not None:
        view = replace(view, key=view.key.completed(json.loads(text(row, "parentIds")), native_id))
    end_seen = maybe_text(row, "endSeenAt")
    # Rows of an earlier version have the counter under "generation", and no doubts.
    counter = maybe_integer(row, "counter" if "told" in row else "generation")
    return StoredJob(
        view=view,
        depth=Depth(integer(row, "depth")),
        counter=counter,
        facts=_facts(integer(row, "told")),
        end_seen_at=None if end_seen is None else require_time(end_seen),
        inferred=bool(integer(row, "inferred")) or ("told" not in row and view.state is State.DELETED),
        ask_again=bool(integer(row, "askAgain")),
        summary=maybe_text(row, "summary") or "",
        revision=integer(row, "revision"),
        transitions=integer(row, "transitions"),
        listed_at=require_time(text(row, "listKey").partition("#")[0]),
        items_attempts=integer(row, "itemsAttempts"),
        items_after=None if after is None else require_time(after),
    )


def _mask(facts: frozenset[str]) -> int:
    """Facts as a number with one bit for each of ``FACTS``."""
    return sum(1 << place for place, name in enumerate(FACTS) if name in facts)


def _facts(mask: int) -> frozenset[str]:
    """The reverse of ``_mask``."""
    return frozenset(name for place, name in enumerate(FACTS) if mask >> place & 1)


def _changed(job: StoredJob) -> datetime:
    """The last change that the service reports, for ``updatedAfter`` and ``updatedBefore``."""
    view = job.view
    own = [moment for moment in (view.ended_at, view.started_at, view.created_at) if moment is not None]
    return view.updated_at or max(own, default=job.listed_at)


def weight(item: Item) -> int:
    """The size of an item in bytes as DynamoDB counts it, or a little more."""
    return sum(
        len(name) + len(value) if value.isascii() else len(name) + len(value.encode())
        for name, attribute in item.items()
        for value in attribute.values()
    )
