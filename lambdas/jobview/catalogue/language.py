"""The language of declarations: what somebody had to decide about a family of jobs.

A declaration names the operations, says what their members mean, and says what is in no model: rates, order, surprising
status words, how partial success shows, what is secret. ``make catalogue`` derives everything else from botocore's
service model and the service authorization reference, and writes the compiled tables that the functions read. Where it
finds no answer, or two, it stops with an error that says what to declare.

Paths are JMESPath, limited to names, ``[]``, ``[-1]``, ``[?…]``, ``*`` and ``@``. A path starts at one job in the
operation's answer.
Input values are templates: ``{parent}``, ``{id}``, ``{account}``, ``{region}`` and ``{partition}`` are filled in.
``{parent}`` is the nearest parent; a parent above it is named by its type, such as ``{knowledge-base}``.
The functions do not contain this module.
"""

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import date, timedelta
from typing import Any

from jobview.catalogue.family import Grant
from jobview.catalogue.operations import Unanswered
from jobview.catalogue.records import Cause, Counts, Logs, Parts, When
from jobview.model import State

__all__ = [
    "CANCELLED",
    "CANCELLING",
    "FAILED",
    "NOT_HERE",
    "OPEN",
    "PARTIALLY_SUCCEEDED",
    "PAUSED",
    "PENDING",
    "RUNNING",
    "SINCE",
    "SUCCEEDED",
    "UNKNOWN",
    "UNTIL",
    "Cause",
    "Counts",
    "Events",
    "Family",
    "Grant",
    "Items",
    "Job",
    "Logs",
    "Milliseconds",
    "OfEvent",
    "Parent",
    "Parts",
    "Seconds",
    "Service",
    "Unanswered",
    "When",
    "decide",
]

PENDING, RUNNING, PAUSED, CANCELLING = State.PENDING, State.RUNNING, State.PAUSED, State.CANCELLING
SUCCEEDED, PARTIALLY_SUCCEEDED = State.SUCCEEDED, State.PARTIALLY_SUCCEEDED
FAILED, CANCELLED = State.FAILED, State.CANCELLED
UNKNOWN = State.UNKNOWN
"""For a status word that says nothing about the job's state, such as the service's own word for "unknown"."""


class Moment(str):
    """The placeholder of a time in the inputs of a list. As it stands it is a timestamp."""

    __slots__ = ()

    @property
    def text(self) -> str:
        """The time as a text such as ``2026-11-20T12:00:00Z``."""
        return self._as("Text")

    @property
    def seconds(self) -> str:
        """The time as a number of seconds since 1970."""
        return self._as("Seconds")

    @property
    def milliseconds(self) -> str:
        """The time as a number of milliseconds since 1970."""
        return self._as("Milliseconds")

    @property
    def milliseconds_text(self) -> str:
        """The time as a text that holds the number of milliseconds since 1970."""
        return self._as("MillisecondsText")

    def _as(self, form: str) -> str:
        return f"{self[:-1]}{form}}}"


SINCE = Moment("{since}")
"""The time since which jobs are listed: in the inputs of ``since``, or of a ``window``."""
UNTIL = Moment("{until}")
"""The time until which jobs are listed, in the inputs of a ``window``."""
OPEN = "{open}"
"""In the inputs of ``open_by``: the status words of jobs that have not ended, as a list."""
NOT_HERE = "-"
"""In ``got``: the list has this fact, the get does not."""

Inputs = Mapping[str, object]
"""From an input member to its value: a template, a constant, or lists and maps of them."""


@dataclass(frozen=True, slots=True)
class Question:
    """A decision that nobody has made yet."""

    text: str


def decide(question: str) -> Any:
    """Mark an open decision in a draft, in place of a value or of a state in ``states``.

    The compiler refuses a family that has questions, and lists them.
    """
    return Question(question)


class Seconds(str):
    """The path of a time in seconds since 1970, where the model does not give the unit."""

    __slots__ = ()


class Milliseconds(str):
    """The path of a time in milliseconds since 1970, where the model does not give the unit."""

    __slots__ = ()


class OfEvent(str):
    """A path that starts at the whole event, not at its ``detail``."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """Where a record holds each fact about a job. A fact without a path is unknown.

    A time may be a timestamp, a text, or a number. Where the model's documentation does not give the number's unit, the
    path is ``Seconds`` or ``Milliseconds``.
    """

    id: str | None = None
    status: str | None = None
    """Left out where the list returns ids alone."""
    parent: str | None = None
    name: str | None = None
    created: str | None = None
    started: str | None = None
    updated: str | None = None
    ended: str | None = None
    """Read only at a terminal state, so that "last updated" may serve as the end where the service gives no other."""
    reason: str | None = None
    """The job's message, or a list of messages."""
    causes: tuple[Cause, ...] = ()
    """Where else a failed job gives its reason, the most precise place first."""
    role: str | None = None
    progress: str | None = None
    inputs: tuple[str, ...] = ()
    """URIs or S3 locations, or lists of either."""
    outputs: tuple[str, ...] = ()
    tags: str | None = None
    counter: str | None = None
    """A number that rises when a finished job starts again under the same id."""
    when: tuple[When, ...] = ()
    """Conditions on other members that correct the state of the status word; the first that holds wins."""
    counts: Counts | None = None
    parts: Parts | None = None
    logs: Logs | tuple[Logs, ...] = ()
    """Where the job's log is in CloudWatch Logs. Of several places the first whose names the record gives is shown."""


@dataclass(frozen=True, slots=True)
class Events:
    """The service's own EventBridge events about a family's jobs.

    A path starts at the event's ``detail``. A path outside it is an ``OfEvent``.
    """

    types: str | tuple[str, ...]
    """The ``detail-type``, or several."""
    _: KW_ONLY
    id: str
    parent: str | tuple[str, ...] | None = None
    """One path for each parent, the farthest first."""
    arn: str | None = None
    """Where ``id`` is the path of an ARN: the pattern of its resource, such as ``task/{task}/run/{id}``. It names the
    parents by their types, so ``parent`` is left out."""
    status: str | None = None
    """The path of a status word, in upper or lower case; left out where the event has none."""
    reason: str | None = None
    source: str | None = None
    """``None``: ``aws.`` and the service's signing name."""


@dataclass(frozen=True, slots=True)
class Service:
    """One AWS service: what all its families share."""

    name: str
    """boto3's name for the client. Jobview's API uses the same name."""
    rate: float
    """The calls a second that AWS allows for one operation in one account and region, or a careful guess where AWS
    publishes no rate. The comment beside it says which."""
    regions: tuple[str, ...] | None = field(default=None, kw_only=True)
    """The regions that have the service, where botocore does not list them. Without any list a read finds out: the
    service's host name does not resolve in a region that lacks it."""
    global_regions: Mapping[str, str] | None = field(default=None, kw_only=True)
    """For a global service: from a partition to the one region that answers for all regions. Its jobs are read there,
    once for each account, with any monitored regions. Declare it only where botocore does not have it."""
    retired: date | None = field(default=None, kw_only=True)
    """The day on which AWS shut the service down. Where AWS ended a part of a service only, the families of that part
    have a ``Service`` of their own, with the same name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Paged:
    inputs: Inputs = field(default_factory=dict)
    """The list's inputs that are not derived."""
    items: str | None = None
    """The output member that holds the records, where the model has several lists."""
    only: str | None = None
    """A JMESPath condition, such as ``type == 'STANDARD'``. Listed records that do not meet it are ignored."""
    page_size: int | None = None
    """``None``: the largest that the model allows."""
    rate: float | None = None
    """Calls a second for the list; ``None``: the service's rate."""
    quota: str | None = None
    """The quota that the list shares with other operations; ``None``: it has its own."""


@dataclass(frozen=True, slots=True)
class _Listed(_Paged):
    service: Service
    type: str
    """The kind's name within the service, in kebab case."""


@dataclass(frozen=True, slots=True)
class Items(_Paged):
    """An operation that lists the items of one job: the children of an array job, the steps of an execution.

    Its inputs for the job's id and parents are derived where they are the get's, or where only one is left.
    """

    list: str
    _: KW_ONLY
    unit: str
    """A plural noun: ``steps``, ``tables``, ``children``."""
    item: Job
    """Where a listed item holds its facts: id, status, name, times, reason, causes, and conditions (``when``)."""
    states: Mapping[State, str | tuple[str, ...]] | None = None
    """From a state to the status words of an item; ``None``: they are the family's."""
    group: str | None = None
    """The path of the part of the job that the item belongs to: the stage of an action, the schema of a table."""
    uri: str | None = None
    """The path of a URI that names the item, such as a file."""
    per_status: str | None = None
    """The input member that selects one status, where a call lists the items of one status only."""
    each: Sequence[Inputs] = ()
    """The inputs of several calls that together list all items, where no single call does."""
    missing: Mapping[str, str] = field(default_factory=dict)
    """Further error codes that mean "no such job", each with a text that the message must contain, in lower case."""
    resource: str | None = None
    """The IAM resource type that the call is granted on, where the authorization reference has several."""
    job: str | None = None
    """The type of the family that the items are jobs of; ``None``: they are no jobs of a family."""


@dataclass(frozen=True, slots=True)
class Parent(_Listed):
    """A resource that has jobs, such as a Glue job that has runs."""

    _: KW_ONLY
    list: str
    """The operation that lists the kind."""
    id: str
    """The path of the parent's id in a listed record."""


@dataclass(frozen=True, slots=True)
class Family(_Listed):
    """The decisions about one family of jobs."""

    title: str
    """The kind's name for people, such as ``AWS Glue job run``."""
    _: KW_ONLY
    list: str | None = None
    """The operation that lists the jobs; ``None`` where there is none, so that a job is known by its id or by an event
    alone."""
    job: Job
    """Where a listed record holds the facts; where there is no list, a got record."""
    states: Mapping[State, str | tuple[str, ...]]
    """From a state to its status words, separated by spaces; words that contain spaces stand in a tuple."""
    under: Sequence[Parent] = ()
    """The jobs' parents, the farthest first."""
    per_status: str | None = None
    """The required input member that selects one status. The list is called once for each word of the member's enum."""
    each: Sequence[Inputs] = ()
    """The inputs of several calls that together list all jobs, where no single call does."""
    since: Inputs | None = None
    """The inputs that limit a list to the jobs created since a time. Left out where the list has a ``window``."""
    window: timedelta | None = None
    """How far back a list reaches that requires a start and an end time: as far as AWS keeps the jobs, at the most.
    Which inputs take the times is derived. Elsewhere ``SINCE`` and ``UNTIL`` stand in ``inputs``."""
    window_span: timedelta | None = None
    """The longest period that one call may ask for, where the service limits it."""
    open_by: str | Inputs | None = None
    """The input member that selects jobs by one or several status words; inputs that contain ``OPEN`` where the filter
    is nested. Between two full reads only the jobs that have not ended are listed."""
    newest_first: bool | str = False
    """Set where the list begins with the newest job: true where the model says so, a text that names another source."""
    get: str | None = None
    """The operation that returns one job, or several, in full; ``None`` where the list already does."""
    got: Job = Job()
    """Where a got record holds the facts that a listed record lacks or holds elsewhere."""
    get_inputs: Inputs = field(default_factory=dict)
    get_rate: float | None = None
    get_quota: str | None = None
    get_resource: str | None = None
    """The IAM resource type that the get is granted on, where the authorization reference has several."""
    batch: int | None = None
    """The largest number of ids in one call, where the model has no limit."""
    missing: Mapping[str, str] = field(default_factory=dict)
    """Further error codes that mean "no such job", each with a text that the message must contain, in lower case. An
    empty text accepts any message."""
    unanswered: Unanswered | None = None
    """Where a batch get lists the ids that it could not return."""
    events: Events | None = None
    starts: str | None = None
    """The operations that start the jobs, separated by spaces, where their names do not follow from those of list and
    get; an empty text where none does. Only for families without ``events``."""
    presigned: tuple[str, ...] = ()
    """The paths of presigned links in a got record."""
    failures: str | None = None
    """How a person finds what failed, in words."""
    failures_link: str | None = None
    """The presigned link that leads to what failed."""
    items_list: Items | None = None
    """The operation that lists a job's items. It is called only when somebody asks for them."""
    items_reader: str | None = None
    """The name of the reader for item-level results that lie outside the service."""
    withheld: tuple[str, ...] = ()
    """Members that may contain secrets although the model does not mark them as sensitive."""
    grants: tuple[Grant, ...] = ()
    """Permissions beside those for the operations."""
    console: str | None = None
    """The job's page in the AWS console, without ``https://{region}.console.aws.amazon.com/``."""
    retention: str | None = None
    """How long AWS keeps the record, in words."""
    lists_only: str | None = None
    """Which jobs the list returns, in words, where it does not return all that AWS keeps."""
    consistency_window: timedelta | None = None
    """How long the service may still return older data after newer data, where it is not the usual minute."""
