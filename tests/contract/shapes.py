"""The shapes that the catalogue's families read jobs from."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass

from botocore.model import OperationModel, Shape, StructureShape

from jobview.catalogue.family import Family, ItemsCall
from jobview.catalogue.operations import Call, GetCall, ListCall
from jobview.catalogue.records import Fields
from local.catalogue import models
from local.catalogue.models import Found, PathError, resolve, service_model

__all__ = [
    "PATHS",
    "Found",
    "Job",
    "Members",
    "PathError",
    "Read",
    "input_members",
    "jobs",
    "operation",
    "output_shape",
    "read",
    "read_of_items",
    "resolve",
    "service_model",
    "service_of",
    "shape_of_items",
    "tree",
]

PATHS = tuple(
    member.name
    for member in fields(Fields)
    if member.name not in {"time_formats", "inputs", "outputs", "when", "counts", "parts", "causes", "logs", "arns"}
)
"""The facts of a job that have one path each."""


def service_of(family: Family, call: Call) -> str:
    """The service that has the call: another than the family's where that one lists a parent."""
    return next(service for service, each in family.calls_by_service if each is call)


def operation(family: Family, call: Call) -> OperationModel:
    return models.operation(service_of(family, call), call.operation)


def input_members(family: Family, call: Call) -> dict[str, Shape]:
    return dict(models.inputs(service_of(family, call), call.operation).members)


def output_shape(family: Family, call: Call) -> StructureShape:
    return models.output(service_of(family, call), call.operation)


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """One job as one of a family's operations answers it."""

    family: Family
    call: ListCall | GetCall
    fields: Fields

    def __str__(self) -> str:
        return f"{self.family.name}-{self.kind}"

    @property
    def kind(self) -> str:
        """``list`` or ``get``."""
        return "list" if self.call is self.family.list else "get"

    @property
    def at(self) -> str:
        """Path of the job in the answer, or of the list of jobs."""
        return self.call.items if isinstance(self.call, ListCall) else self.call.item

    @property
    def shape(self) -> Shape:
        """Asked for in a test and not before: a path that leads nowhere is a fault of its family alone."""
        found = resolve(self.at, output_shape(self.family, self.call))
        several = isinstance(self.call, ListCall) or self.call.batch is not None
        assert found.many is several, f"{self}: {self.at} is a {found.kind}: a list of jobs, or one job without batch"
        return found.shape


def jobs(family: Family) -> Iterator[Job]:
    """The one or two shapes that the family reads jobs from."""
    if family.list is not None:
        assert family.list_fields is not None
        yield Job(family=family, call=family.list, fields=family.list_fields)
    if family.get is not None:
        assert family.get_fields is not None
        yield Job(family=family, call=family.get, fields=family.get_fields)


@dataclass(frozen=True, kw_only=True, slots=True)
class Read:
    """A member that the declaration of a job reads."""

    name: str
    """The fact that stands there: a field of the table, such as ``created`` or ``counts.failed``."""
    path: str
    found: Found


def read(job: Job) -> tuple[Read, ...]:
    """Every member that the job's facts are read from, whatever the words of the tables for them are."""
    return tuple(_read(job.fields, job.shape))


def shape_of_items(family: Family, call: ItemsCall) -> Shape:
    """The shape of one listed item."""
    found = resolve(call.items, output_shape(family, call))
    assert found.many
    return found.shape


def read_of_items(family: Family, call: ItemsCall) -> tuple[Read, ...]:
    """Every member that the rows of a job's items are read from."""
    shape = shape_of_items(family, call)
    own = {"group": call.group, "uri": call.uri}
    beside = [Read(name=name, path=path, found=resolve(path, shape)) for name, path in own.items() if path]
    return (*_read(call.fields, shape), *beside)


_AROUND = ("at", "path")
"""Fields of the tables with the path of what the other paths beside them are in."""


def _read(table: object, shape: Shape, name: str = "") -> Iterator[Read]:
    assert is_dataclass(table)
    inside = next((getattr(table, each) for each in _AROUND if isinstance(getattr(table, each, None), str)), None)
    for each in fields(table):
        value = getattr(table, each.name)
        label = f"{name}.{each.name}" if name else each.name
        for one in value if isinstance(value, tuple | list) else (value,):
            if isinstance(one, str):
                paths = [one] if inside is None or one == inside else [f"{inside}.{one}", one]
                yield from _found(label, paths, shape)
            elif is_dataclass(one):
                yield from _read(one, shape, label)


def _found(name: str, paths: list[str], shape: Shape) -> Iterator[Read]:
    """The first of the paths that leads somewhere; none for a text of the tables that is no path, such as a unit."""
    for path in paths:
        try:
            yield Read(name=name, path=path, found=resolve(path, shape))
        except PathError:
            continue
        return


Members = dict[str, "Members"]
"""Members of a shape, and of each the members that are meant; all of them where none is named."""

_FILTER = re.compile(r"\[\?\s*([\w.]+)[^\]]*\]")


def tree(paths: Iterable[str]) -> Members:
    """The members that the paths lead to or through, and those that their filters compare."""
    wanted: Members = {}
    for path in paths:
        compared = [f"{path[: found.start()]}.{found[1]}" for found in _FILTER.finditer(path)]
        for one in (path, *compared):
            inner = wanted
            for name in re.findall(r"\w+", re.sub(r"\[[^\]]*\]", "", one)):
                inner = inner.setdefault(name, {})
    return wanted
