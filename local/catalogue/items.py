"""Compiles the operation that lists a job's items."""

from collections.abc import Mapping
from dataclasses import fields

from botocore.model import Shape

from jobview.catalogue import language
from jobview.catalogue.family import ItemsCall
from jobview.catalogue.language import Job
from jobview.catalogue.operations import IDS, GetCall
from jobview.model import State
from local.catalogue import deriving, models
from local.catalogue.calls import each_of, list_call, resource_of
from local.catalogue.deriving import UndecidedError
from local.catalogue.facts import fields_of, states_in
from local.catalogue.models import resolve

_READ = frozenset({"id", "status", "name", "created", "started", "ended", "reason", "causes", "when"})
"""The facts of an item that its row shows."""


def items_call(
    declared: language.Family,
    get: GetCall | None,
    parents: Mapping[str, object],
    states: Mapping[str, State],
    cut: tuple[str, ...],
) -> ItemsCall | None:
    """Return the call that lists the items of one job, if one is declared.

    Parameters
    ----------
    declared
        The family.
    get, parents
        The family's get, and which inputs of its list take the parents: the same inputs here take the same values.
    states
        The family's states, for items that have the same words.
    cut
        Contains ``id`` if a job's id is the last part of an ARN.

    Raises
    ------
    UndecidedError
        A model contradicts the declaration, or leaves something open.
    """
    items = declared.items_list
    if items is None:
        return None
    superfluous = [
        each.name for each in fields(Job) if each.name not in _READ and getattr(items.item, each.name) != each.default
    ]
    if superfluous:
        raise UndecidedError(f"{items.list}: no row of an item shows {', '.join(superfluous)}: leave it out")
    known = {**parents, **({} if get is None else get.inputs)}
    call = list_call(declared.service, items, items.list, _inputs(declared, items, known, cut))
    record = resolve(call.items, models.output(declared.service.name, items.list)).shape
    for path in (items.group, items.uri):
        if path is not None:
            resolve(path, record)
    where = f"an item of {items.list}"
    if items.item.status is None:
        raise UndecidedError(f"{where} has no status")
    own = {} if items.states is None else items.states
    words = states_in(own, items.item.status, record) if own else _same(states, items.item.status, record, where)
    base = {each.name: getattr(call, each.name) for each in fields(call)}
    base |= {
        "each": each_of(declared.service, items, items.list),
        "sensitive": models.sensitive(record),
        "missing": {**dict.fromkeys(deriving.missing(declared.service.name, items.list), ""), **items.missing},
        # What lists everything is granted on everything.
        "resource": "*" if items.list == declared.list else resource_of(call.action, items.resource, "resource"),
    }
    return ItemsCall(
        **base,
        unit=items.unit,
        fields=fields_of(items.item, record, where, has_id=False),
        states=words,
        group=items.group,
        uri=items.uri,
        job=items.job,
    )


def _inputs(
    declared: language.Family, items: language.Items, known: Mapping[str, object], cut: tuple[str, ...]
) -> dict[str, object]:
    """The inputs of the call: the declared inputs, the inputs that the list or the get has too, and the job's id."""
    shape = models.inputs(declared.service.name, items.list)
    found = {
        name: template
        for name, template in known.items()
        if name in shape.required_members and template != IDS and name not in items.inputs
    }
    found |= items.inputs
    if "{id}" in str(found):
        return found
    left = [name for name in shape.required_members if name not in found]
    if len(left) != 1:
        raise UndecidedError(f"{items.list}: which input takes the job's id? Declare inputs")
    if "id" in cut and deriving.takes_arn({left[0]: "{id}"}, "{id}"):
        raise UndecidedError(f"{items.list}: {left[0]} takes an ARN, and the id is its last part: declare inputs")
    return found | {left[0]: "{id}"}


def _same(states: Mapping[str, State], status: str, record: Shape, where: str) -> dict[str, State]:
    """The family's states, if an item's status has the same words."""
    words = deriving.words(resolve(status, record).shape)
    if set(words) - set(states):
        raise UndecidedError(f"{where} has words that the family does not have: declare states")
    return {word: states[word] for word in words or states}
