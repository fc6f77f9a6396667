"""The job view and the terms around it: state, target, observation, transition.

All of it is frozen data. Times are aware ``datetime`` in UTC; counts are whole numbers; ``None`` always means that the
service does not give the value.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any, Literal

from jobview.model.jobid import JobKey
from jobview.model.moments import parse_time, require_time, rfc3339
from jobview.model.partitions import partition


class State(StrEnum):
    """The normalised state of a job. New values may be added; clients should treat an unknown one as not terminal."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    CANCELLING = "CANCELLING"
    SUCCEEDED = "SUCCEEDED"
    PARTIALLY_SUCCEEDED = "PARTIALLY_SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    DELETED = "DELETED"
    UNKNOWN = "UNKNOWN"

    @property
    def terminal(self) -> bool:
        """True only for the states listed here; ``UNKNOWN`` is not terminal."""
        return self in TERMINAL_STATES


TERMINAL_STATES = frozenset({State.SUCCEEDED, State.PARTIALLY_SUCCEEDED, State.FAILED, State.CANCELLED, State.DELETED})


class Via(StrEnum):
    """How an observation was made."""

    LIST = "list"
    GET = "get"
    EVENT = "event"


class Depth(IntEnum):
    """How much of a job an observation read. Only a deeper observation may refine the end of a job."""

    SUMMARY = 1
    """A list item (or an event), where the family's get operation returns more."""
    DETAIL = 2
    """Everything that the service itself returns about the job."""
    ITEMS = 3
    """The item-level results as well, where they lie outside the service (a manifest in S3)."""


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Target:
    """One monitored account and region."""

    account: str
    region: str

    @property
    def partition(self) -> str:
        """The partition of the region, e.g. ``aws``."""
        return partition(self.region)


@dataclass(frozen=True, kw_only=True, slots=True)
class Parent:
    """A resource that has jobs: a data store, a queue, a job definition."""

    type: str
    id: str

    def to_dict(self) -> dict[str, str]:
        """The parent as the API shows it."""
        return {"type": self.type, "id": self.id}


@dataclass(frozen=True, kw_only=True, slots=True)
class Items:
    """The numbers of a job's items (files, records, sources …) by their outcome."""

    unit: str
    total: int | None = None
    succeeded: int | None = None
    failed: int | None = None
    skipped: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Failures:
    """Where a person can read the failed items; never a presigned URL."""

    how: str
    """A sentence that says what to call or open."""
    count: int | None = None
    uri: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class JobView:
    """One job of any service in one shape (the JSON of the API, see ``to_json``)."""

    key: JobKey
    state: State
    native_status: str
    observed_at: datetime
    via: Via
    name: str | None = None
    parents: tuple[Parent, ...] = ()
    """The job's parents, the farthest first."""
    reason: str | None = None
    verified: bool = False
    items: Items | None = None
    progress: int | None = None
    created_at: datetime | None = None
    started_at: datetime | None = None
    updated_at: datetime | None = None
    ended_at: datetime | None = None
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    failures: Failures | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    role: str | None = None
    console: str | None = None
    logs: str | None = None
    """The page of CloudWatch Logs with the job's log; ``None`` where its place is not known."""
    lists_items: Literal[True] | None = None
    """True where ``/v1/jobs/{id}/items`` lists the items; ``None`` where there are none, or that is not known yet."""
    gives_links: Literal[True] | None = None
    """True where ``/v1/links/{id}`` has links: the service signed some when the job was last got."""
    generation: int = 1
    """The number of this start under the same id, from 1 for the first one seen. Ids are reused, jobs are restarted."""
    changed_at: datetime | None = None
    """The time at which Jobview last saw the job change; ``None`` before it is stored."""

    @property
    def id(self) -> str:
        """The job's id: one URL path segment."""
        return str(self.key)

    @property
    def parent(self) -> Parent | None:
        """The nearest of the parents."""
        return self.parents[-1] if self.parents else None

    @property
    def duration_seconds(self) -> float | None:
        """Seconds from start (or creation) to the end; ``None`` before the end."""
        begin = self.started_at or self.created_at
        if begin is None or self.ended_at is None or self.ended_at < begin:
            return None
        return (self.ended_at - begin).total_seconds()

    def to_dict(self) -> dict[str, Any]:
        """The job view as the API shows it: camelCase, RFC 3339 UTC times, absent values as null.

        A link is included only where it leads to something: AWS has nothing to show for a deleted job.
        """
        there = self.state is not State.DELETED
        return {
            "id": self.id,
            "service": self.key.service,
            "type": self.key.type,
            "name": self.name,
            "parent": None if self.parent is None else self.parent.to_dict(),
            "parents": [parent.to_dict() for parent in self.parents],
            "account": self.key.account,
            "region": self.key.region,
            "generation": self.generation,
            "state": self.state.value,
            "terminal": self.state.terminal,
            "nativeStatus": self.native_status,
            "reason": self.reason,
            "verified": self.verified,
            "items": None
            if self.items is None
            else {
                "total": self.items.total,
                "succeeded": self.items.succeeded,
                "failed": self.items.failed,
                "skipped": self.items.skipped,
                "unit": self.items.unit,
            },
            "progress": self.progress,
            "createdAt": rfc3339(self.created_at),
            "startedAt": rfc3339(self.started_at),
            "updatedAt": rfc3339(self.updated_at),
            "endedAt": rfc3339(self.ended_at),
            "durationSeconds": self.duration_seconds,
            "inputs": list(self.inputs),
            "outputs": list(self.outputs),
            "failures": None
            if self.failures is None
            else {"count": self.failures.count, "uri": self.failures.uri, "how": self.failures.how},
            "tags": dict(self.tags),
            "role": self.role,
            "links": {
                "self": f"/v1/jobs/{self.id}",
                "console": self.console,
                "logs": self.logs,
                "transitions": f"/v1/jobs/{self.id}/transitions",
                "items": f"/v1/jobs/{self.id}/items" if self.lists_items and there else None,
                "data": f"/v1/links/{self.id}" if self.gives_links and there else None,
            },
            "changedAt": rfc3339(self.changed_at),
            "observedAt": rfc3339(self.observed_at),
            "via": self.via.value,
        }

    def to_json(self) -> str:
        """``to_dict`` as compact JSON. The store contains it, and the API sends it without parsing it."""
        return json.dumps(self.to_dict(), separators=(",", ":"), ensure_ascii=False)

    @staticmethod
    def from_json(text: str) -> "JobView":
        """The reverse of ``to_json``.

        Raises
        ------
        ValueError, KeyError
            The text is not a job view.
        """
        raw: dict[str, Any] = json.loads(text)
        items, failures, parent, links = raw["items"], raw["failures"], raw["parent"], raw["links"]
        # Views that an earlier version stored have only the nearest parent; no family had two then.
        parents = raw.get("parents", [] if parent is None else [parent])
        # Views from before ``data`` existed have a link to items even where there are none.
        led = links if "data" in links else {"items": None, "data": None}
        return JobView(
            key=JobKey.parse(raw["id"]),
            state=State(raw["state"]),
            native_status=raw["nativeStatus"],
            observed_at=require_time(raw["observedAt"]),
            via=Via(raw["via"]),
            name=raw["name"],
            parents=tuple(Parent(type=each["type"], id=each["id"]) for each in parents),
            reason=raw["reason"],
            verified=raw["verified"],
            items=None if items is None else Items(**items),
            progress=raw["progress"],
            created_at=parse_time(raw["createdAt"]),
            started_at=parse_time(raw["startedAt"]),
            updated_at=parse_time(raw["updatedAt"]),
            ended_at=parse_time(raw["endedAt"]),
            inputs=tuple(raw["inputs"]),
            outputs=tuple(raw["outputs"]),
            failures=None if failures is None else Failures(**failures),
            tags=raw["tags"],
            role=raw["role"],
            console=links["console"],
            logs=links.get("logs"),
            lists_items=None if led["items"] is None else True,
            gives_links=None if led["data"] is None else True,
            # Views that an earlier version stored have neither.
            generation=raw.get("generation", 1),
            changed_at=parse_time(raw.get("changedAt")),
        )


FACTS = (
    "name",
    "parents",
    "reason",
    "items",
    "progress",
    "created_at",
    "started_at",
    "updated_at",
    "ended_at",
    "inputs",
    "outputs",
    "failures",
    "tags",
    "role",
    "console",
    "lists_items",
    "gives_links",
    "logs",
)
"""The members of a view that a record may have or lack. Add new ones at the end: the store uses their positions."""

CONSISTENCY_WINDOW = timedelta(minutes=1)
"""How long a service may still return older data after newer data, unless a family declares another time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Observation:
    """The content of one read, or one event, about one job at one moment."""

    view: JobView
    depth: Depth
    counter: int | None = None
    """The service's own count of starts under this id (a Step Functions redrive); ``None`` where it has none."""
    facts: frozenset[str] = frozenset()
    """The ``FACTS`` that the record's shape has. If such a fact is empty, it is really empty; others are unknown."""
    authoritative: bool = False
    """True for the answer to a get, and for the list of a family without a get. It decides in case of doubt."""
    inferred: bool = False
    """True where no record was read: the job is considered deleted, because AWS does not have it."""
    after_revision: int | None = None
    """The stored revision that the reader knew before its call. The observation cannot contradict later revisions.

    ``None``: time alone decides.
    """
    window: timedelta = CONSISTENCY_WINDOW
    """How long after an end was first seen a contradiction may still be older data."""
    summary: str = ""
    """A digest of the list record that is part of this observation; empty where there is none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredJob:
    """A job in the store: the merged view, and the data for the next merge."""

    view: JobView
    depth: Depth
    counter: int | None
    """The service's own count of starts, as last seen."""
    revision: int
    """Rises by one with every write. The next write requires that it is unchanged."""
    transitions: int
    """The number of the job's transitions, which is also the last one's number."""
    listed_at: datetime
    """The time that orders lists. It stays while the service gives no time of its own."""
    facts: frozenset[str] = frozenset()
    """The ``FACTS`` that any record of this generation had."""
    end_seen_at: datetime | None = None
    """When the stored end was first seen; ``None`` before the end."""
    inferred: bool = False
    """True where the end is an inference: AWS did not have the job."""
    ask_again: bool = False
    """True where a read contradicts the stored job, so that it has to be got again, even after its end."""
    summary: str = ""
    """A digest of the job's list record at the last merge; empty where it was never listed."""
    items_attempts: int = 0
    """The number of failed attempts to read the item-level results."""
    items_after: datetime | None = None
    """The earliest time of the next attempt."""

    @property
    def open(self) -> bool:
        """True for a job that refresh still has to read: it has not ended, or its end is in doubt."""
        return self.ask_again or not self.view.state.terminal


@dataclass(frozen=True, kw_only=True, slots=True)
class Transition:
    """A change of a job's state, an entry in its history."""

    job_id: str
    number: int
    previous_state: State | None
    state: State
    native_status: str
    reason: str | None
    changed_at: datetime
    """The service's own time of the change if it gives one, otherwise the time of the observation."""
    observed_at: datetime
    via: Via
    generation: int = 1
    """The job's generation from this transition on. It is one more than before if the job started again."""

    def to_dict(self) -> dict[str, Any]:
        """The transition as the API shows it."""
        return {
            "jobId": self.job_id,
            "number": self.number,
            "generation": self.generation,
            "previousState": None if self.previous_state is None else self.previous_state.value,
            "state": self.state.value,
            "nativeStatus": self.native_status,
            "reason": self.reason,
            "changedAt": rfc3339(self.changed_at),
            "observedAt": rfc3339(self.observed_at),
            "via": self.via.value,
        }
