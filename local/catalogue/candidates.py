"""Operations of botocore's models that look like lists of jobs, and why some of them are no family.

A new botocore brings new operations. ``candidates`` finds them by the shape of what they answer, so that a test can
demand a decision for each: a declaration, or a row of ``undeclared.tsv``.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from botocore.model import ListShape, Shape, StringShape, StructureShape

from jobview.catalogue.language import Family
from jobview.model import State
from local.catalogue import models
from local.catalogue.drafting.words import noun_of, placed

UNDECLARED = Path(__file__).with_name("undeclared.tsv")

_COLUMNS = ("service", "operation", "kind", "why")
_READS = re.compile(r"(List|Describe|Search|Get|Query|Lookup|Batch)[A-Z]")
_OPEN = {State.PENDING, State.RUNNING}
_ENDED = {State.SUCCEEDED, State.PARTIALLY_SUCCEEDED, State.FAILED, State.CANCELLED}


class Kind(StrEnum):
    """Why an operation that looks like a list of jobs is not declared as one."""

    LATER = "later"
    """It lists jobs. Nobody has declared them yet."""
    PART = "part of"
    """It tells the parts of the jobs of another operation."""
    VIEW = "view of"
    """It lists jobs that another operation lists too."""
    GET = "get of"
    """It answers with jobs by their ids, which another operation lists."""
    UNLISTED = "needs an id"
    """It needs an id that no operation lists."""
    NO_JOB = "no job"
    """What it lists has no end: resources, requests to people, totals."""

    @property
    def refers(self) -> bool:
        """True where a row names another operation."""
        return self in {Kind.PART, Kind.VIEW, Kind.GET}


@dataclass(frozen=True, kw_only=True, slots=True)
class Undeclared:
    """A row of ``undeclared.tsv``: an operation, and why it is no family."""

    service: str
    operation: str
    kind: Kind
    why: str
    """In words; of a part, a view or a get the name of the operation that it belongs to, behind its service where that
    is another."""

    @property
    def of(self) -> tuple[str, str] | None:
        """The service and the operation that a part, a view or a get belongs to."""
        if not self.kind.refers:
            return None
        service, _, operation = self.why.rpartition(" ")
        return service or self.service, operation


def undeclared() -> list[Undeclared]:
    """The rows of ``undeclared.tsv``, in its order. Raises ``ValueError`` for an unknown kind."""
    with UNDECLARED.open(newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", strict=True)
        return [
            Undeclared(service=row["service"], operation=row["operation"], kind=Kind(row["kind"]), why=row["why"])
            for row in rows
        ]


def operations_of(declared: Family) -> set[tuple[str, str]]:
    """Return the operations that a declaration names, each behind its service."""
    items = None if declared.items_list is None else declared.items_list.list
    own = {(declared.service.name, operation) for operation in (declared.list, declared.get, items) if operation}
    return own | {(parent.service.name, parent.list) for parent in declared.under}


def remove_declared(declared: Iterable[Family]) -> None:
    """Remove the rows of operations that a declaration names from ``undeclared.tsv``."""
    decided: set[tuple[str, str]] = set()
    decided.update(*map(operations_of, declared))
    kept = [row for row in undeclared() if (row.service, row.operation) not in decided]
    lines = ["\t".join(row) for row in [_COLUMNS, *((row.service, row.operation, row.kind, row.why) for row in kept)]]
    UNDECLARED.write_text("\n".join(lines) + "\n", encoding="utf-8")


def candidates(service: str) -> Iterator[str]:
    """The operations of a service that may list jobs.

    Their items have a status with a word for work that goes on and a word for work that ended; or they list ids alone,
    and another operation of the same noun answers with such a status.
    """
    names = [name for name in models.service_model(service).operation_names if _READS.match(name)]
    with_status = {noun_of(name) for name in names if _has_status(models.output(service, name), depth=3)}
    for name in names:
        items = list(_items(models.output(service, name)))
        lists_ids = any(isinstance(item, StringShape) for item in items) and not name.endswith(noun_of(name))
        ids_alone = lists_ids and noun_of(name) in with_status
        if ids_alone or any(_has_status(item, depth=2) for item in items):
            yield name


def _items(answer: StructureShape) -> Iterator[Shape]:
    """What an answer lists, directly or in a structure of it."""
    for member in answer.members.values():
        if isinstance(member, ListShape):
            yield member.member
        elif isinstance(member, StructureShape):
            yield from (inner.member for inner in member.members.values() if isinstance(inner, ListShape))


def _has_status(shape: Shape, *, depth: int) -> bool:
    """True where a member has an enum with words of both kinds, at most ``depth`` structures down."""
    if isinstance(shape, StringShape):
        states = set(placed(shape.enum)[0]) if shape.enum else set()
        return bool(states & _OPEN and states & _ENDED)
    if isinstance(shape, ListShape):
        return _has_status(shape.member, depth=depth)
    if not isinstance(shape, StructureShape) or depth == 0:
        return False
    return any(
        _has_status(member, depth=depth - 1) for member in shape.members.values() if not isinstance(member, ListShape)
    )
