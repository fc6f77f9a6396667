"""Packs permissions into as few managed policies as possible, because a role's own policies share 10,240 characters."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct, IConstruct

from infra.limits import BY_NAME, characters

MANAGED_POLICY: Final = BY_NAME["size of a managed policy"].most

_PSEUDO = re.compile(r"\$\{(AWS::\w+)\}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Rights:
    """Actions under the same conditions, each with its resources.

    They share a statement, which allows each action on all the resources. This grants nothing more: an action applies
    only to resource types of its own service.
    """

    of: Mapping[str, frozenset[str]]
    """The resources of each action."""
    conditions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """One statement of a policy."""

    actions: frozenset[str]
    resources: frozenset[str]
    conditions: Mapping[str, Mapping[str, Any]]

    def plain(self) -> dict[str, Any]:
        """Return the statement as IAM's JSON, in a stable order."""
        found: dict[str, Any] = {"Effect": "Allow", "Action": sorted(self.actions), "Resource": sorted(self.resources)}
        return {**found, "Condition": {**self.conditions}} if self.conditions else found

    def statement(self) -> iam.PolicyStatement:
        """Return the statement as the CDK's type."""
        return iam.PolicyStatement(
            actions=sorted(self.actions),
            resources=[substituted(resource) for resource in sorted(self.resources)],
            conditions={
                test: {key: _value(value) for key, value in keys.items()} for test, keys in self.conditions.items()
            },
        )


def pack(rights: Iterable[Rights], *, most: int = MANAGED_POLICY) -> list[list[Statement]]:
    """Return policies (lists of statements) of at most ``most`` characters each. An action is in one policy only.

    Raises ``ValueError`` where one action alone is too long.
    """
    done: list[list[Statement]] = []
    under_way: list[Statement] = []
    for group in rights:
        for action, resources in sorted(group.of.items()):
            grown = _with(under_way, action, resources, group.conditions)
            if size(grown) > most:
                if under_way:
                    done.append(under_way)
                grown = _with([], action, resources, group.conditions)
                if size(grown) > most:
                    raise ValueError(f"{action} alone takes {size(grown):,} characters of a policy; allowed: {most:,}")
            under_way = grown
    return [*done, under_way] if under_way else done


def size(statements: Sequence[Statement]) -> int:
    """Return the size of a policy as IAM counts it, with the longest possible value of each placeholder."""
    return characters({"Version": "2012-10-17", "Statement": [each.plain() for each in statements]})


def managed(
    scope: Construct, name: str, rights: Iterable[Rights], *, description: str, reasons: Mapping[str, str]
) -> list[iam.ManagedPolicy]:
    """Make the managed policies for rights. ``reasons`` has the reason for each wildcard, by its resource."""
    made = []
    for number, statements in enumerate(pack(rights), start=1):
        policy = iam.ManagedPolicy(
            scope,
            f"{name}{number}",
            description=f"Jobview: {description}, part {number}",
            document=iam.PolicyDocument(statements=[each.statement() for each in statements]),
        )
        here = {resource for each in statements for resource in each.resources}
        acknowledge(policy, {resource: reason for resource, reason in reasons.items() if resource in here})
        made.append(policy)
    return made


def acknowledge(holder: IConstruct, wildcards: Mapping[str, str]) -> None:
    """Give cdk-nag the reason for each wildcard in a role's or policy's statements, by its resource."""
    names = {
        cdk.Aws.PARTITION: "<AWS::Partition>",
        cdk.Aws.REGION: "<AWS::Region>",
        cdk.Aws.ACCOUNT_ID: "<AWS::AccountId>",
    }
    reasons = []
    for resource, reason in wildcards.items():
        finding = _PSEUDO.sub(lambda found: f"<{found[1]}>", resource)
        for token, name in names.items():
            finding = finding.replace(token, name)
        reasons.append(cdk.Acknowledgment(id=f"AwsSolutions-IAM5[Resource::{finding}]", reason=reason))
    if reasons:
        cdk.Validations.of(holder).acknowledge(*reasons)


def substituted(text: str) -> str:
    """Return a text as ``Fn::Sub``, if it has pseudo parameters: ``Fn::Join`` is far longer in a template."""
    return cdk.Fn.sub(text) if _PSEUDO.search(text) else text


def _with(
    statements: Sequence[Statement], action: str, resources: frozenset[str], conditions: Mapping[str, Mapping[str, Any]]
) -> list[Statement]:
    """Return the statements with one more action, in the statement with the same conditions if there is one."""
    new = Statement(actions=frozenset({action}), resources=resources, conditions=conditions)
    found = [*statements]
    for number, each in enumerate(found):
        # An action on all resources needs its own statement: it would allow the others on all resources too.
        alike = ("*" in each.resources) == ("*" in resources)
        if alike and each.conditions == conditions:
            found[number] = Statement(
                actions=each.actions | new.actions, resources=each.resources | resources, conditions=conditions
            )
            return found
    return [*found, new]


def _value(value: Any) -> Any:
    return [substituted(each) for each in value] if isinstance(value, list | tuple) else substituted(value)
