"""Of every answer of every operation, any one member may be anything: it alone is null, and its path is told."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from jobview.aws import timestamps
from jobview.aws.parsers import PROTOCOLS, UNREADABLE
from jobview.catalogue.family import Call, Family
from tests.contract.each import each_call
from tests.contract.shapes import operation, service_model
from tests.contract.xml_answers import XML, wire_name, written

Steps = tuple[str | int, ...]
SCALARS: dict[str, object] = {
    "string": "text",
    "boolean": True,
    "integer": 7,
    "long": 7,
    "float": 0.5,
    "double": 0.5,
    "timestamp": 1772449200,
}
WRONG_IN_XML: dict[str, tuple[object, ...]] = {
    "string": ({"a": 1},),
    "boolean": (7, "yes", {"a": 1}),
    "integer": ("seven", 2.5, 10**30, {"a": 1}),
    "long": ("seven", 2.5, 10**30, {"a": 1}),
    "float": ("nan", "inf", {"a": 1}),
    "double": ("nan", "inf", {"a": 1}),
    "timestamp": ("1772445600000", "soon", {"a": 1}),
    "structure": ("text", 7),
    "list": ("text", 7),
    "map": ("text", 7),
}
"""In XML every value is a text or has elements."""
WRONG: dict[str, tuple[object, ...]] = {
    "string": (7, ["a"], {"a": 1}, True),
    "boolean": (7, "yes", {}),
    "integer": ("7", 2.5, 10**30, [], True),
    "long": ("7", 2.5, 10**30, [], True),
    "float": ("0.5", float("nan"), {}, False),
    "double": ("0.5", float("inf"), {}, False),
    "timestamp": (1772445600000, "soon", {}, [1], True),
    "structure": ("text", 7, ["a"]),
    "list": ("text", 7, {"a": 1}),
    "map": ("text", 7, ["a"]),
}


def on_the_wire(shape: Shape, around: tuple[str, ...] = ()) -> Any:
    """An answer with every member, one of each list and map."""
    match shape:
        case StructureShape():
            if shape.name in around:
                return {}
            names = list(shape.members)[:1] if shape.is_tagged_union else list(shape.members)
            return {
                wire_name(name, shape.members[name]): on_the_wire(shape.members[name], (*around, shape.name))
                for name in names
            }
        case ListShape():
            return [on_the_wire(shape.member, around)]
        case MapShape():
            return {"key": on_the_wire(shape.value, around)}
    return SCALARS[shape.type_name]


def members(shape: Shape, answer: Any, steps: Steps = (), path: str = "") -> Iterator[tuple[Shape, Steps, str]]:
    """Every value of the answer below the answer itself: its shape, where it is on the wire, and its path."""
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            wire = wire_name(name, member)
            if wire in answer and member.serialization.get("location") is None:
                inner = f"{path}.{name}" if path else name
                yield member, (*steps, wire), inner
                yield from members(member, answer[wire], (*steps, wire), inner)
    elif isinstance(shape, ListShape):
        for number, one in enumerate(answer):
            yield shape.member, (*steps, number), f"{path}[{number}]"
            yield from members(shape.member, one, (*steps, number), f"{path}[{number}]")
    elif isinstance(shape, MapShape):
        for key, one in answer.items():
            yield shape.value, (*steps, key), f"{path}.*"
            yield from members(shape.value, one, (*steps, key), f"{path}.*")


def put(answer: Any, steps: Steps, value: object) -> Any:
    changed = copy.deepcopy(answer)
    inner = changed
    for step in steps[:-1]:
        inner = inner[step]
    inner[steps[-1]] = value
    return changed


def parsed(declared: Family, call: Call, answer: Any) -> tuple[dict[str, Any], list[str]]:
    protocol = service_model(declared.service).resolved_protocol
    model = operation(declared, call.operation)
    body = written(model, answer) if protocol in XML else json.dumps(answer).encode()
    parser = PROTOCOLS[protocol](timestamp_parser=timestamps.parse)
    response = {"status_code": 200, "headers": {}, "body": body, "context": {}}
    shape = model.output_shape
    assert shape is not None
    told: dict[str, Any] = parser.parse(response, shape)
    metadata = told.pop("ResponseMetadata")
    return told, metadata.get(UNREADABLE, [])


def nulls(clean: Any, spoilt: Any) -> int:
    """How many values of an answer are null in the other; all else is the same in both."""
    if spoilt is None and clean is not None:
        return 1
    if isinstance(clean, dict):
        assert clean.keys() == spoilt.keys()
        return sum(nulls(clean[name], spoilt[name]) for name in clean)
    if isinstance(clean, list):
        return sum(nulls(one, other) for one, other in zip(clean, spoilt, strict=True))
    assert clean == spoilt
    return 0


@each_call
def test_one_bad_value_costs_one_value(declared: Family, call: Call) -> None:
    shape = operation(declared, call.operation).output_shape
    assert shape is not None
    answer = on_the_wire(shape)
    wrong = WRONG_IN_XML if service_model(declared.service).resolved_protocol in XML else WRONG
    clean, unreadable = parsed(declared, call, answer)
    assert unreadable == []
    tried = 0
    for member, steps, path in members(shape, answer):
        for value in wrong[member.type_name]:
            spoilt, unreadable = parsed(declared, call, put(answer, steps, value))
            assert (unreadable, nulls(clean, spoilt)) == ([path], 1), f"{path} as {value!r}"
            tried += 1
    assert tried > 5
