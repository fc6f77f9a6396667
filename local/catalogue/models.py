"""botocore's service models: operations, pages, and the shapes at declared paths."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, reduce
from typing import Any

import botocore.session
from botocore.exceptions import UnknownServiceError
from botocore.model import ListShape, MapShape, OperationModel, ServiceModel, Shape, StructureShape
from botocore.paginate import PaginatorModel
from jmespath.exceptions import JMESPathError
from jmespath.parser import Parser

from jobview.catalogue import SERVICE_MODELS


@cache
def session() -> botocore.session.Session:
    """A session with our own models, as in the product, and without credentials."""
    made = botocore.session.Session()
    made.set_config_variable("region", "us-east-1")
    made.set_credentials("none", "none")
    made.get_component("data_loader").search_paths.append(str(SERVICE_MODELS))
    return made


class UnknownNameError(ValueError):
    """There is no service or operation with this name; the message suggests similar names."""


@cache
def service_model(service: str) -> ServiceModel:
    """The model of a service, by boto3's name of its client. Raises ``UnknownNameError``."""
    try:
        model: ServiceModel = session().get_service_model(service)
    except UnknownServiceError:
        raise UnknownNameError(f"botocore has no service {service!r}; {_near(service, services())}") from None
    return model


def services() -> list[str]:
    """The names of all services that have a model."""
    known: list[str] = session().get_component("data_loader").list_available_services("service-2")
    return known


def _near(name: str, known: Iterable[str]) -> str:
    """Similar names, or names that contain a part of the name."""
    plain = {each.lower(): each for each in known}
    words = [word for word in re.split(r"[^a-z0-9]+", name.lower()) if len(word) > 2]
    containing = [each for each in sorted(plain) if any(word in each for word in words)]
    near = [plain[each] for each in dict.fromkeys([*get_close_matches(name.lower(), plain, 5), *containing])]
    return f"near: {', '.join(near[:8])}" if near else f"it has {', '.join(sorted(plain.values())[:8])} and others"


@cache
def _paginators(service: str) -> PaginatorModel | None:
    known = session().get_component("data_loader").list_available_services("paginators-1")
    model: PaginatorModel | None = session().get_paginator_model(service) if service in known else None
    return model


def paginator(service: str, operation: str) -> dict[str, Any] | None:
    """Botocore's paginator of an operation, or ``None``."""
    model = _paginators(service)
    try:
        return None if model is None else model.get_paginator(operation)
    except ValueError:
        return None


def operation(service: str, name: str) -> OperationModel:
    """An operation's model.

    Raises
    ------
    UnknownNameError
        There is no such service, or it has no such operation.
    """
    model = service_model(service)
    if name not in model.operation_names:
        raise UnknownNameError(f"{service} has no operation {name!r}; {_near(name, model.operation_names)}")
    return model.operation_model(name)


def inputs(service: str, name: str) -> StructureShape:
    """The shape of an operation's input; without members where it takes none."""
    shape = operation(service, name).input_shape
    return StructureShape("Empty", {"type": "structure", "members": {}}) if shape is None else shape


def output(service: str, name: str) -> StructureShape:
    """The shape of an operation's answer."""
    shape = operation(service, name).output_shape
    return StructureShape("Empty", {"type": "structure", "members": {}}) if shape is None else shape


class PathError(ValueError):
    """The path does not exist in the shape, or is outside the grammar of declarations."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """The shape at a path, and whether the path finds a list of it."""

    shape: Shape
    many: bool = False

    @property
    def kind(self) -> str:
        """The type's name in the model, such as ``timestamp`` or ``list of string``."""
        return f"list of {self.shape.type_name}" if self.many else self.shape.type_name


def resolve(path: str, shape: Shape) -> Found:
    """Find the shape at ``path`` in a value of ``shape``.

    Raises
    ------
    PathError
        A name is not a member, or the path has something other than names, ``[]``, ``[-1]``, ``[?…]``, ``*`` and ``@``.
    """
    try:
        parsed = Parser().parse(path).parsed
    except JMESPathError as error:
        raise PathError(f"{path!r} is no path: {str(error).splitlines()[0]}") from error
    found = _walk(parsed, shape)
    if not found.many and isinstance(found.shape, ListShape):
        return Found(shape=found.shape.member, many=True)
    return found


def has(shape: Shape, path: str) -> bool:
    """True where the path leads somewhere in the shape."""
    try:
        resolve(path, shape)
    except PathError:
        return False
    return True


def promised(path: str, shape: StructureShape) -> bool:
    """True where the member at which the path starts is required in the answer."""
    first = re.match(r"\w+", path)
    return first is not None and first[0] in shape.required_members


def sensitive(shape: Shape) -> tuple[str, ...]:
    """The members of a record that the model marks sensitive: dotted names, ``[]`` through lists, ``*`` for map keys.

    ``@`` alone means the whole record. A member that is sensitive in part (a list of secrets, a map whose keys are
    secret) is named as a whole. A shape that contains itself is followed only once; if it has anything sensitive, it is
    named as a whole there.
    """
    return ("@",) if _is_sensitive(shape) else tuple(_sensitive(shape, (), ()))


def _sensitive(shape: Shape, path: tuple[str, ...], above: tuple[str, ...]) -> Iterator[str]:
    above = (*above, shape.name)
    for step, member in _inner(shape):
        at = (*path[:-1], f"{path[-1]}[]") if step == "[]" else (*path, step)
        if member.name in above:
            if _holds_sensitive(member, set()):
                yield ".".join(at)
        elif _is_sensitive(member):
            yield ".".join(at)
        else:
            yield from _sensitive(member, at, above)


def _inner(shape: Shape) -> list[tuple[str, Shape]]:
    """The parts of a value of the shape, each with its step in a path."""
    match shape:
        case StructureShape():
            return list(shape.members.items())
        case ListShape():
            return [("[]", shape.member)]
        case MapShape():
            return [("*", shape.value)]
    return []


def _holds_sensitive(shape: Shape, seen: set[str]) -> bool:
    """True where anything in the shape is sensitive, at any depth."""
    if shape.name in seen:
        return False
    seen.add(shape.name)
    return _is_sensitive(shape) or any(_holds_sensitive(member, seen) for _, member in _inner(shape))


def _is_sensitive(shape: Shape) -> bool:
    """True where the model marks the values of a shape, or their parts, as sensitive."""
    match shape:
        case ListShape():
            inner = [shape.member]
        case MapShape():
            inner = [shape.key, shape.value]
        case _:
            inner = []
    return bool(shape.metadata.get("sensitive")) or any(map(_is_sensitive, inner))


def _walk(node: Any, shape: Shape) -> Found:
    children = node["children"]
    match node["type"]:
        case "current" | "identity":
            return Found(shape=shape)
        case "field":
            return Found(shape=_member(shape, node["value"]))
        case "subexpression":
            return Found(shape=reduce(lambda inner, child: _walk(child, inner).shape, children, shape))
        case "index_expression" if children[1]["value"] == -1:
            found = _walk(children[0], shape)
            return Found(shape=_element(found.shape, "[-1]"))
        case "flatten":
            found = _walk(children[0], shape)
            return Found(shape=_element(found.shape, "[]"), many=True)
        case "projection" if children[0]["type"] == "flatten":
            left = _walk(children[0], shape)
            return Found(shape=_walk(children[1], left.shape).shape, many=True)
        case "value_projection":
            found = _walk(children[0], shape)
            if not isinstance(found.shape, MapShape):
                raise PathError(f"* on {found.shape.name}, a {found.shape.type_name}")
            return Found(shape=_walk(children[1], found.shape.value).shape, many=True)
        case "filter_projection":
            element = _element(_walk(children[0], shape).shape, "[?…]")
            _comparison(children[2], element)
            return Found(shape=_walk(children[1], element).shape, many=True)
        case other:
            raise PathError(f"{other} is outside the grammar of declarations")


def _comparison(node: Any, element: Shape) -> None:
    """Check a filter: it compares a member with a word, which has to be in the member's enum, if it has one."""
    if node["type"] != "comparator":
        raise PathError(f"a filter of {node['type']} is outside the grammar of declarations")
    left, right = node["children"]
    words = _walk(left, element).shape
    enum = getattr(words, "enum", None)
    if right["type"] != "literal" or (enum and right["value"] not in enum):
        raise PathError(f"{right.get('value')!r} is none of {enum}")


def _member(shape: Shape, name: str) -> Shape:
    if isinstance(shape, MapShape):
        return shape.value
    if not isinstance(shape, StructureShape) or name not in shape.members:
        raise PathError(f"{shape.name} ({shape.type_name}) has no member {name}")
    return shape.members[name]


def _element(shape: Shape, step: str) -> Shape:
    if not isinstance(shape, ListShape):
        raise PathError(f"{step} on {shape.name}, a {shape.type_name}")
    return shape.member
