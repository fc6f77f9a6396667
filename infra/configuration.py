"""Everything that a deployment may choose, as one validated model.

Where it comes from stands in ``infra/context.py``. Names are camel case there and snake case here.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import ErrorDetails

from infra import families as selection
from infra import regions as geography
from infra.texts import Account, BoundaryArn, Email, ExternalId, KeyArn, Region, RoleName, RolePath, S3Uri, matching

MEMBER_ROLE: Final = "JobviewMember"
"""Name of the role in other accounts, unless another is configured."""

MOST_TARGETS: Final = 100
"""Accounts; the functions' roles name each one's role, and a role's policies end at 10,240 characters."""

LOG_DAYS: Final = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
"""The retention periods that CloudWatch Logs knows."""

_RATE = re.compile(r"rate\((?:1 (minute|hour)|([2-9]|[1-9][0-9]+) (minutes|hours))\)")
_LONGEST_INTERVAL = 6 * 3600
_SECONDS = {"minute": 60, "hour": 3600}


class ConfigurationError(Exception):
    """The configuration cannot be used; the message names each field, what is wrong and what is allowed."""


def _rate_seconds(rate: str) -> int:
    """Return the seconds between two runs of a ``rate(…)``; ``ValueError`` where it is not allowed."""
    match = _RATE.fullmatch(rate)
    if match is None:
        raise ValueError('allowed: "rate(1 minute)", "rate(5 minutes)", "rate(2 hours)" and the like')
    unit = (match[1] or match[3]).removesuffix("s")
    seconds = int(match[2] or 1) * _SECONDS[unit]
    if seconds > _LONGEST_INTERVAL:
        raise ValueError("allowed: at the most rate(6 hours), so that an alarm can look back over three")
    return seconds


def _is_rate(rate: str) -> str:
    _rate_seconds(rate)
    return rate


def _is_log_days(days: int) -> int:
    if days not in LOG_DAYS:
        raise ValueError(f"allowed by CloudWatch Logs: {', '.join(map(str, LOG_DAYS))}")
    return days


def _enabled(value: object) -> object:
    if value is None or value == "default":
        return None
    if isinstance(value, list | tuple) and value:
        return value
    raise ValueError('allowed: "default" (all that are not retired) or a list of families that is not empty')


def _known(pattern: str, info: ValidationInfo) -> str:
    """Check a pattern of families against the catalogue, which is the validation's context."""
    return selection.check(pattern, info.context or {})


def _choosing(families: "Families", info: ValidationInfo) -> "Families":
    """Check that what is excluded leaves a family, which the whole section tells."""
    if info.context and not families.chosen(info.context):
        raise ValueError("enabled and extra leave no family; allowed: patterns that match at least one")
    return families


def _unique(values: tuple[str, ...]) -> tuple[str, ...]:
    twice = sorted({value for value in values if values.count(value) > 1})
    if twice:
        raise ValueError(f"each once only; given twice: {', '.join(twice)}")
    return values


_UNIQUE = AfterValidator(_unique)
FamilyName = Annotated[str, AfterValidator(_known)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel)


class Target(_Section):
    """An account and the regions of it that are monitored."""

    account: Account | None = None
    """``None``: the account that the stack is deployed into."""
    role_name: RoleName | None = None
    """The role that is assumed in another account; ``None``: ``MEMBER_ROLE``. The home account has none."""
    role_path: RolePath | None = None
    """The path of that role; ``None``: ``/``."""
    external_id: ExternalId | None = None
    """What that role's trust policy asks for; needed in another account."""
    regions: Annotated[tuple[Region, ...], Field(min_length=1), _UNIQUE]


class Families(_Section):
    """Which kinds of job are read."""

    enabled: Annotated[Annotated[tuple[FamilyName, ...], _UNIQUE] | None, BeforeValidator(_enabled)] = None
    """Names ``service/type``, globs, and either with ``!`` in front to exclude: see ``infra/families.py``. ``None``,
    written ``"default"``: every family that AWS has not retired."""
    extra: Annotated[tuple[FamilyName, ...], _UNIQUE] = ()
    """Added to ``enabled``; a retired family is switched on here, by its full name."""

    def chosen(self, catalogue: Mapping[str, bool]) -> frozenset[str]:
        """Return the names of the families that are read."""
        extra = selection.chosen(self.extra, catalogue) if self.extra else frozenset()
        return selection.chosen(self.enabled, catalogue) | extra


class Retention(_Section):
    """How long things are kept, in days."""

    jobs_days: Annotated[int, Field(ge=1, le=3650)] = 400
    """A job that has ended, counted from its end."""
    transitions_days: Annotated[int, Field(ge=1, le=3650)] | None = 400
    """A job's history; ``None``: for ever."""
    logs_days: Annotated[int, AfterValidator(_is_log_days)] = 30


class Cadence(_Section):
    """How often a source is read, in seconds: see ``jobview.refresh.cadence``."""

    active_seconds: Annotated[int, Field(ge=10, le=21_600)] = 60
    """With a job that has not ended, and after any change."""
    idle_seconds: Annotated[int, Field(ge=10, le=21_600)] = 900
    """At the most, while nothing changes: the interval doubles from ``active_seconds`` on."""
    discovery_seconds: Annotated[int, Field(ge=10, le=86_400)] = 900
    """A search for parents: data stores, queues, state machines."""
    denied_seconds: Annotated[int, Field(ge=10, le=604_800)] = 1_800
    unsupported_seconds: Annotated[int, Field(ge=10, le=604_800)] = 86_400
    """A region without the service."""
    full_sync_seconds: Annotated[int, Field(ge=60, le=604_800)] = 21_600
    """From one listing of everything, compared with all that is stored, to the next."""
    open_only_full_sync_seconds: Annotated[int, Field(ge=60, le=604_800)] = 3_600
    """The same where the service lets the reads between ask for open jobs alone."""


class Throttling(_Section):
    """Requests that the API takes from all callers together; more are answered 429."""

    rate: Annotated[int, Field(ge=1, le=10_000)] = 50
    """Requests a second, over time."""
    burst: Annotated[int, Field(ge=1, le=5_000)] = 100


class Bundle(_Section):
    """What the functions' code is built for."""

    python: Literal["3.11", "3.12", "3.13", "3.14"] = "3.13"
    architecture: Literal["arm64", "x86_64"] = "arm64"
    platform: Annotated[str, matching(r"[a-z0-9_-]+", "host, or a platform that uv knows")] | None = None
    """The wheels' platform as uv names it; ``None``: Lambda's; ``"host"``: this machine's."""

    @property
    def python_platform(self) -> str | None:
        """The wheels' platform as uv names it; ``None`` for this machine's."""
        if self.platform == "host":
            return None
        machine = {"arm64": "aarch64", "x86_64": "x86_64"}[self.architecture]
        return self.platform or f"{machine}-manylinux_2_34"


class Configuration(_Section):
    """One deployment of Jobview. Everything has a default: an empty configuration watches the home region."""

    stack_name: Annotated[
        str, matching(r"[A-Za-z][A-Za-z0-9-]{0,39}", "a letter, then up to 39 letters, digits and hyphens")
    ] = "Jobview"
    account: Account | None = None
    """Where the stack is deployed; ``None``: where the CDK's credentials point."""
    region: Region | None = None
    targets: Annotated[tuple[Target, ...], Field(max_length=MOST_TARGETS)] = ()
    """What is monitored, each account once; empty: the home account in the home region."""
    unlisted_regions: Annotated[tuple[Region, ...], _UNIQUE] = ()
    """Regions that are newer than botocore's data: they may be named all the same."""
    families: Annotated[Families, AfterValidator(_choosing)] = Families()
    schedule: Annotated[str, AfterValidator(_is_rate)] = "rate(1 minute)"
    """How often what is due is read; no source is read more often."""
    cadence: Cadence = Cadence()
    quota_share: Annotated[float, Field(ge=0.05, le=1, allow_inf_nan=False)] = 0.5
    """What part of AWS's quotas reads take; the rest is left to other programs in the accounts, which come first."""
    refresh_concurrency: Annotated[int, Field(ge=2, le=1000)] = 4
    """Lanes that are read at the same time (2 is the least that SQS can bound). With what follows events, plan and
    publish this leaves the API room among the ten executions that a new account has."""
    ingest_concurrency: Annotated[int, Field(ge=2, le=1000)] = 2
    """Batches of the services' events that are followed at the same time. All wait for the same reservations: more than
    the least that SQS can bound only helps where many services send events of changes at once."""
    api_reserved_concurrency: Annotated[int, Field(ge=1, le=1000)] | None = None
    """Executions that are kept for the API, which then has no more either; ``None``: it shares the account's."""
    stale_after_seconds: Annotated[int, Field(ge=60, le=86_400)] = 600
    """A source whose complete read is overdue by more than this is called stale, and alarms."""
    retention: Retention = Retention()
    deletion_protection: bool = True
    """DynamoDB refuses to delete the table, whoever asks."""
    service_events: bool = True
    """Whether the services' own events are listened to."""
    import_buckets: Annotated[tuple[S3Uri, ...], _UNIQUE] = ()
    """``s3://bucket/prefix/`` of HealthImaging's import output, whose manifests are read; empty: any
    bucket of the home account. Either way only objects that are named like a manifest."""
    import_key_arns: Annotated[tuple[KeyArn, ...], _UNIQUE] = ()
    """KMS keys that those buckets are encrypted with."""
    kms_key_arn: KeyArn | None = None
    """A KMS key of the home region for what Jobview stores: table, bucket, queues, topics and logs; ``None``: keys of
    AWS."""
    role_path: RolePath = "/"
    """Path of the stack's own roles."""
    permissions_boundary_arn: BoundaryArn | None = None
    """A managed policy that bounds each of the stack's own roles."""
    throttling: Throttling = Throttling()
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    tracing: bool = True
    """X-Ray traces of the functions."""
    alarms: bool = True
    alarm_email: Email | None = None
    """Subscribed to the alarm topic; AWS sends a message to confirm first."""
    notify_email: Email | None = None
    """Told of every job that fails, wholly or partly; AWS sends a message to confirm first."""
    notify_chat: bool = False
    """The topic of these messages is made without an address too, for a chat to subscribe to."""
    dashboard: bool = True
    endpoint_url: Annotated[str, matching(r"https?://[^/?#\s]+", "http(s)://host[:port]")] | None = None
    """Where the functions find AWS, when it is not AWS."""
    bundle: Bundle = Bundle()

    @property
    def interval_seconds(self) -> int:
        """Seconds between two runs of the plan."""
        return _rate_seconds(self.schedule)

    @property
    def notifies(self) -> bool:
        """True where somebody is to be told of jobs that fail."""
        return self.notify_chat or self.notify_email is not None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        interval = self.interval_seconds
        if self.stale_after_seconds <= interval:
            raise ValueError(
                f"staleAfterSeconds: is {self.stale_after_seconds}, so that all would be stale before its"
                f" next turn; allowed: more than the schedule's interval, which is {interval}"
            )
        if self.cadence.idle_seconds < self.cadence.active_seconds:
            raise ValueError(
                f"cadence.idleSeconds: is {self.cadence.idle_seconds}; allowed: at least activeSeconds, which is"
                f" {self.cadence.active_seconds}"
            )
        if self.kms_key_arn is not None and self.region not in (None, region := self.kms_key_arn.split(":")[3]):
            raise ValueError(f"kmsKeyArn: is of {region}; allowed: a key of the home region, which is {self.region}")
        if self.alarm_email is not None and not self.alarms:
            raise ValueError("alarmEmail: is given while alarms is false; allowed: only with alarms true")
        for field, problem in geography.problems(self._places(), home=self.region, unlisted=self.unlisted_regions):
            raise ValueError(f"{field}: {problem}")
        accounts: set[str | None] = set()
        for number, target in enumerate(self.targets):
            for field, problem in self._problems(target):
                raise ValueError(f"targets.{number}.{field}: {problem}")
            account = target.account or self.account
            if account in accounts:
                raise ValueError(
                    f"targets.{number}.account: is {account or 'the home account'} again; allowed: once each"
                )
            accounts.add(account)
        return self

    def _places(self) -> Iterator[tuple[str, str]]:
        """Each field that names a region, with the region, the home region's first."""
        if self.region is not None:
            yield "region", self.region
        for number, target in enumerate(self.targets):
            for place, region in enumerate(target.regions):
                yield f"targets.{number}.regions.{place}", region

    def _problems(self, target: Target) -> Iterator[tuple[str, str]]:
        """Fields of a target that do not fit the home account, and why."""
        if target.account is not None and self.account is None:
            yield "account", f"is {target.account}, and the home account is not known; allowed: with account set too"
        elif self.is_home(target):
            needless = "is given for the home account, where no role is assumed; allowed: for other accounts only"
            if target.role_name is not None:
                yield "roleName", needless
            if target.role_path is not None:
                yield "rolePath", needless
            if target.external_id is not None:
                yield "externalId", needless
        elif target.external_id is None:
            yield "externalId", f"is missing; allowed: what the role in {target.account} asks for"

    def is_home(self, target: Target) -> bool:
        """True for the account that the stack is deployed into."""
        return target.account in (None, self.account)

    @property
    def home_regions(self) -> tuple[str, ...] | None:
        """The home account's regions, none where it is not monitored; ``None``: the home region."""
        if not self.targets:
            return None
        return tuple(region for target in self.targets if self.is_home(target) for region in target.regions)

    @property
    def members(self) -> tuple[Target, ...]:
        """The targets in other accounts."""
        return tuple(target for target in self.targets if not self.is_home(target))

    def enabled_families(self, catalogue: Mapping[str, bool]) -> tuple[str, ...]:
        """Return the names of the families that are read, in the catalogue's order."""
        chosen = self.families.chosen(catalogue)
        return tuple(name for name in catalogue if name in chosen)


def parse(document: object, *, catalogue: Mapping[str, bool], origin: str) -> Configuration:
    """Return the configuration that a JSON document holds.

    ``catalogue`` maps the name of every family to whether AWS has retired it; ``origin`` says in an error
    where the document comes from. Raises ``ConfigurationError``.
    """
    try:
        return Configuration.model_validate(document, context=catalogue)
    except ValidationError as error:
        lines = [f"  {_line(detail)}" for detail in error.errors()]
        raise ConfigurationError("\n".join([f"Jobview's configuration ({origin}) is not valid:", *lines])) from None


def _line(detail: ErrorDetails) -> str:
    """Return one validation error as ``field: what is wrong; allowed: …``."""
    message = detail["msg"].removeprefix("Value error, ")
    path = detail["loc"]
    if not path:
        return message  # the model's own checks name their field
    field = ".".join(map(str, path))
    if detail["type"] == "extra_forbidden":
        return f"{field}: there is no such field; allowed: {', '.join(_names(path[0] if path[1:] else None))}"
    if detail["type"] == "missing":
        return f"{field}: is missing"
    given = json.dumps(detail["input"], default=str)
    if detail["type"] == "model_type":
        return f"{field}: is {json.dumps(detail['input'])}; allowed: an object with {', '.join(_names(path[0]))}"
    return f"{field}: is {given}; {message[0].lower()}{message[1:]}"


_SECTIONS: Final[Mapping[str, type[_Section]]] = {
    "targets": Target,
    "families": Families,
    "cadence": Cadence,
    "retention": Retention,
    "throttling": Throttling,
    "bundle": Bundle,
}


def _names(section: int | str | None) -> list[str]:
    """Return the fields of a section; of the whole for ``None``."""
    model = Configuration if section is None else _SECTIONS[str(section)]
    return [field.alias or name for name, field in model.model_fields.items()]
