"""Where a record of a service, a list item or a got job, holds each fact about a job.

Paths are JMESPath, limited to names, ``[]``, ``[-1]``, ``[?…]`` and ``@``. They start at the record.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from jobview.model import State


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """Item counts that the service gives as numbers."""

    unit: str
    """A plural noun: ``records``, ``files``, ``sources``."""
    total: "Count" = None
    succeeded: "Count" = None
    failed: "Count" = None
    skipped: "Count" = None
    container: bool = False
    """True where the items are jobs that this job only contains: they decide its state, and its own word does not."""
    running: tuple[str, ...] = ()
    """For a container: the paths of the numbers of running items."""

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of all numbers about the items' outcomes."""
        counts = (self.total, self.succeeded, self.failed, self.skipped)
        return tuple(path for count in counts for path in addends(count))


Count = str | tuple[str, ...] | None
"""The path of a number, or the paths of several numbers to add."""


def addends(count: Count) -> tuple[str, ...]:
    """The paths of a count; none where the service does not give it."""
    return () if count is None else (count,) if isinstance(count, str) else count


@dataclass(frozen=True, slots=True)
class When:
    """A condition on another member that corrects the state of the status word.

    The first of several conditions that holds wins. One that leads to the same state prevents later ones.
    """

    state: State
    """The state of the status word. The condition applies to no other state."""
    path: str
    """The JMESPath of the member, or of a list in which one matching value is enough."""
    values: tuple[str | int | bool, ...]
    """The matching values. An empty tuple matches every value that is present."""
    then: State
    """The state of a job with a matching value."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """Item-level results as a list inside the job."""

    unit: str
    path: str
    """The JMESPath of the list."""
    status: str
    """The JMESPath of the status in one part."""
    outcomes: Mapping[str, State]
    """The state of each status word or code of a part. SUCCEEDED, FAILED and CANCELLED (skipped) are ends."""
    others: State | None = None
    """The state of every other word or code; ``None``: it is unknown."""
    uri: str | None = None
    message: str | None = None

    def outcome(self, status: object) -> State | None:
        """The state of a part with this status word or code; ``None`` where it is unknown or absent."""
        return None if status is None else self.outcomes.get(str(status), self.others)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cause:
    """A place with a more precise reason for a failure than the job's own message."""

    at: str
    """The JMESPath of one place, or of a list of places. The first place that has a reason is used."""
    message: str
    """The JMESPath of the message in a place."""
    exit_code: str | None = None
    """The JMESPath of a process's exit code in a place; 0 is success."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Logs:
    """A place in CloudWatch Logs where a job's log is.

    Names are templates. ``{id}``, ``{parent}`` and the other placeholders of inputs are filled in; every other
    placeholder is a JMESPath in the job's record, such as ``{logs.groupName}``. The place is unknown while a value is
    absent.
    """

    group: str
    """The name of the log group, its ARN, or the ARN of a log stream."""
    stream: str | None = None
    """The name of the log stream."""
    prefix: str | None = None
    """The begin of the names of several log streams. Without ``stream`` and ``prefix`` only the group is known."""
    where: Mapping[str, str | bool | None] = field(default_factory=dict)
    """From a JMESPath in the record to the value that it must have; ``None``: none. Elsewhere the log is not here."""


class TimeFormat(StrEnum):
    """The format of a time that is not a timestamp of the protocol. The number 0 and an empty text mean "not yet"."""

    SECONDS = "seconds"
    """A number of seconds since 1970."""
    MILLISECONDS = "milliseconds"
    TEXT = "text"
    """ISO 8601."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fields:
    """The paths of a job's facts in one shape."""

    id: str | None = None
    """``None`` for a get that does not repeat the id that it was asked for."""
    status: str | None = None
    """``None`` for a list of ids alone: then only the get operation returns a state."""
    parent: str | None = None
    name: str | None = None
    created: str | None = None
    started: str | None = None
    updated: str | None = None
    ended: str | None = None
    """Read only at a terminal state, so that "last updated" may serve as the end where the service gives no other."""
    time_formats: Mapping[str, TimeFormat] = field(default_factory=dict)
    """The format of each of ``created``, ``started``, ``updated`` and ``ended`` that is not a timestamp."""
    reason: str | None = None
    """The job's message, or a list of messages."""
    causes: tuple[Cause, ...] = ()
    """Where else a failed job gives its reason, the most precise place first. It is shown before ``reason``."""
    role: str | None = None
    progress: str | None = None
    """A percentage: a number, or its text with or without ``%``."""
    inputs: tuple[str, ...] = ()
    """The paths of URIs or S3 locations (``{BucketName, ObjectKey}``), or of lists of either."""
    outputs: tuple[str, ...] = ()
    tags: str | None = None
    """A map, a list of maps, or a list of ``{Key, Value}``."""
    generation: str | None = None
    """A number that rises when a finished job starts again under the same id."""
    when: tuple[When, ...] = ()
    """Conditions on other members that correct the state of the status word."""
    counts: Counts | None = None
    parts: Parts | None = None
    logs: tuple[Logs, ...] = ()
    """Where the job's log is; the first place whose names are known is shown."""
    arns: tuple[str, ...] = ()
    """``id`` and ``parent`` where the value is an ARN and its last part is the id."""
