"""Drafted fixtures, invented from the models' shapes, and drafts of their expected results."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from random import Random
from typing import Any
from xml.etree import ElementTree as ET

from botocore.model import ListShape, MapShape, OperationModel, Shape, StringShape, StructureShape

from local.catalogue import deriving, models
from local.catalogue.drafting import words
from local.catalogue.drafting.choosing import Draft
from local.catalogue.drafting.inputs import Above
from local.standin.generic.decoys import fits
from local.standin.generic.patterns import matching
from local.standin.serialising import serialise_output

QUESTION = "This answer is invented from the model. Replace it with AWS's real answer, and remove this line."
_STATE = "decide: the state that this job is in"
_VERIFIED = "decide: true where its items are known, else false"
_BEGUN = datetime(2025, 12, 4, 9, 0, tzinfo=UTC)
_TIMES = {"created": 0, "started": 5, "updated": 10, "ended": 10}
Given = dict[str, Any]
"""The value at each path of a record."""


def answers(made: Draft) -> dict[str, str]:
    """The text of each file, by its name beside the fixtures."""
    files: dict[str, str] = {}
    parents: dict[str, str] = {}
    for above in made.under:
        model = models.operation(made.service, above.operation)
        items = _items_of(made, above)
        record = models.resolve(items, models.output(made.service, above.operation)).shape
        parents[above.type] = _id(
            made, above.id, above.type, 1, [*_shapes(record, above.id), *_input_shapes(made, above.input)]
        )
        one = _record(record, {above.id: parents[above.type]})
        files[_name(model)] = _answer(model, {items: [one]})
    ids = [_job_id(made, number) for number in (1, 2)]
    listed = [_job(made, number, ids[number], parents) for number in (0, 1)]
    if made.listing is not None:
        listing = models.operation(made.service, made.listing)
        files[_name(listing)] = _answer(listing, {made.items: [_record(made.record, each) for each in listed]})
    expected: dict[str, Any] = {}
    if parents:
        expected["parents"] = {kind: [id_] for kind, id_ in parents.items()}
    unknown = {"state": _STATE, "verified": _VERIFIED}
    if made.listing is not None and made.listed_facts.get("status"):
        expected["listed"] = dict.fromkeys(ids, unknown)
    if made.get is not None and made.got is not None:
        expected["got"] = {ids[0]: unknown}
        get = models.operation(made.service, made.get)
        # Where the answer has no id, the name of its file says which job it is of.
        name = _name(get, "" if made.listing is not None or "id" in made.listed_facts else f"-{ids[0]}")
        if name not in files:
            one = _record(made.got, _job(made, 0, ids[0], parents, got=True))
            several = made.item != "@" and isinstance(
                models.output(made.service, made.get).members[made.item], ListShape
            )
            files[name] = _answer(get, one if made.item == "@" else {made.item: [one] if several else one})
    files[f"{made.type}.expected.json"] = json.dumps(expected, indent=2, ensure_ascii=False) + "\n"
    return files


def _name(operation: OperationModel, variant: str = "") -> str:
    in_xml = operation.service_model.resolved_protocol in {"query", "ec2", "rest-xml"}
    return f"{operation.name}{variant}.{'xml' if in_xml else 'json'}"


def _items_of(made: Draft, above: Above) -> str:
    return deriving.items(made.service, above.operation, None, None)


def _answer(operation: OperationModel, members: Mapping[str, Any]) -> str:
    """The body of an answer with these members, and the question beside them."""
    whole = _record(models.output(operation.service_model.service_name, operation.name), dict(members))
    body = serialise_output(operation, whole).body
    if operation.service_model.resolved_protocol in {"query", "ec2", "rest-xml"}:
        root = ET.fromstring(body)  # noqa: S314 - made here
        ET.indent(root)
        ET.register_namespace("", root.tag.partition("}")[0].lstrip("{"))
        return f"<!-- decide: {QUESTION} -->\n{ET.tostring(root, encoding='unicode')}\n"
    return json.dumps({"decide": QUESTION, **json.loads(body)}, indent=2, ensure_ascii=False) + "\n"


def _job(made: Draft, number: int, native_id: str, parents: Mapping[str, str], *, got: bool = False) -> Given:
    """The invented facts of a job: its id, its parent, a status and times."""
    facts = {**made.listed_facts, **(made.got_facts if got else {})}
    told: Given = {"@": native_id}
    paths = {fact: str(path) for fact, path in facts.items() if isinstance(path, str)}
    if "id" in paths:
        told[paths["id"]] = native_id
    if "parent" in paths and made.under:
        told[paths["parent"]] = parents[made.under[-1].type]
    every = [word for found in made.states.values() for word in found] + made.doubtful
    if "status" in paths and every:
        ends = [made.states[state] for state in (("SUCCEEDED", "FAILED")[number], "RUNNING") if state in made.states]
        told[paths["status"]] = ends[0][0] if ends else every[0]
    for fact, minutes in _TIMES.items():
        if fact in paths:
            told[paths[fact]] = _BEGUN.replace(minute=minutes + 15 * number)
    return told


def _record(shape: Shape, given: Given) -> Any:
    """A value with the given members, and otherwise only the required ones."""
    if not isinstance(shape, StructureShape):
        return given["@"]
    record: dict[str, Any] = {}
    for name in shape.required_members:
        record[name] = _required(shape.members[name], name, (shape.name,))
    for path, value in given.items():
        if path != "@":
            _put(record, shape, path.split("."), value)
    return record


def _put(record: dict[str, Any], shape: StructureShape, path: list[str], value: Any) -> None:
    name, *rest = path
    if name not in shape.members:
        return
    member = shape.members[name]
    if rest and isinstance(member, StructureShape):
        if not isinstance(record.get(name), dict):
            record[name] = _record(member, {})
        _put(record[name], member, rest, value)
    elif not rest:
        record[name] = _fitting(member, value)


def _fitting(shape: Shape, value: Any) -> Any:
    """A moment in the format of a member that is not a timestamp."""
    if isinstance(value, datetime) and shape.type_name in {"integer", "long", "float", "double"}:
        return int(value.timestamp() * (1000 if "illi" in shape.documentation else 1))
    if isinstance(value, datetime) and shape.type_name == "string":
        return value.isoformat().replace("+00:00", "Z")
    return value


def _required(shape: Shape, name: str, around: tuple[str, ...]) -> Any:
    match shape:
        case StructureShape():
            if shape.name in around:
                return {}
            names = shape.required_members or (list(shape.members)[:1] if shape.is_tagged_union else [])
            return {each: _required(shape.members[each], each, (*around, shape.name)) for each in names}
        case ListShape():
            return [_required(shape.member, name, around)] if shape.metadata.get("min") else []
        case MapShape():
            return {}
        case StringShape():
            return shape.enum[0] if shape.enum else _text(shape, [f"a-{words.kebab(name)}", "text"], 0)
    match shape.type_name:
        case "timestamp":
            return _BEGUN
        case "boolean":
            return False
        case "blob":
            return b""
    return max(1, int(shape.metadata.get("min", 1)))


def _shapes(record: Shape, path: str) -> list[Shape]:
    if path == "@" or not isinstance(record, StructureShape):
        return [record]
    try:
        return [models.resolve(path, record).shape]
    except models.PathError:
        return []


def _input_shapes(made: Draft, name: str) -> Iterable[Shape]:
    for operation in (made.listing, made.get, *(above.operation for above in made.under)):
        if operation is not None and name in models.inputs(made.service, operation).members:
            yield models.inputs(made.service, operation).members[name]


def _job_id(made: Draft, number: int) -> str:
    path = made.listed_facts.get("id")
    path = path if isinstance(path, str) else "id"
    shapes = _shapes(made.record, path)
    if made.get is not None:
        taken = {above.input for above in made.under}
        asked = models.inputs(made.service, made.get)
        left = [name for name in asked.required_members if name not in taken and not name.lower().endswith("accountid")]
        shapes += [_scalar(asked.members[name]) for name in left[-1:]]
    return _id(made, path, made.type, number, shapes)


def _scalar(shape: Shape) -> Shape:
    return shape.member if isinstance(shape, ListShape) else shape


def _id(made: Draft, member: str, kind: str, number: int, shapes: list[Shape]) -> str:
    """An id that every shape of the id allows, in records and inputs."""
    signing = models.service_model(made.service).signing_name
    last = words.plain(member.rpartition(".")[2])
    uuid = f"{number}1111111-2222-4333-8444-555555555555"
    arn = f"arn:aws:{signing}:us-east-1:111122223333:{kind}/"
    texts = [shape for shape in shapes if isinstance(shape, StringShape)]
    wanted = [f"{arn}{uuid}", f"{arn}{number}23456789"] if last.endswith("arn") else []
    wanted += [f"nightly-{kind}-{number}"] if last.endswith("name") or last == "@" else []
    wanted += [uuid, f"{kind}-{number}", f"{number}" * 32, f"{number}23456789", f"{number}234567890", f"{number}" * 10]
    wanted += [f"{arn}{uuid}"]
    for text in wanted:
        if all(fits(shape, text) for shape in texts):
            return text
    return _text(max(texts, key=lambda shape: len(shape.metadata.get("pattern", ""))), [], number)


def _text(shape: Shape, wanted: Iterable[str], number: int) -> str:
    for text in wanted:
        if fits(shape, text):
            return text
    least, most = int(shape.metadata.get("min", 1)), shape.metadata.get("max")
    random = Random(f"{shape.name} {number}")  # noqa: S311 - made up
    made = matching(shape.metadata.get("pattern", ".*"), random, least=least, most=most)
    return made or "x" * least
