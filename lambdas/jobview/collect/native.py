"""The service's own record of a job, made fit for an answer: no secrets, plain JSON, bounded."""

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from jobview.catalogue.declaration import Family
from jobview.collect.presigned import redact
from jobview.model import rfc3339
from jobview.utf8 import carried

SIZE_LIMIT = 256 * 1024
"""Longest native record, in bytes of JSON."""
TEXT_LIMIT = 16 * 1024
"""Longest text in it, in characters."""
OMITTED = "…"
"""The member that names what was left out because the record was too long."""


def native_record(family: Family, item: Mapping[str, Any]) -> dict[str, Any]:
    """The record as JSON types.

    Members that the declaration withholds are left out, and so are bytes; times are RFC 3339; presigned URLs are
    replaced. Of a record longer than ``SIZE_LIMIT`` the longest members are left out and named under ``OMITTED``.
    """
    withheld = [tuple(path.replace("[]", "").split(".")) for path in family.withheld]
    record = _members({name: value for name, value in item.items() if name != "ResponseMetadata"}, withheld)
    sizes = {name: _size(value) for name, value in record.items()}
    omitted: list[str] = []
    while sum(sizes.values()) > SIZE_LIMIT:
        longest = max(sizes, key=sizes.__getitem__)
        del sizes[longest], record[longest]
        omitted.append(longest)
    return {**record, OMITTED: sorted(omitted)} if omitted else record


def _members(value: Mapping[str, Any], withheld: list[tuple[str, ...]]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, member in value.items():
        if (name,) in withheld or isinstance(member, bytes | bytearray):
            continue
        kept[_text(str(name))] = _plain(member, [path[1:] for path in withheld if path[0] == name and len(path) > 1])
    return kept


def _plain(value: Any, withheld: list[tuple[str, ...]]) -> Any:
    if isinstance(value, Mapping):
        return _members(value, withheld)
    if isinstance(value, list | tuple):
        return [_plain(one, withheld) for one in value if not isinstance(one, bytes | bytearray)]
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
    text = carried(redact(text))
    return text if len(text) <= TEXT_LIMIT else text[: TEXT_LIMIT - 1] + "…"


def _size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
