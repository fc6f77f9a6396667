"""Rights packed into as few managed policies as hold them: a role's own policies hold 10,240 characters in all."""

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
    """Actions under one condition, each with its resources.

    They share a statement, so that each action is allowed on the others' resources too. That opens nothing: an action
    only meets resources of its own service, and of those only the types that it knows.
    """

    of: Mapping[str, frozenset[str]]
    """Action → resources."""
    conditions: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """A part of some rights, as much as fits a policy."""

    actions: frozenset[str]
    resources: frozenset[str]
    conditions: Mapping[str, Mapping[str, Any]]

    def plain(self) -> dict[str, Any]:
        """Return it as IAM is given it, in a steady order."""
        found: dict[str, Any] = {"Effect": "Allow", "Action": sorted(self.actions), "Resource": sorted(self.resources)}
        return {**found, "Condition": {**self.conditions}} if self.conditions else found

    def statement(self) -> iam.PolicyStatement:
        """Return it as the CDK wants it."""
        return iam.PolicyStatement(
            actions=sorted(self.actions),
            resources=[substituted(resource) for resource in sorted(self.resources)],
            conditions={
                test: {key: _value(value) for key, value in keys.items()} for test, keys in self.conditions.items()
            },
        )


def pack(rights: Iterable[Rights], *, most: int = MANAGED_POLICY) -> list[list[Statement]]:
    """Return policies, each a list of statements, of at most ``most`` characters; each action stands in one of them.

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
    """Return the characters that IAM counts of a policy; what only the deployment knows at its longest."""
    return characters({"Version": "2012-10-17", "Statement": [each.plain() for each in statements]})


def managed(
    scope: Construct, name: str, rights: Iterable[Rights], *, description: str, reasons: Mapping[str, str]
) -> list[iam.ManagedPolicy]:
    """Make the managed policies of rights; ``reasons`` says why a resource has a wildcard."""
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
    """Give cdk-nag the reason of each wildcard in a role's or policy's statements, and of none that is not there."""
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
    """Return a text whose pseudo parameters CloudFormation fills in: far shorter in a template than joined pieces."""
    return cdk.Fn.sub(text) if _PSEUDO.search(text) else text


def _with(
    statements: Sequence[Statement], action: str, resources: frozenset[str], conditions: Mapping[str, Mapping[str, Any]]
) -> list[Statement]:
    """The same statements with one action more, in the one that has its conditions and is of its kind."""
    new = Statement(actions=frozenset({action}), resources=resources, conditions=conditions)
    found = [*statements]
    for number, each in enumerate(found):
        # What is granted on everything stays apart: it would widen the others.
        alike = ("*" in each.resources) == ("*" in resources)
        if alike and each.conditions == conditions:
            found[number] = Statement(
                actions=each.actions | new.actions, resources=each.resources | resources, conditions=conditions
            )
            return found
    return [*found, new]


def _value(value: Any) -> Any:
    return [substituted(each) for each in value] if isinstance(value, list | tuple) else substituted(value)
