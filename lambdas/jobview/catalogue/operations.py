"""The AWS operations of a family: what they are called with, their pages, and their errors.

Input values are templates: ``{parent}``, ``{id}``, ``{account}``, ``{region}`` and ``{partition}`` are filled in.
``{parent}`` is the nearest parent; a parent above it is named by its type, such as ``{knowledge-base}``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

IDS = "{ids}"
"""In the inputs of a ``GetCall``: the list of up to ``batch`` native ids."""
MOMENT_FORMS = ("Text", "Seconds", "Milliseconds", "MillisecondsText")
"""In the inputs of a list, ``{since}`` and ``{until}`` are the start and the end of a period, as timestamps. These
suffixes of the name (``{sinceText}``) are other forms of the time: ISO 8601, a number of seconds or of milliseconds
since 1970, and the latter as a text."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One AWS read operation."""

    operation: str
    """Its name in the service model, such as ``ListDICOMImportJobs``."""
    inputs: Mapping[str, object] = field(default_factory=dict)
    """From an input member to a template, a constant, or lists and maps of them."""
    rate: float
    """The calls a second that AWS allows in one account and region, or a careful guess where AWS publishes no rate."""
    action: str
    """The IAM action that allows the call, such as ``medical-imaging:ListDICOMImportJobs``."""
    quota: str | None = None
    """The name of a quota that several operations share; ``None``: the operation has its own."""
    promised: bool = False
    """True where the model requires the output member with the records: an answer without it is malformed."""
    sensitive: tuple[str, ...] = ()
    """Members of a record that botocore's model marks sensitive, in the format of ``Family.withheld``; ``@``: all."""

    @property
    def quota_name(self) -> str:
        """The name of the quota that ``rate`` belongs to, within a lane."""
        return self.quota or self.operation


@dataclass(frozen=True, kw_only=True, slots=True)
class Narrowing:
    """How less is listed between two full syncs. The next full sync finds what such a list misses."""

    inputs: tuple[Mapping[str, object], ...]
    """For each listing the input members that are added to the call's own or replace them, with ``{since}`` in them."""
    whole: bool
    """True where it lists every job created since a time. False where it lists only jobs that have not ended: then only
    an event or the next full sync finds a job that starts and ends between two reads, and the read is not complete."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """The period that a list requires: it tells the jobs in it, and none without it."""

    length: timedelta
    """How far back it reaches."""
    longest: timedelta | None = None
    """The longest period of one call, where the service limits it. A longer one takes several calls."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ListCall(Call):
    """An operation that answers in pages."""

    items: str
    """The JMESPath of the page's items in the answer."""
    page_size: tuple[str, int | str] | None = None
    """The input member of the page size, and its largest value: a text where the model has it so."""
    tokens: tuple[str, str] | None = None
    """The input and the output member of the page token; ``None``: there is only one page."""
    each: tuple[Mapping[str, object], ...] = ()
    """The additional inputs of several listings that together list all jobs, where one listing does not."""
    narrowing: Narrowing | None = None
    newest_first: bool = False
    """True where the service lists the newest jobs first, so that a listing may stop at jobs that it listed before."""
    window: Window | None = None
    """The period that the list requires; ``{since}`` and ``{until}`` are in the inputs."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unanswered:
    """Where a batch answer lists the ids that it refuses, each with a code. An id that is not in it is no job."""

    path: str
    """The JMESPath of the refusals in the answer."""
    id: str
    code: str
    message: str
    missing: Mapping[str, str] = field(default_factory=dict)
    """See ``GetCall``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GetCall(Call):
    """An operation that returns one job, or several, in full."""

    resource: str = "*"
    """The narrowest ARN template that IAM accepts; ``*`` only where the action has no resource type."""
    item: str
    """The JMESPath of the job in the answer, or of the list of jobs where ``batch`` is set."""
    batch: int | None = None
    """The largest number of ids in one call, for an operation that returns a list: its ``inputs`` contain ``IDS``, or,
    with 1, they filter a list by the id."""
    missing: Mapping[str, str] = field(default_factory=dict)
    """Error codes that mean "no such job", each with a text that the message must contain, in lower case. An empty text
    accepts any message."""
    unanswered: Unanswered | None = None
