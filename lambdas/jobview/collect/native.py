"""The service's own record of a job, made fit for an answer: no secrets, plain JSON, bounded."""

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from jobview.aws.presigned import redact
from jobview.catalogue.family import Family
from jobview.model import rfc3339
from jobview.model.utf8 import encodable

SIZE_LIMIT = 256 * 1024
"""Longest native record, in bytes of JSON."""
TEXT_LIMIT = 16 * 1024
"""Longest text in it, in characters."""
OMITTED = "…"
"""The member that names what was left out because the record was too long."""


def native_record(family: Family, item: Mapping[str, Any], shape: Shape) -> dict[str, Any]:
    """The record, a value of ``shape``, as JSON types.

    Members that the declaration withholds are left out, and so are those that the model marks sensitive, and bytes;
    times are RFC 3339; presigned URLs are
    replaced. Of a record longer than ``SIZE_LIMIT`` the longest members are left out and named under ``OMITTED``.
    """
    withheld = [tuple(path.replace("[]", "").split(".")) for path in family.withheld]
    told = {name: value for name, value in item.items() if name != "ResponseMetadata"}
    record = {} if _sensitive(shape) else _members(told, shape, withheld)
    sizes = {name: _size(value) for name, value in record.items()}
    omitted: list[str] = []
    while sum(sizes.values()) > SIZE_LIMIT:
        longest = max(sizes, key=sizes.__getitem__)
        del sizes[longest], record[longest]
        omitted.append(longest)
    return {**record, OMITTED: sorted(omitted)} if omitted else record


def _sensitive(shape: Shape | None) -> bool:
    """True where the model marks the values of a shape, or what they are made of, as sensitive."""
    match shape:
        case None:
            return False
        case ListShape():
            inner = [shape.member]
        case MapShape():
            inner = [shape.key, shape.value]
        case _:
            inner = []
    return bool(shape.metadata.get("sensitive")) or any(map(_sensitive, inner))


def _member(shape: Shape | None, name: str) -> Shape | None:
    match shape:
        case MapShape():
            return shape.value
        case StructureShape():
            return shape.members.get(name)
    return None


def _members(value: Mapping[str, Any], shape: Shape | None, withheld: list[tuple[str, ...]]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, member in value.items():
        of = _member(shape, name)
        if (name,) in withheld or _sensitive(of) or isinstance(member, bytes | bytearray):
            continue
        inner = [path[1:] for path in withheld if path[0] == name and len(path) > 1]
        kept[_text(str(name))] = _plain(member, of, inner)
    return kept


def _plain(value: Any, shape: Shape | None, withheld: list[tuple[str, ...]]) -> Any:
    if isinstance(value, Mapping):
        return _members(value, shape, withheld)
    if isinstance(value, list | tuple):
        of = shape.member if isinstance(shape, ListShape) else None
        return [_plain(one, of, withheld) for one in value if not isinstance(one, bytes | bytearray)]
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return None  # a stream, or whatever else boto3 may hand out: nothing that JSON can carry


def _moment(moment: datetime) -> str | None:
    try:
        return rfc3339(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment)
    except (OverflowError, ValueError):
        return None


def _text(text: str) -> str:
    text = encodable(redact(text))
    return text if len(text) <= TEXT_LIMIT else text[: TEXT_LIMIT - 1] + "…"


def _size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
