"""The shapes that the catalogue's families read jobs from."""

from collections.abc import Iterator
from dataclasses import dataclass

from botocore.model import OperationModel, Shape, StructureShape

from jobview.catalogue import FAMILIES
from jobview.catalogue.family import Family, Fields
from local.catalogue import models
from local.catalogue.models import Found, PathError, resolve, service_model

__all__ = [
    "EVERY_FAMILY",
    "EVERY_JOB",
    "Found",
    "Job",
    "PathError",
    "input_members",
    "jobs",
    "operation",
    "output_shape",
    "resolve",
    "service_model",
]


def operation(family: Family, name: str) -> OperationModel:
    return models.operation(family.service, name)


def input_members(family: Family, name: str) -> dict[str, Shape]:
    return dict(models.inputs(family.service, name).members)


def output_shape(family: Family, name: str) -> StructureShape:
    return models.output(family.service, name)


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
