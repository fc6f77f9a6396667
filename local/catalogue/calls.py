"""Compiles the calls of lists: their inputs, pages, listings, and the permission that they need."""

import re
from collections.abc import Mapping
from typing import Any

from jobview.catalogue import language
from jobview.catalogue.language import Service
from jobview.catalogue.operations import ListCall
from local.catalogue import authorization, deriving, models
from local.catalogue.deriving import UndecidedError

_VARIABLE = re.compile(r"\$\{(\w+)\}")


def list_call(
    service: Service,
    declared: language.Parent | language.Family | language.Items,
    operation: str,
    inputs: Mapping[str, Any],
) -> ListCall:
    """Return the call of a list with these inputs. Raises ``UndecidedError`` where the model leaves something open."""
    items = deriving.items(service.name, operation, declared.items, declared.only)
    # Several listings all bind the same inputs in addition.
    each = () if isinstance(declared, language.Parent) else each_of(service, declared, operation)
    deriving.bound(service.name, operation, {**inputs, **(each[0] if each else {})})
    return ListCall(
        operation=operation,
        inputs=inputs,
        rate=service.rate if declared.rate is None else declared.rate,
        quota=declared.quota,
        promised=models.promised(items, models.output(service.name, operation)),
        action=action_of(service, operation),
        items=items,
        page_size=deriving.page_size(service.name, operation, declared.page_size),
        tokens=deriving.tokens(service.name, operation),
    )


def each_of(
    service: Service, declared: language.Family | language.Items, operation: str
) -> tuple[Mapping[str, object], ...]:
    """The inputs of each of several listings; none where one listing has everything."""
    if declared.per_status is None:
        for name in {name for inputs in declared.each for name in inputs}:
            deriving.member(service.name, operation, name)
        return tuple(declared.each)
    if declared.each:
        raise UndecidedError(f"{operation} is called for each status or for each of several inputs: not for both")
    words = deriving.words(deriving.member(service.name, operation, declared.per_status))
    if not words:
        raise UndecidedError(f"{operation}: {declared.per_status} has no enum: declare each")
    return tuple({declared.per_status: word} for word in words)


def action_of(service: Service, operation: str) -> str:
    """The IAM action of an operation. Raises ``UndecidedError`` where the authorization reference does not have it."""
    action = authorization.named(models.service_model(service.name).signing_name, operation)
    if service.retired is None and not authorization.known(action):
        raise UndecidedError(f"the service authorization reference has no action {action}")
    return action


def resource_of(action: str, kind: str | None, member: str) -> str:
    """The narrowest ARN that the action can be granted on, with ``*`` for unknown parts.

    ``kind`` is the declared type of resource, and ``member`` the member of the declaration that has it.
    """
    if not authorization.known(action):
        return "*"
    told = authorization.action(action)
    kinds = told.required or told.optional
    if kind is not None:
        known = {**told.required, **told.optional}
        if kind not in known:
            raise UndecidedError(f"{action} is not granted on {member} {kind!r}; on {', '.join(known) or 'none'}")
        kinds = {kind: known[kind]}
    arns = [arn for each in kinds.values() for arn in each]
    if len(arns) > 1:
        raise UndecidedError(f"{action} is granted on {', '.join(kinds)}: declare {member}")
    names = {"Partition": "{partition}", "Region": "{region}", "Account": "{account}", "AccountId": "{account}"}
    return _VARIABLE.sub(lambda found: names.get(found[1], "*"), arns[0]) if arns else "*"
