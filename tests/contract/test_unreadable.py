"""Any member that a family reads may have any value: only this member is null, and its path is reported."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from jobview.aws import timestamps
from jobview.aws.parsers import PROTOCOLS, UNREADABLE
from jobview.catalogue.family import Family, ItemsCall
from jobview.catalogue.operations import Call, GetCall, ListCall
from local.catalogue import models
from tests.contract.each import each_call
from tests.contract.odd_records import Steps, put
from tests.contract.shapes import Members, jobs, operation, read, read_of_items, tree
from tests.contract.xml_answers import XML, wire_name, written

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


def on_the_wire(shape: Shape, wanted: Members, around: tuple[str, ...] = ()) -> Any:
    """An answer with every wanted member, one of each list and map."""
    match shape:
        case StructureShape():
            if shape.name in around:
                return {}
            names = [name for name in shape.members if not wanted or name in wanted]
            return {
                wire_name(name, shape.members[name]): on_the_wire(
                    shape.members[name], wanted.get(name, {}), (*around, shape.name)
                )
                for name in names[: 1 if shape.is_tagged_union else None]
            }
        case ListShape():
            return [on_the_wire(shape.member, wanted, around)]
        case MapShape():
            return {"key": on_the_wire(shape.value, next(iter(wanted.values()), {}), around)}
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


def parsed(model: OperationModel, answer: Any) -> tuple[dict[str, Any], list[str]]:
    protocol = model.service_model.resolved_protocol
    body = written(model, answer) if protocol in XML else json.dumps(answer).encode()
    parser = PROTOCOLS[protocol](timestamp_parser=timestamps.parse)
    response = {"status_code": 200, "headers": {}, "body": body, "context": {}}
    assert model.output_shape is not None
    told: dict[str, Any] = parser.parse(response, model.output_shape)
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


def costs_one_value(model: OperationModel, wanted: Members) -> int:
    """How many wrong values were tried, each of which cost itself alone."""
    shape = model.output_shape
    assert shape is not None
    answer = on_the_wire(shape, wanted)
    wrong = WRONG_IN_XML if model.service_model.resolved_protocol in XML else WRONG
    clean, unreadable = parsed(model, answer)
    assert unreadable == []
    tried = 0
    for member, steps, path in members(shape, answer):
        for value in wrong[member.type_name]:
            spoilt, unreadable = parsed(model, put(answer, steps, value))
            assert (unreadable, nulls(clean, spoilt)) == ([path], 1), f"{model.name}: {path} as {value!r}"
            tried += 1
    return tried


def read_of(declared: Family, call: Call) -> Iterator[str]:
    """The paths in the answer of a call that the family reads."""
    if isinstance(call, ListCall) and call.tokens is not None:
        yield call.tokens[1]
    if isinstance(call, ItemsCall):
        yield from (within(call.items, each.path) for each in read_of_items(declared, call))
    for job in jobs(declared):
        if job.call is call:
            yield from (within(job.at, each.path) for each in read(job))
    for kind in declared.parents:
        if kind.call is call:
            yield within(kind.call.items, kind.id)
    if isinstance(call, GetCall) and call.unanswered is not None:
        refused = call.unanswered
        yield from (within(refused.path, each) for each in (refused.id, refused.code, refused.message))


def within(around: str, path: str) -> str:
    return ".".join(each for each in (around, path) if each != "@") or "@"


@each_call
def test_one_bad_value_costs_one_value(declared: Family, call: Call) -> None:
    assert costs_one_value(operation(declared, call), tree(read_of(declared, call))) > 2


@pytest.mark.parametrize(
    ("service", "name"),
    [
        ("batch", "ListJobs"),
        ("ec2", "DescribeImportSnapshotTasks"),
        ("omics", "GetReferenceImportJob"),
        ("rds", "DescribeExportTasks"),
        ("s3control", "DescribeJob"),
        ("sesv2", "GetExportJob"),
        ("transcribe", "GetTranscriptionJob"),
    ],
)
def test_one_bad_value_anywhere_in_a_whole_answer_costs_one_value(service: str, name: str) -> None:
    """Of each protocol, also in what no family reads: it is in the native record."""
    assert costs_one_value(models.operation(service, name), {}) > 30
