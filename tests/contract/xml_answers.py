"""Answers in XML, as services of the protocols query, ec2 and rest-xml write them: made from values, and checked."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from xml.etree import ElementTree as ET

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

XML = frozenset({"query", "ec2", "rest-xml"})
"""The protocols whose answers are XML."""
_NAMESPACE = re.compile(r"\{[^}]*\}")
_INTEGER = re.compile(r"-?[0-9]+")
_METADATA = frozenset({"ResponseMetadata", "requestId"})
"""Beside an answer's own members, in query and in ec2."""


def wire_name(name: str, member: Shape) -> str:
    """The name of a member's element, or of each of its elements where its list is flattened."""
    if isinstance(member, ListShape) and member.serialization.get("flattened"):
        inner: str | None = member.member.serialization.get("name")
        if inner is not None:
            return inner
    told: str = member.serialization.get("name", name)
    return told


# --- making


def written(operation: OperationModel, members: dict[str, Any]) -> bytes:
    """The answer of an operation whose members, by their names on the wire, are these."""
    shape = operation.output_shape
    assert shape is not None
    payload = shape.serialization.get("payload")
    if payload is not None:
        # The body of some answers is one member of them.
        member = shape.members[payload]
        root = ET.Element(wire_name(payload, member))
        _fill(root, member, members[wire_name(payload, member)])
        return _document(root)
    root = ET.Element(f"{operation.name}Response")
    wrapper = shape.serialization.get("resultWrapper")
    around = root if wrapper is None else ET.SubElement(root, wrapper)
    _fill(around, shape, members)
    return _document(root)


def _document(root: ET.Element) -> bytes:
    text: bytes = ET.tostring(root)
    return text


def _fill(element: ET.Element, shape: Shape, value: Any) -> None:
    if isinstance(value, dict):
        members = {}
        if isinstance(shape, StructureShape):
            members = {wire_name(name, member): member for name, member in shape.members.items()}
        if isinstance(shape, MapShape):
            for key, one in value.items():
                entry = ET.SubElement(element, "entry")
                ET.SubElement(entry, shape.key.serialization.get("name", "key")).text = key
                _fill(ET.SubElement(entry, shape.value.serialization.get("name", "value")), shape.value, one)
            return
        for name, one in value.items():
            member = members.get(name, shape)
            flattened = isinstance(member, ListShape) and member.serialization.get("flattened")
            for each in one if flattened and isinstance(one, list) else [one]:
                _fill(ET.SubElement(element, name), member.member if flattened else member, each)  # type: ignore[attr-defined]
    elif isinstance(value, list):
        inner = shape.member if isinstance(shape, ListShape) else shape
        for one in value:
            _fill(ET.SubElement(element, inner.serialization.get("name", "member")), inner, one)
    else:
        element.text = str(value).lower() if isinstance(value, bool) else str(value)


# --- checking


def flaws(text: str, operation: OperationModel) -> list[str]:
    """What of an answer the service's model does not allow; empty for a true one."""
    shape: Shape | None = operation.output_shape
    assert isinstance(shape, StructureShape)
    root = ET.fromstring(text)  # noqa: S314 (a fixture of our own)
    payload = shape.serialization.get("payload")
    if payload is not None:
        member = shape.members[payload]
        if _tag(root) != wire_name(payload, member):
            return [f"$ is {_tag(root)} and no {wire_name(payload, member)}"]
        return list(_flaws([root], member, "$"))
    wrapper = shape.serialization.get("resultWrapper")
    if wrapper is not None:
        if [_tag(child) for child in root] != [wrapper, "ResponseMetadata"]:
            return [f"$ has not {wrapper} and ResponseMetadata"]
        root = root[0]
    return list(_flaws([root], shape, "$"))


def _tag(element: ET.Element) -> str:
    return _NAMESPACE.sub("", element.tag)


def _flaws(elements: list[ET.Element], shape: Shape, where: str) -> Iterator[str]:
    """Of the elements of one value: several only of a flattened list."""
    if isinstance(shape, ListShape):
        name = shape.member.serialization.get("name", "member")
        flattened = shape.serialization.get("flattened")
        for number, one in enumerate(elements if flattened else list(elements[0])):
            if not flattened and _tag(one) != name:
                yield f"{where}: {_tag(one)} is no {name}"
            yield from _flaws([one], shape.member, f"{where}[{number}]")
        return
    if len(elements) > 1:
        yield f"{where} is there {len(elements)} times"
    if isinstance(shape, StructureShape):
        yield from _of_structure(elements[0], shape, where)
    elif isinstance(shape, MapShape):
        for entry in elements[0]:
            if [_tag(each) for each in entry] != [
                shape.key.serialization.get("name", "key"),
                shape.value.serialization.get("name", "value"),
            ]:
                yield f"{where} has an entry without key and value"
            else:
                yield from _flaws([entry[1]], shape.value, f"{where}.{entry[0].text}")
    elif len(elements[0]):
        yield f"{where} has elements"
    else:
        yield from _of_scalar(elements[0].text or "", shape, where)


def _of_structure(element: ET.Element, shape: StructureShape, where: str) -> Iterator[str]:
    members = {wire_name(name, member): member for name, member in shape.members.items()}
    told: dict[str, list[ET.Element]] = {}
    for child in element:
        told.setdefault(_tag(child), []).append(child)
    if (element.text or "").strip():
        yield f"{where} has a text"
    for name in shape.required_members:
        if wire_name(name, shape.members[name]) not in told:
            yield f"{where}.{name} is required"
    for name, children in told.items():
        if name in members:
            yield from _flaws(children, members[name], f"{where}.{name}")
        elif where != "$" or name not in _METADATA:
            yield f"{where}.{name} is unknown"


def _of_scalar(text: str, shape: Shape, where: str) -> Iterator[str]:
    enum = getattr(shape, "enum", None)
    match shape.type_name:
        case "boolean":
            good = text in {"true", "false"}
        case "integer" | "long":
            good = _INTEGER.fullmatch(text) is not None
        case "float" | "double":
            good = re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) is not None
        case "timestamp":
            good = _is_time(text)
        case _:
            good = not enum or text in enum
    if not good:
        yield f"{where}: {text!r} is no {shape.type_name}{f' of {enum}' if enum else ''}"


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
