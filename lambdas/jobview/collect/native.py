"""The service's own record of a job for an answer: without secrets, as plain JSON of limited size."""

import json
import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from jobview.aws.presigned import redact
from jobview.model import rfc3339
from jobview.model.utf8 import encodable

SIZE_LIMIT = 256 * 1024
"""The largest native record, in bytes of JSON."""
TEXT_LIMIT = 16 * 1024
"""The longest text in it, in characters."""
OMITTED = "…"
"""The member that lists the members that were left out of a large record."""


def native_record(item: Mapping[str, Any], withheld: Iterable[str]) -> dict[str, Any]:
    """Return the record as JSON types, without the withheld members.

    ``withheld`` are dotted names, with ``[]`` through lists and ``*`` for every key of a map; ``@`` withholds all.
    Bytes are left out too. Times become RFC 3339, and presigned URLs are replaced. If the record is larger than
    ``SIZE_LIMIT``, its longest members are left out and listed under ``OMITTED``.
    """
    paths = [tuple(path.replace("[]", "").split(".")) for path in withheld]
    named = {name: value for name, value in item.items() if name != "ResponseMetadata"}
    record = {} if ("@",) in paths else _members(named, paths)
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
        inner = [path[1:] for path in withheld if path[0] in (name, "*")]
        if () in inner or isinstance(member, bytes | bytearray):
            continue
        kept[_text(str(name))] = _plain(member, inner)
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
    return None  # a stream or another type of boto3 that JSON cannot contain


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
