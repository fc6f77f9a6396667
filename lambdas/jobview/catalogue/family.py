"""The table of a family: the AWS operations that tell its jobs, and where each fact stands in their answers.

``make catalogue`` compiles it from a declaration (``services/``) and from AWS's models. Paths are JMESPath, limited to
names, ``[]``, ``[-1]``, ``[?…]`` and ``@``, relative to one item of the shape that they belong to: ``list_fields`` to a
list item, ``get_fields`` to a got job.

Input values are templates: ``{parent}``, ``{id}``, ``{account}``, ``{region}`` and ``{partition}`` are filled in. The
nearest parent is ``{parent}``, those above it stand by their type, such as ``{knowledge-base}``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from jobview.model import CONSISTENCY_WINDOW, Parent, Source, SourceKind, State, Target

IDS = "{ids}"
"""As an input value of a ``GetCall``: the list of up to ``batch`` native ids."""
SINCE = "{since}"
"""In the inputs of a ``Narrowing``: the time since which jobs are asked for, as a timestamp."""
SINCE_MILLISECONDS = "{sinceMilliseconds}"
"""The same as the text of a number of milliseconds since 1970."""
SINCE_TEXT = "{sinceText}"
"""The same as a text such as ``2026-11-20T12:00:00Z``."""
FORWARDED = "forwarded"
"""The member in which a rule hands over an event of another account or region: others can write to its bus."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One AWS read operation."""

    operation: str
    """Its name in the service model, e.g. ``ListDICOMImportJobs``."""
    inputs: Mapping[str, object] = field(default_factory=dict)
    """Input member → template, constant, or lists and maps of them."""
    rate: float
    """Calls a second that AWS allows in one account and region; a careful guess where AWS publishes none."""
    action: str
    """The IAM action that allows it, e.g. ``medical-imaging:ListDICOMImportJobs``."""
    quota: str | None = None
    """Name of the quota, where several operations of the service share one ``rate``; ``None``: the operation's own."""
    promised: bool = False
    """True where the model requires the member in which the records stand: an answer without it is malformed."""
    sensitive: tuple[str, ...] = ()
    """Members of a record that botocore's model marks sensitive, as of ``Family.withheld``; ``@``: all of it."""

    @property
    def quota_name(self) -> str:
        """What ``rate`` is counted under, within a lane."""
        return self.quota or self.operation


@dataclass(frozen=True, kw_only=True, slots=True)
class Narrowing:
    """How a list is asked for less between two full syncs. What it misses, the next full sync finds."""

    inputs: tuple[Mapping[str, object], ...]
    """For each listing the input members beside the call's own (or in their place), ``SINCE`` anywhere among them."""
    whole: bool
    """True where it tells every job created since; False where it tells only jobs that have not ended: a job that comes
    and goes between two reads is then seen by an event or by the next full sync, and the read is not a complete one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ListCall(Call):
    """An operation that answers in pages."""

    items: str
    """JMESPath of the page's items in the answer."""
    page_size: tuple[str, int] | None = None
    """Input member and value of the largest page that the service allows."""
    tokens: tuple[str, str] | None = None
    """Input and output member of the page token; ``None``: there is one page."""
    each: tuple[Mapping[str, object], ...] = ()
    """The inputs beside the call's own of each of several listings, where one does not tell every job."""
    narrowing: Narrowing | None = None
    newest_first: bool = False
    """True where the service lists the newest jobs first, so that a listing may stop at what was listed before."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unanswered:
    """Ids that a batch answer refuses, with a code for each; an id that it does not mention is no job."""

    path: str
    """JMESPath of the refusals in the answer."""
    id: str
    code: str
    message: str
    missing: Mapping[str, str] = field(default_factory=dict)
    """As of ``GetCall``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GetCall(Call):
    """An operation that tells all of one job, or of several at once."""

    resource: str = "*"
    """The narrowest ARN template that IAM accepts; ``*`` only where the action has no resource type."""
    item: str
    """JMESPath of the job in the answer; of the list of jobs where ``batch`` is set."""
    batch: int | None = None
    """Ids a call at the most, for an operation that answers with a list: one whose ``inputs`` has ``IDS``, or, with 1,
    a list that the inputs filter by the id."""
    missing: Mapping[str, str] = field(default_factory=dict)
    """Error codes that say "no such job", each with a text that its message has to hold then, in lower case; ``""``:
    any message."""
    unanswered: Unanswered | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ParentKind:
    """What the jobs of a family hang under, and how those parents are listed."""

    type: str
    """The word for it, e.g. ``datastore``."""
    call: ListCall
    id: str
    """JMESPath of the parent's id in a list item."""
    service: str | None = None
    """The service that lists it, where that is another one than the family's."""
    arn: bool = False
    """True where the service tells an ARN there, of which the last part is the id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """Item counts that the service tells as numbers."""

    unit: str
    """Plural noun: ``records``, ``files``, ``sources``."""
    total: "Count" = None
    succeeded: "Count" = None
    failed: "Count" = None
    skipped: "Count" = None
    container: bool = False
    """True where the items are jobs and this one only contains them: they tell its state, whatever its own word."""
    running: tuple[str, ...] = ()
    """Of a container: numbers of items at work."""

    @property
    def paths(self) -> tuple[str, ...]:
        """Where numbers stand that say what became of items."""
        told = (self.total, self.succeeded, self.failed, self.skipped)
        return tuple(path for count in told for path in addends(count))


Count = str | tuple[str, ...] | None
"""Path of a number, or the paths of numbers that are added."""


def addends(count: Count) -> tuple[str, ...]:
    """The paths of a count; none where it is not told."""
    return () if count is None else (count,) if isinstance(count, str) else count


@dataclass(frozen=True, slots=True)
class When:
    """A member beside the status word that says more of the state than the word.

    Of several the first that fits counts. One that leads to the same state keeps the later ones from being asked.
    """

    state: State
    """What the word means; for other words the member says nothing."""
    path: str
    """JMESPath of the member, or of a list in which one fitting value is enough."""
    values: tuple[str | int | bool, ...]
    """The values that fit. An empty tuple fits every value that the service gives the member."""
    then: State
    """The state of a job with such a value."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """Item-level results that the service tells as a list inside the job."""

    unit: str
    path: str
    """JMESPath of the list."""
    status: str
    """JMESPath of the status in one part."""
    outcomes: Mapping[str, State]
    """Status word or code of a part → state. SUCCEEDED, FAILED and CANCELLED (skipped) count; others are open."""
    others: State | None = None
    """The state of every other word or code; ``None``: it is not known."""
    uri: str | None = None
    message: str | None = None

    def outcome(self, status: object) -> State | None:
        """The state of a part with this status word or code; ``None`` where that is not known, or it has none."""
        return None if status is None else self.outcomes.get(str(status), self.others)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cause:
    """Where a job tells why it failed, deeper than in its own message."""

    at: str
    """JMESPath of one place, or of a list of them, of which the first that tells something counts."""
    message: str
    """In it the message."""
    exit_code: str | None = None
    """In it the number with which a process ended; 0 is success."""


class TimeFormat(StrEnum):
    """How a record writes a time that is no timestamp of its protocol. The number 0 and an empty text are "not yet"."""

    SECONDS = "seconds"
    """A number of seconds since 1970."""
    MILLISECONDS = "milliseconds"
    TEXT = "text"
    """ISO 8601."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fields:
    """Where the facts of a job stand in one shape."""

    id: str
    status: str | None = None
    """``None`` for a list of ids alone: then only the get operation tells a state."""
    parent: str | None = None
    name: str | None = None
    created: str | None = None
    started: str | None = None
    updated: str | None = None
    ended: str | None = None
    """Counts only at a terminal state: for some services "last updated" is the end of an ended job."""
    time_formats: Mapping[str, TimeFormat] = field(default_factory=dict)
    """Those of ``created``, ``started``, ``updated`` and ``ended`` that are no timestamps → their format."""
    reason: str | None = None
    """The message of the whole job, or a list of messages."""
    causes: tuple[Cause, ...] = ()
    """Places that tell why a failed job failed, the one that says most first; shown before ``reason``."""
    role: str | None = None
    progress: str | None = None
    """A percentage: a number, or its text with or without ``%``."""
    inputs: tuple[str, ...] = ()
    """Paths of URIs or of S3 locations (``{BucketName, ObjectKey}``), or of lists of either."""
    outputs: tuple[str, ...] = ()
    tags: str | None = None
    """A map, a list of maps, or a list of ``{Key, Value}``."""
    generation: str | None = None
    """A number that rises when a finished job starts again under the same id."""
    when: tuple[When, ...] = ()
    """Members that say more of the state than the status word."""
    counts: Counts | None = None
    parts: Parts | None = None
    arns: tuple[str, ...] = ()
    """``id`` and ``parent`` where the service tells an ARN there, of which the last part is the id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Events:
    """The service's own EventBridge events of a family (shown by ``/families``).

    An event is a hint: it names the job that is then got. Only where the get does not know the job any more is the
    status in AWS's own event evidence.
    """

    source: str
    detail_types: tuple[str, ...]
    id: str
    """JMESPath of the native id in the whole event; an ARN there stands for its last part, unless ``whole`` says
    otherwise. An event in which it finds nothing is of no job of the family."""
    parents: tuple[str, ...] = ()
    """The same of each parent's id, the farthest first."""
    whole: tuple[str, ...] = ()
    """``id`` and the types of those parents of which an ARN as a whole is the id, and not its last part."""
    arn: str | None = None
    """How the resource of the ARN at ``id`` names the parents, by their types, and the job, where one ARN names all:
    ``task/{task}/run/{id}``."""
    status: str | None = None
    """JMESPath of the status word in the whole event: a key of the family's ``states``, in any case of letters.
    ``None`` where the event has none: then it is a hint and never evidence."""
    reason: str | None = None
    """JMESPath of the service's message."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """An IAM permission that a family needs beside its declared calls."""

    action: str
    resource: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Family:
    """A kind of job: one service, one list operation, mostly one get operation."""

    service: str
    """boto3's name of the client, which is also the service's name in the API."""
    type: str
    """The kind within the service, in kebab case, e.g. ``dicom-import``."""
    title: str
    list: ListCall
    list_fields: Fields
    states: Mapping[str, State]
    """Native status word → state; exactly the words of the model's enum."""
    parents: tuple[ParentKind, ...] = ()
    """What the jobs hang under, the farthest first; each is listed under those before it."""
    get: GetCall | None = None
    """``None`` where the list tells all that the service knows."""
    get_fields: Fields | None = None
    items_reader: str | None = None
    """Name of a reader of item-level results outside the service (``collect.items.READERS``)."""
    failures_how: str | None = None
    """How a person reads the failed items; shown in the view's ``failures``."""
    presigned: tuple[str, ...] = ()
    """Paths of presigned URLs in the got job: ``/v1/links/{id}`` alone tells them; never stored, logged or hashed."""
    failures_link: str | None = None
    """The one of ``presigned`` that leads to the failed items."""
    withheld: tuple[str, ...] = ()
    """Members of the native record that may hold secrets and are left out of ``include=native``: dotted names, with
    ``[]`` through lists, and ``*`` for every key of a map. What botocore's model marks sensitive (``Call.sensitive``)
    is left out without being named here."""
    console: str | None = None
    """Template of the job's page in the AWS console of the ``aws`` partition (values are percent-encoded)."""
    grants: tuple[Grant, ...] = ()
    events: Events | None = None
    regions: tuple[str, ...] | None = None
    """Regions that have the service, where botocore does not know; ``None``: ask botocore."""
    consistency_window: timedelta = CONSISTENCY_WINDOW
    """How long the service may go on giving older answers after a newer one. A get that contradicts an end, and that
    began later than this after the end was first seen, is believed."""
    retention: str | None = None
    """How long AWS keeps the record, in words."""
    lists_only: str | None = None
    """Which jobs the list tells, in words, where it does not tell all that AWS keeps."""
    retired: date | None = None
    """The day on which AWS ended the service."""

    @property
    def name(self) -> str:
        """``service/type``, the name used in configuration."""
        return f"{self.service}/{self.type}"

    def whole(self, target: Target) -> Source:
        """The family in a target as one source: its jobs, or the discovery of its farthest parents."""
        kind = SourceKind.DISCOVERY if self.parents else SourceKind.JOBS
        return Source(service=self.service, type=self.type, target=target, kind=kind)

    def under(self, discovery: Source, parent: Parent) -> Source:
        """The source under a parent that a discovery has found: its jobs, or the discovery of the next parents."""
        last = len(discovery.parents) + 1 == len(self.parents)
        kind = SourceKind.JOBS if last else SourceKind.DISCOVERY
        return replace(discovery, parents=(*discovery.parents, parent), kind=kind)

    def path(self, ids: Sequence[str]) -> tuple[Parent, ...]:
        """The parents with these ids, the farthest first."""
        return tuple(Parent(type=kind.type, id=id_) for kind, id_ in zip(self.parents, ids, strict=False))

    @property
    def list_tells_all(self) -> bool:
        """True where a list item is as deep as a got job (``Depth.DETAIL``): the get is for reading one by its id."""
        return self.get is None or self.list_fields == self.get_fields

    @property
    def lists_ids_only(self) -> bool:
        """True where a list item is an id without a state."""
        return self.list_fields.status is None

    @property
    def tells_items(self) -> bool:
        """True where the results of single items can be read, in the job itself or outside the service."""
        return self.items_reader is not None or (self.get_fields is not None and self.get_fields.parts is not None)

    @property
    def calls_by_service(self) -> tuple[tuple[str, Call], ...]:
        """Every AWS operation that the family uses, with the service that has it."""
        parents = ((parent.service or self.service, parent.call) for parent in self.parents)
        own = (self.list,) if self.get is None else (self.list, self.get)
        return (*parents, *((self.service, call) for call in own))

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every AWS operation that the family uses."""
        return tuple(call for _, call in self.calls_by_service)
