"""The language of declarations: what somebody had to decide about a family of jobs.

A declaration names the operations, says what their members mean, and says what no model tells: rates, order, the words
that surprise, how partial success shows, what is secret. Everything that botocore's service model or the service
authorization reference decides is derived by ``make catalogue``, which writes the compiled tables that the functions
read. A derivation that finds no answer, or two, is an error that says what to declare.

Paths are JMESPath, limited to names, ``[]``, ``[-1]``, ``[?…]`` and ``@``, relative to one job in
its operation's answer.
Input values are templates: ``{parent}``, ``{id}``, ``{account}``, ``{region}`` and ``{partition}`` are filled in. The
nearest parent is ``{parent}``, those above it stand by their type, such as ``{knowledge-base}``.
Nothing of this module is in the functions' code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import date, timedelta
from typing import Any

from jobview.catalogue.family import Cause, Counts, Grant, Parts, Unanswered, When
from jobview.model import State

__all__ = [
    "CANCELLED",
    "CANCELLING",
    "FAILED",
    "ISO_8601",
    "MILLISECONDS",
    "NOT_HERE",
    "OPEN",
    "PARTIALLY_SUCCEEDED",
    "PAUSED",
    "PENDING",
    "RUNNING",
    "SINCE",
    "SUCCEEDED",
    "UNKNOWN",
    "Cause",
    "Counts",
    "Events",
    "Family",
    "Grant",
    "Job",
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
"""Of a word with which the service itself says that it does not know, or that says nothing of how a job is."""

SINCE = "{since}"
"""In the inputs of ``since``: the time since which jobs are asked for, as a timestamp."""
MILLISECONDS = "{sinceMilliseconds}"
"""The same as the text of a number of milliseconds since 1970."""
ISO_8601 = "{sinceText}"
"""The same as a text such as ``2026-11-20T12:00:00Z``."""
OPEN = "{open}"
"""In the inputs of ``open_by``: the list of the status words of jobs that have not ended."""
NOT_HERE = "-"
"""In ``got``: the get does not tell what the list tells."""

Inputs = Mapping[str, object]
"""Input member → a template, a constant, or lists and maps of them."""


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody still has to decide."""

    text: str


def decide(question: str) -> Any:
    """Stand for a decision in a draft, as a value of a declaration or as a state in ``states``.

    The compiler refuses the family with all its questions until each is replaced by its answer.
    """
    return Question(question)


class Seconds(str):
    """The path of a time that is a number of seconds since 1970, where the model does not say so."""

    __slots__ = ()


class Milliseconds(str):
    """The path of a time that is a number of milliseconds since 1970, where the model does not say so."""

    __slots__ = ()


class OfEvent(str):
    """A path in the whole event, outside its ``detail``."""

    __slots__ = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """The paths of the facts of a job in a record. A fact without a path is unknown.

    A time is a timestamp, a text, or a number of which the model's documentation says the unit; elsewhere its path is
    ``Seconds`` or ``Milliseconds``.
    """

    id: str | None = None
    status: str | None = None
    """Left out for a list of ids alone."""
    parent: str | None = None
    name: str | None = None
    created: str | None = None
    started: str | None = None
    updated: str | None = None
    ended: str | None = None
    """Counts only at a terminal state: for some services "last updated" is the end of an ended job."""
    reason: str | None = None
    """The message of the whole job, or a list of messages."""
    causes: tuple[Cause, ...] = ()
    """Places that tell why a failed job failed, the one that says most first."""
    role: str | None = None
    progress: str | None = None
    inputs: tuple[str, ...] = ()
    """URIs or S3 locations, or lists of either."""
    outputs: tuple[str, ...] = ()
    tags: str | None = None
    counter: str | None = None
    """A number that rises when a finished job starts again under the same id."""
    when: tuple[When, ...] = ()
    """Members that say more of the state than the status word; the first that fits counts."""
    counts: Counts | None = None
    parts: Parts | None = None


@dataclass(frozen=True, slots=True)
class Events:
    """The service's own EventBridge events of a family.

    Paths are relative to the event's ``detail``; elsewhere they are ``OfEvent``.
    """

    types: str | tuple[str, ...]
    """The ``detail-type``, or each of several."""
    _: KW_ONLY
    id: str
    parent: str | tuple[str, ...] | None = None
    """Of a family with several parents one path for each, the farthest first."""
    arn: str | None = None
    """How the resource of the ARN at ``id`` names the parents, by their types, and the job: ``task/{task}/run/{id}``.
    ``parent`` is left out then."""
    status: str | None = None
    """A key of the family's ``states``, in any case of letters; left out where the event tells no status."""
    reason: str | None = None
    source: str | None = None
    """``None``: ``aws.`` and the name with which the service's requests are signed."""


@dataclass(frozen=True, slots=True)
class Service:
    """One AWS service, and what its families share."""

    name: str
    """boto3's name of the client, which is the service's name in the API."""
    rate: float
    """Calls a second that AWS allows of an operation in one account and region; a careful guess where AWS publishes
    none. The comment beside it says which."""
    regions: tuple[str, ...] | None = field(default=None, kw_only=True)
    """Regions that have the service, where botocore does not know. Where nobody does, AWS is asked: the host
    of a service that a region lacks does not resolve."""
    retired: date | None = field(default=None, kw_only=True)
    """The day on which AWS ended the service."""


@dataclass(frozen=True, slots=True)
class _Listed:
    service: Service
    type: str
    """The word for the kind within the service, in kebab case."""
    _: KW_ONLY
    list: str
    """The operation that lists it."""
    inputs: Inputs = field(default_factory=dict)
    """Inputs of the list that are not derived."""
    items: str | None = None
    """The member that lists, where the model has several."""
    only: str | None = None
    """A JMESPath condition on a listed record, such as ``type == 'STANDARD'``: all others are none of the kind."""
    page_size: int | None = None
    """``None``: the largest page that the model allows."""
    rate: float | None = None
    """Calls a second of the list; ``None``: the service's."""
    quota: str | None = None
    """The name of the quota that the list shares with other operations; ``None``: its own."""


@dataclass(frozen=True, slots=True)
class Parent(_Listed):
    """What jobs hang under."""

    _: KW_ONLY
    id: str
    """Path of its id in a listed record."""


@dataclass(frozen=True, slots=True)
class Family(_Listed):
    """A family of jobs, as somebody decided it."""

    title: str
    """The kind's name for people."""
    _: KW_ONLY
    job: Job
    """Where the facts stand in a listed record."""
    states: Mapping[State, str]
    """State → its status words, with spaces between them."""
    under: Sequence[Parent] = ()
    """What the jobs hang under, the farthest first."""
    per_status: str | None = None
    """The input member of a list that tells one status a call: it is called once for each word of the member's enum."""
    each: Sequence[Inputs] = ()
    """The inputs of each of several calls that tell all jobs together, where one call does not."""
    since: Inputs | None = None
    """The inputs with which a list tells only what was created since a time."""
    open_by: str | Inputs | None = None
    """The input member with which a list tells the jobs of a status, or of several where it takes a list: between two
    full reads the open ones. Inputs with ``OPEN`` in them where the filter is nested."""
    newest_first: bool | str = False
    """True where the model says that the service lists the newest jobs first; a text where somebody else says so."""
    get: str | None = None
    """The operation that tells all of one job, or of several; ``None`` where the list tells all."""
    got: Job = Job()
    """Where facts stand in a got record that stand elsewhere in the list, or not there."""
    get_inputs: Inputs = field(default_factory=dict)
    get_rate: float | None = None
    get_quota: str | None = None
    get_resource: str | None = None
    """The type of resource in IAM that the get is granted on, where the authorization reference knows several."""
    batch: int | None = None
    """Ids a call at the most, where the model knows no limit."""
    missing: Mapping[str, str] = field(default_factory=dict)
    """Error codes of "no such job" beside those that the model names so, each with a text that its message has to hold
    then, in lower case; ``""``: any message."""
    unanswered: Unanswered | None = None
    """What a batch answer refuses."""
    events: Events | None = None
    presigned: tuple[str, ...] = ()
    """Paths of presigned links in a got record."""
    failures: str | None = None
    """How a person reads what failed."""
    failures_link: str | None = None
    """The presigned link that leads to it."""
    items_reader: str | None = None
    """The reader of item-level results that lie outside the service."""
    withheld: tuple[str, ...] = ()
    """Members that may hold secrets though the model does not mark them."""
    grants: tuple[Grant, ...] = ()
    """Rights beside those of the operations."""
    console: str | None = None
    """The job's page in the AWS console, behind ``https://{region}.console.aws.amazon.com/``."""
    retention: str | None = None
    """How long AWS keeps the record, in words."""
    lists_only: str | None = None
    """Which jobs the list tells, in words, where it does not tell all that AWS keeps."""
    consistency_window: timedelta | None = None
    """How long the service may give older answers after newer ones, where it is not the usual minute."""
