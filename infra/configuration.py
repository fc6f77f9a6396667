"""Everything that a deployment may choose, as one validated model.

``infra/context.py`` reads it from the CDK's context, where names are camel case.
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
from jobview.catalogue.family import Family

MEMBER_ROLE: Final = "JobviewMember"
"""The default name of the role in other accounts."""

MOST_TARGETS: Final = 100
"""The largest number of accounts. The functions' policies list a role for each, and policies have a size limit."""

LOG_DAYS: Final = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
"""The retention periods that CloudWatch Logs accepts."""

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
    """Check a pattern of families against the catalogue. The catalogue is the validation's context."""
    return selection.check(pattern, info.context or {})


def _choosing(families: "Families", info: ValidationInfo) -> "Families":
    """Check that the section's patterns together choose at least one family."""
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
    """An account, and its regions that Jobview monitors."""

    account: Account | None = None
    """``None``: the account that the stack is deployed into."""
    role_name: RoleName | None = None
    """The role that is assumed in another account; ``None``: ``MEMBER_ROLE``. The home account has none."""
    role_path: RolePath | None = None
    """The path of that role; ``None``: ``/``."""
    external_id: ExternalId | None = None
    """The external id in that role's trust policy. Required for another account."""
    regions: Annotated[tuple[Region, ...], Field(min_length=1), _UNIQUE]


class Families(_Section):
    """Which kinds of job are read."""

    enabled: Annotated[Annotated[tuple[FamilyName, ...], _UNIQUE] | None, BeforeValidator(_enabled)] = None
    """Names ``service/type`` and globs; a ``!`` in front excludes (``infra/families.py``). ``None``, written
    ``"default"``: every family that AWS has not retired."""
    extra: Annotated[tuple[FamilyName, ...], _UNIQUE] = ()
    """More families, beside ``enabled``. A retired family is enabled here, by its full name."""

    def chosen(self, catalogue: Mapping[str, bool]) -> frozenset[str]:
        """Return the names of the families that are read."""
        extra = selection.chosen(self.extra, catalogue) if self.extra else frozenset()
        return selection.chosen(self.enabled, catalogue) | extra


class Retention(_Section):
    """How many days Jobview stores records."""

    jobs_days: Annotated[int, Field(ge=1, le=3650)] = 400
    """A job, from its end."""
    transitions_days: Annotated[int, Field(ge=1, le=3650)] | None = 400
    """A job's history; ``None``: for ever."""
    logs_days: Annotated[int, AfterValidator(_is_log_days)] = 30


class Cadence(_Section):
    """How often a source is read, in seconds: see ``jobview.refresh.cadence``."""

    active_seconds: Annotated[int, Field(ge=10, le=21_600)] = 60
    """A source with a job that has not ended, or that has just changed."""
    idle_seconds: Annotated[int, Field(ge=10, le=21_600)] = 900
    """The longest interval while nothing changes. The interval doubles from ``active_seconds`` up to this."""
    dormant_seconds: Annotated[int, Field(ge=10, le=86_400)] = 14_400
    """The longest interval while a source never had a job, or a list of parents never had a parent. Where the usual
    interval of such a source is longer, that one counts."""
    discovery_seconds: Annotated[int, Field(ge=10, le=86_400)] = 900
    """A list of parents, such as data stores, queues or state machines."""
    denied_seconds: Annotated[int, Field(ge=10, le=604_800)] = 1_800
    unsupported_seconds: Annotated[int, Field(ge=10, le=604_800)] = 86_400
    """A source in a region that lacks the service."""
    full_sync_seconds: Annotated[int, Field(ge=60, le=604_800)] = 21_600
    """A full sync: everything is listed and compared with everything stored."""
    open_only_full_sync_seconds: Annotated[int, Field(ge=60, le=604_800)] = 3_600
    """A full sync, where the reads between list only jobs that have not ended."""


class Throttling(_Section):
    """Requests that the API accepts from all callers together. The others get 429."""

    rate: Annotated[int, Field(ge=1, le=10_000)] = 50
    """Requests a second, on average."""
    burst: Annotated[int, Field(ge=1, le=5_000)] = 100


class Bundle(_Section):
    """The Python version and the platform of the functions."""

    python: Literal["3.11", "3.12", "3.13", "3.14"] = "3.13"
    architecture: Literal["arm64", "x86_64"] = "arm64"
    platform: Annotated[str, matching(r"[a-z0-9_-]+", "host, or a platform that uv knows")] | None = None
    """The wheels' platform, by uv's name for it; ``None``: Lambda's; ``"host"``: this machine's."""

    @property
    def python_platform(self) -> str | None:
        """The wheels' platform, by uv's name for it; ``None`` for this machine's."""
        if self.platform == "host":
            return None
        machine = {"arm64": "aarch64", "x86_64": "x86_64"}[self.architecture]
        return self.platform or f"{machine}-manylinux_2_34"


class Configuration(_Section):
    """One deployment of Jobview. Everything has a default: an empty configuration monitors the home region."""

    stack_name: Annotated[
        str, matching(r"[A-Za-z][A-Za-z0-9-]{0,39}", "a letter, then up to 39 letters, digits and hyphens")
    ] = "Jobview"
    account: Account | None = None
    """The account that the stack is deployed into; ``None``: the account of the CDK's credentials."""
    region: Region | None = None
    targets: Annotated[tuple[Target, ...], Field(max_length=MOST_TARGETS)] = ()
    """The monitored accounts, each once; empty: the home account in the home region."""
    unlisted_regions: Annotated[tuple[Region, ...], _UNIQUE] = ()
    """Regions that are newer than botocore's data. They are accepted like the listed ones."""
    families: Annotated[Families, AfterValidator(_choosing)] = Families()
    schedule: Annotated[str, AfterValidator(_is_rate)] = "rate(1 minute)"
    """How often the sources that are due are read. No source is read more often."""
    cadence: Cadence = Cadence()
    quota_share: Annotated[float, Field(ge=0.05, le=1, allow_inf_nan=False)] = 0.5
    """The part of AWS's quotas that reads use. The rest is left to other programs in the accounts."""
    refresh_concurrency: Annotated[int, Field(ge=2, le=1000)] = 4
    """How many lanes are read at the same time; SQS's own minimum is 2. A new account has ten concurrent executions:
    the default leaves room for the API beside ingest, plan and publish."""
    ingest_concurrency: Annotated[int, Field(ge=2, le=1000)] = 2
    """How many batches of the services' events are processed at the same time; SQS's own minimum is 2. All batches
    share the same rate limits, so more only helps where many services send events at once."""
    api_reserved_concurrency: Annotated[int, Field(ge=1, le=1000)] | None = None
    """Concurrent executions reserved for the API, and then also its maximum; ``None``: it shares the account's."""
    stale_after_seconds: Annotated[int, Field(ge=60, le=86_400)] = 600
    """A source is stale when its complete read is overdue by more than this. An alarm reports it."""
    retention: Retention = Retention()
    deletion_protection: bool = True
    """DynamoDB refuses to delete the table, for any caller."""
    service_events: bool = True
    """Whether Jobview receives the services' own events."""
    start_calls: bool = False
    """Whether the calls that start jobs wake the sources of families without events, where an account has a trail."""
    import_buckets: Annotated[tuple[S3Uri, ...], _UNIQUE] = ()
    """``s3://bucket/prefix/`` where HealthImaging writes import results, so that Jobview may read the manifests there;
    empty: any bucket of the home account. In both cases only objects that are named like a manifest."""
    import_key_arns: Annotated[tuple[KeyArn, ...], _UNIQUE] = ()
    """The KMS keys of those buckets."""
    kms_key_arn: KeyArn | None = None
    """A KMS key of the home region for all that Jobview stores: table, bucket, queues, topics and logs; ``None``: AWS's
    own keys."""
    role_path: RolePath = "/"
    """The path of the stack's own roles."""
    permissions_boundary_arn: BoundaryArn | None = None
    """A managed policy: the permissions boundary of each of the stack's own roles."""
    throttling: Throttling = Throttling()
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    tracing: bool = True
    """X-Ray traces of the functions."""
    alarms: bool = True
    alarm_email: Email | None = None
    """An address for alarms. AWS first sends it a message to confirm the subscription."""
    notify_email: Email | None = None
    """An address for messages about jobs that failed, wholly or partly. AWS first sends it a message to confirm."""
    notify_chat: bool = False
    """Create the topic of these messages also without an address, so that a chat can subscribe."""
    dashboard: bool = True
    endpoint_url: Annotated[str, matching(r"https?://[^/?#\s]+", "http(s)://host[:port]")] | None = None
    """The endpoint that the functions call instead of AWS, such as an emulator."""
    bundle: Bundle = Bundle()

    @property
    def interval_seconds(self) -> int:
        """Seconds between two runs of the plan."""
        return _rate_seconds(self.schedule)

    def hears(self, family: Family) -> bool:
        """True for a family that has events, or whose start calls are followed."""
        return family.events is not None or (self.start_calls and family.starts is not None)

    @property
    def notifies(self) -> bool:
        """True where somebody gets messages about jobs that failed."""
        return self.notify_chat or self.notify_email is not None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        interval = self.interval_seconds
        if self.stale_after_seconds <= interval:
            raise ValueError(
                f"staleAfterSeconds: is {self.stale_after_seconds}, so that every source would be stale before"
                f" its next read; allowed: more than the schedule's interval, which is {interval}"
            )
        if self.cadence.idle_seconds < self.cadence.active_seconds:
            raise ValueError(
                f"cadence.idleSeconds: is {self.cadence.idle_seconds}; allowed: at least activeSeconds, which is"
                f" {self.cadence.active_seconds}"
            )
        if self.kms_key_arn is not None and self.region not in (None, region := self.kms_key_arn.split(":")[3]):
            raise ValueError(f"kmsKeyArn: is of {region}; allowed: a key of the home region, which is {self.region}")
        if self.start_calls and not self.service_events:
            raise ValueError("startCalls: is true while serviceEvents is false; allowed: only with serviceEvents true")
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
        """Yield each field that names a region, with the region; the home region's field comes first."""
        if self.region is not None:
            yield "region", self.region
        for number, target in enumerate(self.targets):
            for place, region in enumerate(target.regions):
                yield f"targets.{number}.regions.{place}", region

    def _problems(self, target: Target) -> Iterator[tuple[str, str]]:
        """Yield each field of a target that does not fit the home account, and the reason."""
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
        """The home account's regions, empty where it is not monitored; ``None``: the home region."""
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
    """Return the configuration in a JSON document.

    ``catalogue`` maps the name of every family to whether AWS has retired it; ``origin`` names the document in an
    error. Raises ``ConfigurationError``.
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
    """Return the fields of a section; ``None``: of the whole configuration."""
    model = Configuration if section is None else _SECTIONS[str(section)]
    return [field.alias or name for name, field in model.model_fields.items()]
