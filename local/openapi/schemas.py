"""Models of the routes' answers.

The functions build their answers from stored texts; tests compare those with these models.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic.alias_generators import to_camel

from jobview.model import CadenceKind, CoverageStatus, SourceKind, State, Via

Time = Annotated[
    AwareDatetime,
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-11-22T10:00:00.000Z"]}),
]


class Shape(BaseModel):
    """Members are camelCase, always present, and null where nothing is known."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True)


class Parent(Shape):
    """A resource that has jobs, such as a data store or a queue."""

    type: str = Field(examples=["reference-store"])
    id: str = Field(examples=["1234567890"])


class Items(Shape):
    """The numbers of a job's items by their outcome; null where the service does not give them."""

    total: int | None
    succeeded: int | None
    failed: int | None
    skipped: int | None
    unit: str = Field(description="What the items are.", examples=["sources"])


class Failures(Shape):
    """Where the failed items can be read."""

    count: int | None
    uri: str | None
    how: str = Field(description="What to call or open.")


class Links(Shape):
    """Links from a job."""

    self: str = Field(examples=["/v1/jobs/sesv2:us-east-1:111122223333:import:a1b2"])
    console: str | None = Field(description="The job's page in the AWS console.")
    logs: str | None = Field(description="The job's log in the console of CloudWatch Logs; null where it is not known.")
    transitions: str
    items: str | None = Field(description="Null where no item-level results are known.")
    data: str | None = Field(description="Links that give access to the job's data; null where there are none.")


class Job(Shape):
    """One job of any service, in one shape."""

    id: str = Field(
        description="service:region:account:type[:parent…]:nativeId; always one path segment.",
        examples=["omics:us-east-1:111122223333:reference-import:1234567890:9876543210"],
    )
    service: str = Field(examples=["omics"])
    type: str = Field(examples=["reference-import"])
    name: str | None
    parent: Parent | None = Field(description="The nearest of the parents.")
    parents: list[Parent] = Field(description="All parents, the farthest first.")
    account: str = Field(examples=["111122223333"])
    region: str = Field(examples=["us-east-1"])
    generation: int = Field(
        ge=1, description="The number of this start under the same id, from 1 for the first one that Jobview has seen."
    )
    state: State = Field(description="New states may be added: treat an unknown one as not terminal.")
    terminal: bool = Field(description="True only where the job has ended for certain.")
    native_status: str = Field(description="The service's own word.", examples=["COMPLETED_WITH_FAILURES"])
    reason: str | None = Field(description="The service's own message.")
    verified: bool = Field(description="True where item-level results were read too.")
    items: Items | None
    progress: int | None = Field(ge=0, le=100, description="Per cent, where the service gives it; never invented.")
    created_at: Time | None
    started_at: Time | None
    updated_at: Time | None
    ended_at: Time | None
    duration_seconds: float | None
    inputs: list[str]
    outputs: list[str]
    failures: Failures | None
    tags: dict[str, str]
    role: str | None
    links: Links
    changed_at: Time | None = Field(description="When Jobview last saw the job change.")
    observed_at: Time = Field(description="When these values were read from AWS.")
    via: Via = Field(description="How they were read.")


class JobWithNative(Job):
    """One job; with include=native the service's own record too."""

    native: dict[str, Any] | None = Field(
        default=None, description="Only with include=native; without members that may contain secrets."
    )


class AwsError(Shape):
    """Why AWS could not be read."""

    kind: str = Field(examples=["throttled"])
    code: str = Field(description="AWS's own error code.", examples=["TooManyRequestsException"])
    message: str
    operation: str | None = Field(examples=["ListImportJobs"])
    retryable: bool


class UnreadableValue(Shape):
    """A member of AWS's answers that could not be read and is null, in one or more records."""

    operation: str = Field(examples=["GetJobRuns"])
    path: str = Field(description="The path of the first such value.", examples=["JobRuns[1].StartedOn"])
    count: int = Field(ge=1, description="The number of records with such a value there.")


class Source(Shape):
    """One thing that can be listed, and how well it was read."""

    source: str = Field(examples=["omics:us-east-1:111122223333:reference-import:1234567890"])
    kind: SourceKind = Field(description="Whether it lists jobs or their parents.")
    service: str
    type: str
    account: str
    region: str
    parent: Parent | None = Field(description="The nearest of the parents.")
    parents: list[Parent] = Field(description="The parents of the listed jobs or parents, the farthest first.")
    status: CoverageStatus
    as_of: Time | None = Field(description="Start of the last complete read.")
    attempted_at: Time | None
    jobs: int | None = Field(description="Jobs (for a discovery: parents) in the last complete read.")
    error: AwsError | None
    warnings: list[UnreadableValue] = Field(
        description="Values that could not be read at the last read, up to 20 places. Only these values are null."
    )
    lists_only: str | None = Field(description="Which of the family's jobs can be found, where not all can.")


class SourceCadence(Shape):
    """How often a source is read, and why."""

    kind: CadenceKind
    seconds: int | None = Field(description="From one read to the next; null if it is not read again, or not yet.")


class PlannedSource(Source):
    """A source with its schedule."""

    cadence: SourceCadence | None = Field(description="Null for a source that is not on the schedule.")
    next_read_at: Time | None = Field(description="Null too for a source that is never read again.")
    lag_seconds: int | None = Field(ge=0, description="How long the next read is overdue.")
    next_full_sync_at: Time | None = Field(
        description="When everything is listed and compared again; reads before may list less."
    )


class Coverage(Shape):
    """The sources of an answer. A source that could not be read never looks like one without jobs."""

    as_of: Time | None = Field(description="The oldest of the sources' complete reads.")
    counts: dict[str, int] = Field(description="Sources by status.", examples=[{"complete": 11, "denied": 1}])
    sources: list[Source] = Field(description="All sources, or 100 of them, incomplete ones first.")
    omitted: int = Field(ge=0, description="The number of sources that are left out.")


NextToken = Annotated[str | None, Field(description="The token of the next page; null only at the end.")]


class Jobs(Shape):
    """A page of jobs, newest first."""

    jobs: list[Job]
    next_token: NextToken
    coverage: Coverage


class Transition(Shape):
    """A change of a job's state."""

    job_id: str
    number: int = Field(ge=1)
    generation: int = Field(ge=1, description="One more than before if the job started again under its id.")
    previous_state: State | None
    state: State
    native_status: str
    reason: str | None
    changed_at: Time = Field(description="The service's own time, or when the change was seen.")
    observed_at: Time
    via: Via


class Transitions(Shape):
    """A page of a job's history, oldest first."""

    transitions: list[Transition]
    next_token: NextToken


class Item(Shape):
    """One item of a job. A member that the service does not give is null."""

    id: str | None = Field(description="The service's own id of the item.")
    name: str | None
    group: str | None = Field(description="The part of the job that it belongs to: a stage, a schema.")
    uri: str | None
    state: State
    native_status: str | None
    reason: str | None
    created_at: Time | None
    started_at: Time | None
    ended_at: Time | None
    job: str | None = Field(description="The id of the job that the item is: a child of an array job.")


class ItemList(Shape):
    """A page of a job's item-level results."""

    items: list[Item]
    next_token: NextToken
    how: str | None = Field(description="Where a person finds them.")


class Link(Shape):
    """A link that gives access to a job's data."""

    of: Literal["failures", "outputs"] = Field(description="The member of the job view that it belongs to.")
    url: str = Field(description="Presigned: anyone who has it can read the data for some minutes.")


class LinkList(Shape):
    """The links that a job's service signed for this answer."""

    links: list[Link]


class Count(Shape):
    """The number of jobs of one kind in one state."""

    service: str
    type: str
    state: State
    jobs: int


class FailedLastDay(Shape):
    """Jobs that failed, or partly failed, in the last 24 hours."""

    counts: list[Count]
    jobs: list[Job] = Field(description="Up to 20 of them, last ended first.")


class Summary(Shape):
    """Counts, the oldest running job, the last failures."""

    counts: list[Count]
    total: dict[str, int] = Field(description="Jobs by state.", examples=[{"RUNNING": 4, "SUCCEEDED": 120}])
    oldest_running: Job | None
    failed_last_day: FailedLastDay
    coverage: Coverage


class Sources(Shape):
    """A page of the coverage, by source."""

    sources: list[PlannedSource]
    next_token: NextToken


class Operation(Shape):
    """An AWS operation that reads a family."""

    operation: str = Field(examples=["ListReferenceImportJobs"])
    action: str = Field(examples=["omics:ListReferenceImportJobs"])
    calls_per_second: float = Field(description="AWS's rate in one account and region.")


class Grant(Shape):
    """A permission that a family needs in addition to its operations."""

    action: str
    resource: str
    reason: str


class Events(Shape):
    """The service's own EventBridge events."""

    source: str = Field(examples=["aws.omics"])
    detail_types: list[str]


class Family(Shape):
    """A kind of job."""

    family: str = Field(examples=["omics/reference-import"])
    service: str
    type: str
    title: str
    enabled: bool = Field(description="True where this deployment monitors it.")
    retired: date | None = Field(description="The day on which AWS shut the service down.")
    how: str
    operations: list[Operation]
    actions: list[str] = Field(description="The IAM actions that reading it needs.")
    grants: list[Grant]
    parent: str | None = Field(description="The type of its jobs' nearest parent.")
    parents: list[str] = Field(description="The types of its jobs' parents, the farthest first.")
    states: dict[str, State] = Field(description="The state of each of the service's words.")
    items: str | None = Field(description="Where item-level results come from; null: there are none.")
    links: bool = Field(description="True where the service signs links to a job's data.")
    events: Events | None = Field(description="Null: it can only be polled.")
    changes: Literal["events", "polled"] = Field(
        description="How this deployment first sees a change: by the service's events, in every account and region that"
        " forwards them, or at its next read. Everything is polled in addition."
    )
    regions: list[str] | None = Field(description="Null: botocore's list.")
    global_regions: dict[str, str] | None = Field(
        description="For a global service: the region of its jobs in each partition, with any monitored regions. Null:"
        " every region has its own jobs."
    )
    retention: str | None = Field(description="How long AWS keeps a job.")
    lists_only: str | None = Field(description="Which jobs are found, where they are not all that AWS keeps.")


class Families(Shape):
    """The catalogue."""

    families: list[Family]
