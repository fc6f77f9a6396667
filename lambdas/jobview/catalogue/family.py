"""The table of a family: the AWS operations that return its jobs, and the paths of all facts in their answers.

``make catalogue`` compiles it from a declaration (``services/``) and from AWS's models. In ``list_fields`` paths start
at a list item, in ``get_fields`` at a got job.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from jobview.catalogue.operations import Call, GetCall, ListCall, Narrowing
from jobview.catalogue.records import Fields
from jobview.model import CONSISTENCY_WINDOW, Parent, Source, SourceKind, State, Target

START_CALL = "AWS API Call via CloudTrail"
"""The ``detail-type`` of the events that EventBridge has of calls, in an account with a trail."""
FORWARDED = "forwarded"
"""The member in which a rule wraps an event of another account or region. Others can write to that rule's bus."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ParentKind:
    """A kind of resource that has jobs, and how it is listed."""

    type: str
    """Its name, such as ``datastore``."""
    call: ListCall
    id: str
    """The JMESPath of the parent's id in a list item."""
    service: str | None = None
    """The service that lists it, if it is not the family's own."""
    arn: bool = False
    """True where that value is an ARN, and its last part is the id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemsCall(ListCall):
    """An operation that lists the items of one job, and where a listed item holds its facts."""

    resource: str = "*"
    """The narrowest resource that IAM grants the action on: an ARN with ``*`` for unknown parts."""
    unit: str
    """A plural noun: ``steps``, ``tables``, ``children``."""
    fields: Fields
    states: Mapping[str, State]
    """The state of each status word of an item."""
    group: str | None = None
    """The JMESPath of the part of the job that the item belongs to: the stage of an action, the schema of a table."""
    uri: str | None = None
    """The JMESPath of a URI that names the item, such as a file."""
    missing: Mapping[str, str] = field(default_factory=dict)
    """Error codes that mean "no such job", as in ``GetCall``."""
    job: str | None = None
    """The type of the service's family that the items are jobs of. They have the parents of this job, or, where that
    family has one more, this job as their parent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Events:
    """The service's own EventBridge events about a family's jobs (shown by ``/families``).

    An event is a hint: it names a job that is then got. Only where the get does not find the job any more is the status
    in AWS's own event evidence.
    """

    source: str
    detail_types: tuple[str, ...]
    id: str
    """The JMESPath of the native id in the whole event. Of an ARN the last part is the id, unless ``whole`` says
    otherwise. An event without a value there is not about a job of the family."""
    parents: tuple[str, ...] = ()
    """The JMESPath of each parent's id in the same way, the farthest first."""
    whole: tuple[str, ...] = ()
    """``id`` and the types of parents whose id is the whole ARN."""
    arn: str | None = None
    """The pattern of the resource of the ARN at ``id``, such as ``task/{task}/run/{id}``, where this one ARN names the
    job and, by their types, its parents."""
    status: str | None = None
    """The JMESPath of the status word in the whole event: a key of ``states``, in upper or lower case. ``None`` where
    the event has none: then it is never evidence."""
    reason: str | None = None
    """The JMESPath of the service's message."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StartCalls:
    """The calls that start a family's jobs, as CloudTrail records them. Their events wake the family's source."""

    source: str
    """The ``eventSource``, such as ``transcribe.amazonaws.com``."""
    names: tuple[str, ...]
    """The ``eventName`` of each operation that starts such a job."""
    parents: tuple[str, ...] = ()
    """The JMESPath of each parent's id in the whole event, the farthest first; none where the call does not name
    them."""
    id: str | None = None
    """The JMESPath of the job's id in the whole event, for a family without a list."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """An IAM permission that a family needs in addition to its calls."""

    action: str
    resource: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Family:
    """A kind of job: one service, and a list operation, a get operation or both."""

    service: str
    """boto3's name for the client. Jobview's API uses the same name."""
    type: str
    """The kind within the service, in kebab case, such as ``dicom-import``."""
    title: str
    list: ListCall | None = None
    """``None`` where no operation lists the jobs: a job is then known once somebody asked for it by its id, or an event
    of the service named it."""
    list_fields: Fields | None = None
    states: Mapping[str, State]
    """The state of each native status word; exactly the words of the model's enum."""
    parents: tuple[ParentKind, ...] = ()
    """The jobs' parents, the farthest first. Each is listed under those before it."""
    get: GetCall | None = None
    """``None`` where the list already returns everything."""
    get_fields: Fields | None = None
    items_list: ItemsCall | None = None
    """The operation that lists the items of one job; it is called only when somebody asks for them."""
    items_reader: str | None = None
    """The name of a reader of item-level results outside the service (``items.readers.READERS``)."""
    failures_how: str | None = None
    """How a person reads the failed items. It is shown in the view's ``failures``."""
    presigned: tuple[str, ...] = ()
    """The paths of presigned URLs in the got job. Only ``/v1/links/{id}`` returns them; they are never stored, logged
    or hashed."""
    failures_link: str | None = None
    """The path in ``presigned`` that leads to the failed items."""
    withheld: tuple[str, ...] = ()
    """Members of the native record that may contain secrets and are left out of ``include=native``: dotted names, with
    ``[]`` through lists, and ``*`` for every key of a map. Members that botocore's model marks sensitive
    (``Call.sensitive``) are left out too, and not listed here."""
    console: str | None = None
    """The template of the job's page in the AWS console of the ``aws`` partition. Values are percent-encoded."""
    grants: tuple[Grant, ...] = ()
    events: Events | None = None
    starts: StartCalls | None = None
    """``None`` where the service has events of its own about the jobs, or no operation starts them."""
    regions: tuple[str, ...] | None = None
    """The regions that have the service, where botocore does not list them; ``None``: botocore's list."""
    global_regions: Mapping[str, str] = field(default_factory=dict)
    """For a global service: from a partition to the one region that answers for all regions. Its jobs are read there,
    once for each account, with any monitored regions. Empty: each region has its own jobs."""
    consistency_window: timedelta = CONSISTENCY_WINDOW
    """How long the service may still return older data after newer data. If a get contradicts an end, and began later
    than this after the end was first seen, the get wins."""
    retention: str | None = None
    """How long AWS keeps the record, in words."""
    lists_only: str | None = None
    """Which jobs are found, in words, where these are not all that AWS keeps."""
    retired: date | None = None
    """The day on which AWS shut the service down."""

    @property
    def name(self) -> str:
        """``service/type``, the name used in configuration."""
        return f"{self.service}/{self.type}"

    def read_in(self, targets: Iterable[Target]) -> tuple[Target, ...]:
        """The targets in which the family is read: each target, or one for all targets of an account.

        If a partition lacks the global service, it is the account's first target, so that the coverage has a row for
        this.
        """
        if not self.global_regions:
            return tuple(targets)
        found: dict[tuple[str, str], Target] = {}
        for target in targets:
            region = self.global_regions.get(target.partition, target.region)
            found.setdefault((target.account, target.partition), replace(target, region=region))
        return tuple(found.values())

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
    def listed(self) -> tuple[ListCall, Fields]:
        """The list, and where the facts stand in its records.

        Raises
        ------
        ValueError
            Nothing lists the jobs of this family.
        """
        if self.list is None or self.list_fields is None:
            raise ValueError(f"{self.name} has no list")
        return self.list, self.list_fields

    @property
    def narrowing(self) -> Narrowing | None:
        """How the list is asked for less between two full syncs; ``None`` where it cannot be."""
        return None if self.list is None else self.list.narrowing

    @property
    def newest_first(self) -> bool:
        """True where a list begins with the newest jobs."""
        return self.list is not None and self.list.newest_first

    @property
    def keeps_listing(self) -> bool:
        """False where a job that has ended soon leaves the list, so that reads hours apart would miss whole jobs.

        A list that requires a period reaches back for days, and without a list nothing can be missed.
        """
        return self.list is None or self.lists_only is None or self.list.window is not None

    @property
    def lists_ids_only(self) -> bool:
        """True where a list item is an id without a state."""
        return self.list_fields is not None and self.list_fields.status is None

    @property
    def lists_states(self) -> bool:
        """False where only the get tells a state: the list has ids alone, or there is none."""
        return self.list_fields is not None and self.list_fields.status is not None

    @property
    def deepest_fields(self) -> Fields:
        """Where the facts stand in the record that says most of a job: the got one, where there is a get."""
        return self.listed[1] if self.get_fields is None else self.get_fields

    @property
    def first_call(self) -> Call:
        """The call with which a read of the family's jobs begins: the list, else the get."""
        return self.listed[0] if self.get is None or self.list is not None else self.get

    @property
    def tells_items(self) -> bool:
        """True where the results of single items can be read: listed, in the job itself, or outside the service."""
        in_the_job = self.get_fields is not None and self.get_fields.parts is not None
        return in_the_job or self.items_list is not None or self.items_reader is not None

    def lists_items_of(self, *, counted: bool) -> bool:
        """True where there are items to read of a job. ``counted``: the job has counts of items.

        An operation lists the items of any job. Only if the items are the jobs in a container, the counts have to show
        that the job is one.
        """
        counts, listed = self.deepest_fields.counts, self.items_list
        contained = counts is not None and counts.container and listed is not None and counts.unit == listed.unit
        return self.tells_items and (counted or (listed is not None and not contained))

    @property
    def calls_by_service(self) -> tuple[tuple[str, Call], ...]:
        """Every AWS operation that the family uses, with the service that has it."""
        parents = ((parent.service or self.service, parent.call) for parent in self.parents)
        own = (call for call in (self.list, self.get, self.items_list) if call is not None)
        return (*parents, *((self.service, call) for call in own))

    @property
    def calls(self) -> tuple[Call, ...]:
        """Every AWS operation that the family uses."""
        return tuple(call for _, call in self.calls_by_service)
