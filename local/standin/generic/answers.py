"""What makes the answer of a declared operation: its shape, its records, and the ids that a batch get refuses."""

from collections.abc import Sequence
from typing import Any

import jmespath
from botocore.model import Shape, StructureShape

from jobview.catalogue.operations import ListCall, Unanswered
from local.catalogue.models import resolve
from local.standin.generic.decoys import decoy
from local.standin.generic.placing import ABSENT, condition, placed, with_records
from local.standin.protocol import ServiceProtocol


def with_refused(refused: Unanswered, answer: Any, output: StructureShape, absent: Sequence[str]) -> Any:
    """Return the answer of a batch get with a refusal of each absent id."""
    element = resolve(refused.path, output).shape
    code, says = next(iter(refused.missing.items()), ("ResourceNotFoundException", ""))
    rows = []
    for each in absent:
        row = placed(refused.id, element, decoy(element), each)
        row = placed(refused.code, element, row, code)
        rows.append(placed(refused.message, element, row, f"{each} {says or 'does not exist'}"))
    return with_records(refused.path, output, answer, rows)


def meeting(call: ListCall, shape: Shape, record: Any) -> Any:
    """Return a record that meets the condition at the end of the list's path."""
    wanted = condition(call.items)
    if wanted is None:
        return record
    member, comparison, word = wanted
    inner = resolve(member, shape).shape
    if comparison == "ne":
        if jmespath.search(member, record) != word:
            return record
        others = [each for each in getattr(inner, "enum", ()) if each != word]
        return placed(member, shape, record, others[0] if others else ABSENT)
    return placed(member, shape, record, word + 1 if comparison == "gt" else word)


def output_of(protocol: ServiceProtocol, operation: str) -> StructureShape:
    """Return the shape of an operation's answer."""
    shape = protocol.operation(operation).output_shape
    return StructureShape("Empty", {"type": "structure", "members": {}}) if shape is None else shape


def put(path: str, shape: Shape, within: Any, value: Any) -> Any:
    """Return an answer with a value at a path; ``@`` is the answer itself."""
    return value if path == "@" else placed(path, shape, within, value)
