"""A table of odd values for each type of member, and the records of a job in which one member has one of them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zlib import crc32

from botocore.model import ListShape, MapShape, Shape, StructureShape
from dateutil.tz import tzlocal  # type: ignore[import-untyped]

from tests.contract.outputs import PRESIGNED
from tests.contract.shapes import Job, Members, read, tree

_TEXTS = ("", " ", "\x00", "\ud800", "a:b/c%d~e", "x" * 5000, "😀" * 3000, *PRESIGNED)
_INTEGERS = (-1, 0, 1, 101, 1_764_838_800_123, 2**31, 2**63 - 1, -(2**63))
_REALS = (-0.5, 0.0, 99.9, 1e300, 1.0e9, float("nan"), float("inf"), float("-inf"))
_TIMES = (
    datetime.min,  # noqa: DTZ901 - a time without a zone is one of the odd values
    datetime.max,  # noqa: DTZ901
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2025, 12, 4, 9, 0, 0, 123_456),  # noqa: DTZ001
    datetime(2025, 12, 4, 9, tzinfo=tzlocal()),
    datetime(9999, 12, 31, tzinfo=timezone(timedelta(hours=-14))),
    datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
)
ODD: dict[str, tuple[Any, ...]] = {
    "string": _TEXTS,
    "timestamp": _TIMES,
    "integer": _INTEGERS,
    "long": _INTEGERS,
    "float": _REALS,
    "double": _REALS,
    "boolean": (True, False),
}
"""Values of each type that a service may answer and that nobody expects."""
ORDINARY: dict[str, Any] = {
    "string": "text",
    "timestamp": datetime(2025, 12, 4, 9, 0, 0, 250_000, tzinfo=UTC),
    "integer": 7,
    "long": 7,
    "float": 0.5,
    "double": 0.5,
    "boolean": False,
}


def ordinary(shape: Shape, wanted: Members) -> Any:
    """A value with every wanted member, one of each list and map."""
    match shape:
        case StructureShape():
            names = [name for name in shape.members if not wanted or name in wanted]
            return {name: ordinary(shape.members[name], wanted.get(name, {})) for name in names}
        case ListShape():
            return [ordinary(shape.member, wanted)]
        case MapShape():
            return {name: ordinary(shape.value, inner) for name, inner in (wanted or {"key": {}}).items()}
        case _:
            enum: list[str] = list(getattr(shape, "enum", None) or ())
            return enum[0] if enum else ORDINARY[shape.type_name]


Steps = tuple[str | int, ...]


def inside(shape: Shape, value: Any, steps: Steps = ()) -> Iterator[tuple[Steps, Shape]]:
    """The places in an ordinary value, each with its shape."""
    yield steps, shape
    match shape:
        case StructureShape():
            for name, inner in value.items():
                yield from inside(shape.members[name], inner, (*steps, name))
        case ListShape():
            yield from inside(shape.member, value[0], (*steps, 0))
        case MapShape():
            for name, inner in value.items():
                yield from inside(shape.value, inner, (*steps, name))


def odd(shape: Shape, value: Any) -> Iterator[Any]:
    """What may stand in the place of an ordinary value."""
    yield None
    match shape:
        case StructureShape():
            yield {}
        case ListShape():
            yield from ([], [None], [None, value[0], None], value * 60)
        case MapShape():
            yield {}
            yield {key: one for key in ("Key", "", "\ud800", "x" * 300) for one in value.values()}
            yield {f"key {number}": one for number in range(60) for one in value.values()}
        case _:
            enum: list[str] = list(getattr(shape, "enum", None) or ())
            yield from enum
            yield from ODD[shape.type_name]


def with_one_odd_value(job: Job, *, every: bool) -> Iterator[tuple[Steps, Any]]:
    """Ordinary records of a job in which one member that the declaration reads is odd: its place, and the record.

    Each place has every odd value, or one that differs from place to place.
    """
    wanted = tree(each.path for each in read(job))
    record = ordinary(job.shape, wanted)
    yield (), record
    for steps, shape in inside(job.shape, record):
        if steps:
            values = list(odd(shape, at(record, steps)))
            for value in values if every else [values[crc32(f"{job} {steps}".encode()) % len(values)]]:
                yield steps, put(record, steps, value)


def at(value: Any, steps: Steps) -> Any:
    """What stands at a place."""
    for step in steps:
        value = value[step]
    return value


def put(value: Any, steps: Steps, new: Any) -> Any:
    """The same value with another one at a place."""
    if not steps:
        return new
    changed = value.copy()
    changed[steps[0]] = put(value[steps[0]], steps[1:], new)
    return changed
