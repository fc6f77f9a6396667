"""Puts a value at a declared path into an answer that otherwise consists of decoys.

Nothing is changed in place. The result shares all members with the answer, except those on the path.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape
from jmespath.parser import Parser

from local.standin.generic.decoys import decoy

ABSENT = object()
"""The value of a member that is absent, or empty where the shape requires it."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Change = Callable[[Shape, Any], Any]
"""From the shape and the current value (``None``: none) to the new value."""


@cache
def _parsed(path: str) -> Any:
    return Parser().parse(path).parsed


def placed(path: str, shape: Shape, within: Any, value: Any) -> Any:
    """Return ``within``, a value of ``shape``, with ``value`` at the path."""
    return changed(path, shape, within, lambda inner, _: _converted(inner, value))


def changed(path: str, shape: Shape, within: Any, change: Change) -> Any:
    """Return ``within`` with the value at the path changed, in every element of a list on the path."""
    return _changed(_parsed(path), shape, within, change)


def with_records(path: str, shape: Shape, within: Any, records: Sequence[Any]) -> Any:
    """Return ``within`` with the records in the list at the path. A condition at its end is not applied."""
    return _with_records(_parsed(path), shape, within, list(records))


def condition(path: str) -> tuple[str, str, Any] | None:
    """Return member, comparison and word of the condition that a list's path ends in."""
    node = _parsed(path)
    if node["type"] != "filter_projection":
        return None
    left, right = node["children"][2]["children"]
    member = ".".join(step["value"] for step in left["children"] or [left])
    return member, str(node["children"][2]["value"]), right["value"]


def _with_records(node: Any, shape: Shape, within: Any, records: list[Any]) -> Any:
    children = node["children"]
    match node["type"]:
        case "flatten":
            return _with_records(children[0], shape, within, records)
        case "filter_projection":
            return _with_records(children[0], shape, within, records)
        case "projection":
            return _changed(
                children[0]["children"][0],
                shape,
                within,
                lambda inner, value: [
                    _with_records(children[1], inner.member, (value or decoy(inner))[0], records)  # type: ignore[attr-defined]
                ],
            )
        case _:
            return _changed(node, shape, within, lambda _inner, _value: records)


def _changed(node: Any, shape: Shape, within: Any, change: Change) -> Any:
    children = node["children"]
    match node["type"]:
        case "current" | "identity":
            return change(shape, within)
        case "field":
            return _member(shape, node["value"], within, change)
        case "subexpression":
            return _through(children, shape, within, change)
        case "index_expression":
            return _changed(children[0], shape, within, _element(children[1]["value"], change))
        case "flatten":
            return _changed(children[0], shape, within, change)
        case "projection":
            return _changed(children[0], shape, within, _each(children[1], change))
        case "value_projection":
            return _changed(children[0], shape, within, _each_value(children[1], change))
        case "filter_projection":
            return _changed(children[0], shape, within, _chosen(children[1], children[2], change))
        case "pipe":
            return _through(children, shape, within, change)
        case "or_expression" | "function_expression":
            return _changed(children[0], shape, within, change)
        case other:
            raise ValueError(f"{other} is outside the grammar of declarations")


def _through(steps: Sequence[Any], shape: Shape, within: Any, change: Change) -> Any:
    first, *rest = steps
    if not rest:
        return _changed(first, shape, within, change)
    return _changed(first, shape, within, lambda inner, value: _through(rest, inner, _filled(inner, value), change))


def _filled(shape: Shape, value: Any) -> Any:
    return decoy(shape) if value is None else value


def _member(shape: Shape, name: str, within: Any, change: Change) -> Any:
    known = within or {}
    inner = shape.value if isinstance(shape, MapShape) else shape.members[name]  # type: ignore[attr-defined]
    new = change(inner, known.get(name))
    if new is ABSENT:
        if isinstance(shape, StructureShape) and name in shape.required_members:
            return {**known, name: _nothing(inner)}
        return {other: value for other, value in known.items() if other != name}
    if isinstance(shape, StructureShape) and shape.is_tagged_union:
        return {name: new}
    return {**known, name: new}


def _element(index: int, change: Change) -> Change:
    def at(shape: Shape, value: Any) -> Any:
        elements = list(value or decoy(shape))
        elements[index] = change(shape.member, elements[index])  # type: ignore[attr-defined]
        return elements

    return at


def _each(node: Any, change: Change) -> Change:
    def every(shape: Shape, value: Any) -> Any:
        return [_changed(node, shape.member, element, change) for element in value or decoy(shape)]  # type: ignore[attr-defined]

    return every


def _each_value(node: Any, change: Change) -> Change:
    def every(shape: Shape, value: Any) -> Any:
        values = (value or decoy(shape)).items()
        return {key: _changed(node, shape.value, inner, change) for key, inner in values}  # type: ignore[attr-defined]

    return every


def _chosen(node: Any, comparison: Any, change: Change) -> Change:
    """Change the element that the comparison chooses; one is made where there is none."""
    left, right = comparison["children"]

    def chosen(shape: Shape, value: Any) -> Any:
        element_shape = shape.member  # type: ignore[attr-defined]
        mark = left["value"]
        elements = [each for each in value or [] if each.get(mark) == right["value"]]
        others = [each for each in value or [] if each.get(mark) != right["value"]]
        element = elements[0] if elements else {**decoy(element_shape), mark: right["value"]}
        new = _changed(node, element_shape, element, change)
        return others if new is ABSENT else [*others, new]

    return chosen


def _nothing(shape: Shape) -> Any:
    """The empty value of a required member."""
    empty: Mapping[str, Any] = {
        "timestamp": _EPOCH,
        "string": "",
        "boolean": False,
        "list": [],
        "map": {},
        "integer": 0,
        "long": 0,
        "float": 0.0,
        "double": 0.0,
    }
    return empty.get(shape.type_name, {})


def _converted(shape: Shape, value: Any) -> Any:
    """Return a fact in the type of its member."""
    if value is ABSENT or value is None:
        return ABSENT
    kind = shape.type_name
    if isinstance(shape, ListShape):
        values = value if isinstance(value, list) else [value]
        return [_converted(shape.member, each) for each in values]
    if isinstance(value, datetime):
        return _moment(kind, value)
    if isinstance(shape, StructureShape) and isinstance(value, str):
        return _location(shape, value)
    if kind == "string" and not isinstance(value, str):
        return str(value)
    if kind in ("integer", "long"):
        return int(value)
    if kind in ("float", "double"):
        return float(value)
    return value


def _location(shape: StructureShape, uri: str) -> Any:
    """Return an S3 URI as a structure of a bucket and a key."""
    bucket, _, key = uri.partition("//")[2].partition("/")
    blank: dict[str, Any] = decoy(shape)
    return blank | {name: bucket if "bucket" in name.lower() else key for name in blank if _is_s3(name)}


def _is_s3(name: str) -> bool:
    return name == "Name" or any(word in name.lower() for word in ("bucket", "key", "prefix"))


def _moment(kind: str, value: datetime) -> Any:
    if kind == "timestamp":
        return value
    return value.isoformat().replace("+00:00", "Z") if kind == "string" else int(value.timestamp())
