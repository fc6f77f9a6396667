"""AWS's limits on what grows with the configuration, and the check of a synthesised template against them.

Each limit names AWS's document. A template above a limit is refused at synthesis with the limit's name; AWS would
refuse it in the middle of a deployment. A value that only the deployment knows counts with its longest possible length.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from infra.configuration import ConfigurationError
from infra.regions import partitions

Template = Mapping[str, Any]
"""A CloudFormation template."""
Measure = Callable[[Template], Iterator[tuple[str, int]]]
"""Yields each part of a template that a limit applies to, with its size."""

_WIDEST: Final = "ap-southeast-1"
"""A placeholder for an account, a region or a partition; none is longer."""
_ATTRIBUTE: Final = "x" * 140
"""A placeholder for the ARN, URL or name of another resource of the stack; those are shorter."""
_PARAMETER: Final = "x" * 64
"""A placeholder for a parameter with one value, such as an account, a region or a name."""
_TOKENS = re.compile(r"\$\{Token\[[^\]]*\]\}|\$\{AWS::\w+\}")
_LIST_TOKEN = re.compile(r"#\{Token\[[^\]]*\]\}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """One limit of AWS."""

    name: str
    most: int
    unit: str
    source: str
    """The title of AWS's document."""
    remedy: str
    measure: Measure
    raised: int | None = None
    """The largest value that AWS grants on request; ``None``: it never raises the limit."""

    def words(self, where: str, size: int) -> str:
        """Return the message for a size above the limit."""
        return f"{where}: {self.name}: {size:,} {self.unit}; AWS allows {self.most:,} ({self.source}). {self.remedy}"


def characters(value: Any) -> int:
    """Return the length of a JSON value without white space, with the longest possible value of each placeholder."""
    text = json.dumps(_filled(value), separators=(",", ":"))
    return len(_TOKENS.sub(_WIDEST, _LIST_TOKEN.sub(_every_region(), text)))


def check(name: str, template: Template, *, size: int, bucket: bool = True) -> list[str]:
    """Check a stack's template of ``size`` bytes; return what a person has to do before it can be deployed.

    ``bucket`` is false for a stack that the CDK deploys without one.

    Raises ``ConfigurationError``, which names every limit that the template exceeds.
    """
    past, asked = [], []
    for limit in LIMITS:
        for where, found in limit.measure(template):
            if found > (limit.raised or limit.most):
                past.append(limit.words(f"{name} {where}", found))
            elif found > limit.most:
                asked.append(f"{limit.words(f'{name} {where}', found)} AWS raises it to {limit.raised} on request.")
    if size > TEMPLATE_BYTES:
        problem = f"{name}: template: {size:,} bytes; AWS allows {TEMPLATE_BYTES:,} ({_CFN})"
        past.append(f"{problem}. {_FEWER_FAMILIES}")
    elif size > INLINE_TEMPLATE_BYTES and not bucket:
        problem = f"{name}: template: {size:,} bytes; AWS allows {INLINE_TEMPLATE_BYTES:,} without a bucket ({_CFN})"
        asked.append(f"{problem}. Put it into one, and give CloudFormation or the StackSet its template URL.")
    if past:
        raise ConfigurationError("\n".join(["Jobview's stacks pass limits of AWS:", *(f"  {line}" for line in past)]))
    return asked


TEMPLATE_BYTES: Final = 1_048_576
"""The largest template that is deployed from a bucket, as by the CDK and by StackSets with a ``TemplateURL``
(CloudFormation quotas)."""
INLINE_TEMPLATE_BYTES: Final = 51_200
"""The largest template that is deployed without a bucket (the same document)."""

_FEWER_FAMILIES: Final = "Exclude families (families.enabled in the configuration)."
_FEWER_ACCOUNTS: Final = "Give fewer targets, or deploy a second Jobview for the others."
_IAM: Final = "IAM and AWS STS quotas"
_EVENTS: Final = "Amazon EventBridge quotas"
_CFN: Final = "CloudFormation quotas"


def _all(template: Template, kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, resource in template.get("Resources", {}).items():
        if resource["Type"] == kind:
            yield name, resource.get("Properties", {})


def _count(part: str) -> Measure:
    def measure(template: Template) -> Iterator[tuple[str, int]]:
        yield part.lower(), len(template.get(part, {}))

    return measure


def _each(kind: str, path: str, size: Callable[[Any], int]) -> Measure:
    """Measure the value at a path, with dots between its members, in each resource of a kind."""

    def measure(template: Template) -> Iterator[tuple[str, int]]:
        for name, properties in _all(template, kind):
            value: Any = properties
            for member in path.split("."):
                value = value.get(member, {})
            yield name, size(value) if value else 0

    return measure


def _letters(name: Any) -> int:
    """Return the length of a text."""
    return characters(name) - len('""')


def _inline(template: Template) -> Iterator[tuple[str, int]]:
    """Yield each role with the size of its own policies: those in the role, and those in resources of their own."""
    for name, properties in _all(template, "AWS::IAM::Role"):
        documents = [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
        for _, policy in (*_all(template, "AWS::IAM::Policy"), *_all(template, "AWS::IAM::RolePolicy")):
            if {"Ref": name} in (*policy.get("Roles", []), policy.get("RoleName")):
                documents.append(policy["PolicyDocument"])
        yield name, sum(map(characters, documents))


def _rules(template: Template) -> Iterator[tuple[str, int]]:
    buses = Counter(json.dumps(rule.get("EventBusName")) for _, rule in _all(template, "AWS::Events::Rule"))
    for bus, number in buses.items():
        yield "the default bus" if bus == "null" else f"bus {bus}", number


LIMITS: Final = (
    Limit(
        name="resources of a stack",
        most=500,
        unit="resources",
        source=_CFN,
        remedy=_FEWER_FAMILIES,
        measure=_count("Resources"),
    ),
    Limit(
        name="outputs of a stack",
        most=200,
        unit="outputs",
        source=_CFN,
        remedy=_FEWER_FAMILIES,
        measure=_count("Outputs"),
    ),
    Limit(
        name="parameters of a stack",
        most=200,
        unit="parameters",
        source=_CFN,
        remedy=_FEWER_FAMILIES,
        measure=_count("Parameters"),
    ),
    Limit(
        name="managed policies of a role",
        most=10,
        raised=20,
        unit="policies",
        source=_IAM,
        remedy=f"{_FEWER_FAMILIES} {_FEWER_ACCOUNTS}",
        measure=_each("AWS::IAM::Role", "ManagedPolicyArns", len),
    ),
    Limit(
        name="size of a managed policy",
        most=6_144,
        unit="characters",
        source=_IAM,
        remedy=_FEWER_FAMILIES,
        measure=_each("AWS::IAM::ManagedPolicy", "PolicyDocument", characters),
    ),
    Limit(
        name="size of a role's own policies",
        most=10_240,
        unit="characters",
        source=_IAM,
        remedy="Name fewer importKeyArns.",
        measure=_inline,
    ),
    Limit(
        name="size of a role's trust policy",
        most=2_048,
        raised=4_096,
        unit="characters",
        source=_IAM,
        remedy="Shorten stackName.",
        measure=_each("AWS::IAM::Role", "AssumeRolePolicyDocument", characters),
    ),
    Limit(
        name="a role's name",
        most=64,
        unit="characters",
        source=_IAM,
        remedy="Shorten stackName.",
        measure=_each("AWS::IAM::Role", "RoleName", _letters),
    ),
    Limit(
        name="environment of a function",
        most=4_096,
        unit="bytes",
        source="Lambda quotas",
        remedy="Shorten stackName or endpointUrl.",
        # Lambda counts names and values, and adds a little for each; JSON's punctuation stands for that.
        measure=_each("AWS::Lambda::Function", "Environment.Variables", characters),
    ),
    Limit(
        name="policy of a queue",
        most=8_192,
        unit="bytes",
        source="Amazon SQS policy quotas",
        remedy=_FEWER_FAMILIES,
        measure=_each("AWS::SQS::QueuePolicy", "PolicyDocument", characters),
    ),
    Limit(
        name="statements of a queue's policy",
        most=20,
        unit="statements",
        source="Amazon SQS policy quotas",
        remedy=_FEWER_FAMILIES,
        measure=_each("AWS::SQS::QueuePolicy", "PolicyDocument.Statement", len),
    ),
    Limit(
        name="policy of an event bus",
        most=10_240,
        unit="characters",
        source=_EVENTS,
        remedy=_FEWER_ACCOUNTS,
        measure=_each("AWS::Events::EventBusPolicy", "Statement", characters),
    ),
    Limit(
        name="event pattern of a rule",
        most=2_048,
        unit="characters",
        source=_EVENTS,
        remedy=_FEWER_FAMILIES,
        measure=_each("AWS::Events::Rule", "EventPattern", characters),
    ),
    Limit(
        name="rules of an event bus",
        most=100,
        raised=300,
        unit="rules",
        # 300 in most regions; 100 in the smallest.
        source=_EVENTS,
        remedy=_FEWER_FAMILIES,
        measure=_rules,
    ),
    Limit(
        name="targets of a rule",
        most=5,
        unit="targets",
        source=_EVENTS,
        remedy=_FEWER_FAMILIES,
        measure=_each("AWS::Events::Rule", "Targets", len),
    ),
    Limit(
        name="a rule's name",
        most=64,
        unit="characters",
        source=_EVENTS,
        remedy="Shorten stackName.",
        measure=_each("AWS::Events::Rule", "Name", _letters),
    ),
)

BY_NAME: Final[Mapping[str, Limit]] = {limit.name: limit for limit in LIMITS}


def _filled(value: Any) -> Any:
    """Return a template's value with each intrinsic function replaced by a placeholder of its longest value."""
    match value:
        case {"Ref": str() as name}:
            if name.startswith("AWS::"):
                return _WIDEST
            return _regions() if name == "Regions" else _PARAMETER
        case {"Fn::GetAtt": _} | {"Fn::ImportValue": _}:
            return _ATTRIBUTE
        case {"Fn::Join": [str() as between, list() as parts]}:
            return between.join(str(_filled(part)) for part in parts)
        case {"Fn::Sub": str() as text}:
            return text
        case {"Fn::Select": _}:
            return "x" * 12  # a part of an id
        case dict():
            return {name: _filled(inner) for name, inner in value.items()}
        case list() | tuple():
            return [_filled(inner) for inner in value]
    return value


@cache
def _regions() -> list[str]:
    """Return the regions of the partition with the most regions."""
    by_partition: dict[str, list[str]] = {}
    for region, partition in partitions().items():
        by_partition.setdefault(partition, []).append(region)
    return max(by_partition.values(), key=len)


@cache
def _every_region() -> str:
    """Return the same regions as in a JSON list, between its first and its last quote."""
    return '","'.join(_regions())
