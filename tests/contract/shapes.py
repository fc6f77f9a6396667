"""botocore's service models as the contract tests see them: shapes, and what a path of a declaration finds in one."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, reduce
from typing import Any

import boto3
from botocore.model import (
    ListShape,
    MapShape,
    OperationModel,
    ServiceModel,
    Shape,
    StructureShape,
)
from botocore.paginate import PaginatorModel
from jmespath.parser import Parser

from jobview.catalogue import FAMILIES, SERVICE_MODELS
from jobview.catalogue.declaration import Family, Fields


@cache
def session() -> boto3.Session:
    """A session that knows our own models as the product's does, and nobody's credentials."""
    made = boto3.Session(aws_access_key_id="none", aws_secret_access_key="none", region_name="us-east-1")
    made._loader.search_paths.append(str(SERVICE_MODELS))
    return made


@cache
def service_model(service: str) -> ServiceModel:
    return session()._session.get_service_model(service)


@cache
def paginator_model(service: str) -> PaginatorModel | None:
    known = session()._session.get_component("data_loader").list_available_services("paginators-1")
    return session()._session.get_paginator_model(service) if service in known else None


def paginator(service: str, operation: str) -> dict[str, Any] | None:
    """botocore's paginator of an operation, or ``None``."""
    model = paginator_model(service)
    try:
        return None if model is None else model.get_paginator(operation)
    except ValueError:
        return None


def operation(family: Family, name: str) -> OperationModel:
    return service_model(family.service).operation_model(name)


def input_members(family: Family, name: str) -> dict[str, Shape]:
    shape = operation(family, name).input_shape
    return {} if shape is None else dict(shape.members)


def output_shape(family: Family, name: str) -> StructureShape:
    shape = operation(family, name).output_shape
    assert shape is not None
    return shape


class PathError(ValueError):
    """The path does not exist in the shape, or is not of the grammar that declarations keep to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """The shape that a path finds, and whether it finds a list of it."""

    shape: Shape
    many: bool = False

    @property
    def kind(self) -> str:
        return f"list of {self.shape.type_name}" if self.many else self.shape.type_name


def resolve(path: str, shape: Shape) -> Found:
    """What ``path`` finds in a value of ``shape``.

    Raises
    ------
    PathError
        A name is no member, or something other than names, ``[]``, ``[-1]``, ``[?…]`` and ``@`` is in the path.
    """
    found = _walk(Parser().parse(path).parsed, shape)
    if not found.many and isinstance(found.shape, ListShape):
        return Found(shape=found.shape.member, many=True)
    return found


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
        case "filter_projection":
            element = _element(_walk(children[0], shape).shape, "[?…]")
            _comparison(children[2], element)
            return Found(shape=_walk(children[1], element).shape, many=True)
        case other:
            raise PathError(f"{other} is outside the grammar of declarations")


def _comparison(node: Any, element: Shape) -> None:
    """A filter compares a member with a word; where the member has an enum, the word is one of it."""
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One job as one of a family's operations answers it."""

    family: Family
    kind: str
    """``list`` or ``get``."""
    fields: Fields
    shape: Shape

    def __str__(self) -> str:
        return f"{self.family.name}-{self.kind}"


def jobs(family: Family) -> Iterator[Job]:
    """The one or two shapes that the family reads jobs from."""
    listed = resolve(family.list.items, output_shape(family, family.list.operation))
    assert listed.many, f"{family.list.items} is no list"
    yield Job(family=family, kind="list", fields=family.list_fields, shape=listed.shape)
    if family.get is not None:
        assert family.get_fields is not None
        got = resolve(family.get.item, output_shape(family, family.get.operation))
        assert got.many is (family.get.batch is not None), f"{family.get.item}: one job, or a list with batch"
        yield Job(family=family, kind="get", fields=family.get_fields, shape=got.shape)


EVERY_FAMILY = tuple(FAMILIES.values())
EVERY_JOB = tuple(job for each in EVERY_FAMILY for job in jobs(each))
