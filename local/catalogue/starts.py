"""Derives the calls that start jobs, as CloudTrail records them, for families without events of their own."""

import re
from collections.abc import Sequence

from botocore.model import StructureShape

from jobview.catalogue import language
from jobview.catalogue.family import ParentKind, StartCalls
from jobview.catalogue.operations import GetCall, ListCall
from local.catalogue import models
from local.catalogue.deriving import UndecidedError

VERBS = ("Start", "Create", "Submit", "Run", "Send", "Begin")
"""What the name of an operation that starts a job begins with."""
_PLURALS = (("s", ""), ("ies", "y"), ("yses", "ysis"))
_READS = re.compile(r"^(?:List|Describe|BatchGet|Get|Search)")
_UNDER = re.compile(r"(?<=[a-z])(?:For|By|In)[A-Z]\w*$")


def starts(
    declared: language.Family, listing: ListCall | None, get: GetCall | None, parents: Sequence[ParentKind]
) -> StartCalls | None:
    """The start calls of a family; ``None`` where it has events of its own, or no operation starts its jobs.

    Raises
    ------
    UndecidedError
        A declared operation is not in the model.
    """
    if declared.events is not None:
        return None
    service = declared.service.name
    known = frozenset(models.service_model(service).operation_names)
    names = _declared(declared, known)
    if names is None:
        names = tuple(sorted({f"{verb}{noun}" for verb in VERBS for noun in _nouns(listing, get)} & known))
    if not names:
        return None
    return StartCalls(
        source=f"{models.service_model(service).signing_name}.amazonaws.com",
        names=names,
        parents=_parents(service, names, listing or get, parents),
        id=_id(service, names, get) if listing is None and get is not None else None,
    )


def _declared(declared: language.Family, known: frozenset[str]) -> tuple[str, ...] | None:
    """The declared operations; ``None`` where they are to be derived."""
    if declared.starts is None:
        return None
    names = tuple(declared.starts.split())
    if unknown := [name for name in names if name not in known]:
        raise UndecidedError(f"starts: {declared.service.name} has no operation {', '.join(unknown)}")
    return names


def _nouns(listing: ListCall | None, get: GetCall | None) -> set[str]:
    """What the names of the list and of the get call a job, in the singular."""
    found = {_READS.sub("", call.operation) for call in (listing, get) if call is not None}
    found |= {_UNDER.sub("", noun) for noun in found}
    singular = {noun.removesuffix(many) + one for noun in found for many, one in _PLURALS if noun.endswith(many)}
    return {noun for noun in found | singular if noun}


def _parents(
    service: str, names: Sequence[str], call: ListCall | GetCall | None, parents: Sequence[ParentKind]
) -> tuple[str, ...]:
    """Where a start call names the parents, the farthest first: its inputs have the names of the list's inputs."""
    inputs = {} if call is None else call.inputs
    found = []
    for kind in parents:
        template = "{parent}" if kind is parents[-1] else f"{{{kind.type}}}"
        members = [name for name, value in inputs.items() if value == template]
        if not members or not all(_has(service, name, members[0]) for name in names):
            return ()
        found.append(f"detail.requestParameters.{_recorded(members[0])}")
    return tuple(found)


def _has(service: str, operation: str, member: str) -> bool:
    shape = models.operation(service, operation).input_shape
    return isinstance(shape, StructureShape) and member in shape.members


def _id(service: str, names: Sequence[str], get: GetCall) -> str | None:
    """Where the answer of a start call has the id: the member with the name of the get's input."""
    members = [name for name, value in get.inputs.items() if value == "{id}"]
    for member in members:
        outputs = [models.operation(service, name).output_shape for name in names]
        if all(isinstance(shape, StructureShape) and member in shape.members for shape in outputs):
            return f"detail.responseElements.{_recorded(member)}"
    return None


def _recorded(member: str) -> str:
    """A member's name as CloudTrail records it: the first letter in lower case."""
    return member[:1].lower() + member[1:]
