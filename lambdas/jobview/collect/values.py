"""The values of a record's members: texts, counts, times, URIs and tags, each bounded and in one form.

A value that cannot be read becomes null, and its path is added to ``unreadable``.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from jobview.aws import timestamps
from jobview.aws.presigned import presigned, redact
from jobview.catalogue.records import Fields, TimeFormat
from jobview.collect.paths import find
from jobview.model.utf8 import encodable

NAME_LIMIT = 512
REASON_LIMIT = 1024
STATUS_LIMIT = 256
URI_LIMIT = 2048
URIS_LIMIT = 50
TAGS_LIMIT = 50
TAG_KEY_LIMIT = 128
TAG_VALUE_LIMIT = 256

FIRST_MOMENT = datetime(2004, 1, 1, tzinfo=UTC)
"""The earliest plausible time, the year of AWS's first service. An earlier one has another unit, or is a default."""
FURTHEST_AHEAD = timedelta(days=366)
"""The latest plausible time: a job may be planned for next year. A later one has another unit, or means "never"."""

_COUNT = re.compile(r"[0-9]{1,18}", re.ASCII)
_PERCENTAGE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,18})?) ?%?", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def count(path: str | None, item: Mapping[str, Any], unreadable: set[str]) -> int | None:
    """A count, as a number or a text; any other value is added to ``unreadable``."""
    value = find(path, item)
    if isinstance(value, str) and _COUNT.fullmatch(value):
        value = int(value)
    if path is not None and value is not None and not is_count(value):
        unreadable.add(path)
        return None
    return None if value is None else int(value)


def progress(path: str | None, item: Mapping[str, Any], unreadable: set[str]) -> int | None:
    """A percentage from the service; any other value is added to ``unreadable``."""
    given = value = find(path, item)
    if isinstance(value, str) and (written := _PERCENTAGE.fullmatch(value)):
        value = float(written[1])
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
        if path is not None and given is not None:
            unreadable.add(path)
        return None
    return int(value)


def bounded_text(value: object, limit: int) -> str | None:
    """A text of at most ``limit`` characters, without presigned URLs and characters that UTF-8 cannot encode."""
    if not isinstance(value, str) or not value:
        return None
    text = encodable(redact(value))
    return text if len(text) <= limit else text[: limit - 1] + "…"


@dataclass(frozen=True, kw_only=True, slots=True)
class Times:
    """The times of a record."""

    item: Mapping[str, Any]
    fields: Fields
    observed_at: datetime
    unreadable: set[str]

    def at(self, name: str) -> datetime | None:
        """A time in UTC with milliseconds; an implausible value is added to ``unreadable``."""
        path: str | None = getattr(self.fields, name)
        value = find(path, self.item)
        if path is None or value is None or value == "":
            return None
        moment = _moment(value, self.fields.time_formats.get(name))
        if moment == _EPOCH:  # zero means "not yet"
            return None
        if moment is None or not FIRST_MOMENT <= moment <= self.observed_at + FURTHEST_AHEAD:
            self.unreadable.add(path)
            return None
        return in_milliseconds(moment)


def _moment(value: object, written: TimeFormat | None) -> datetime | None:
    """A time in UTC; ``None`` for any other value. ``written`` is ``None`` for a timestamp of the protocol."""
    try:
        if written is TimeFormat.TEXT and isinstance(value, str):
            value = timestamps.parse(value)
        if isinstance(value, datetime):
            return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _EPOCH + timedelta(**{"milliseconds" if written is TimeFormat.MILLISECONDS else "seconds": value})
    except (OverflowError, ValueError):
        pass  # not a time, or outside the calendar
    return None


def in_milliseconds(moment: datetime) -> datetime:
    """The time without what is finer than a millisecond."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def uris(paths: tuple[str, ...], item: Mapping[str, Any]) -> tuple[str, ...]:
    """The distinct URIs at the paths, in order, without presigned ones."""
    uris = (uri for path in paths for uri in _each_uri(find(path, item)))
    return tuple(dict.fromkeys(uris))[:URIS_LIMIT]


S3_BUCKETS = ("BucketName", "S3Bucket", "bucketName", "Bucket", "bucket")
S3_KEYS = ("ObjectKey", "S3Key", "S3KeyPrefix", "key", "Key", "Name", "Prefix")
"""The members with which services name a place in S3."""


def _each_uri(value: object) -> Iterator[str]:
    if isinstance(value, str):
        uri = None if presigned(value) else bounded_text(value, URI_LIMIT)
        if uri is not None:
            yield uri
    elif isinstance(value, list):
        for one in value:
            yield from _each_uri(one)
    elif isinstance(value, dict):
        bucket, key = _first_text(value, S3_BUCKETS), _first_text(value, S3_KEYS)
        if bucket:
            yield from _each_uri(f"s3://{bucket}/{key}")


def _first_text(record: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((record[name] for name in names if isinstance(record.get(name), str)), "")


def tags(value: object) -> dict[str, str]:
    """Tags of any form, the first ``TAGS_LIMIT`` of them."""
    pairs = list(_each_tag(value))
    return {
        bounded_text(key, TAG_KEY_LIMIT) or "": bounded_text(text, TAG_VALUE_LIMIT) or ""
        for key, text in pairs[:TAGS_LIMIT]
    }


def _each_tag(value: object) -> Iterator[tuple[str, str]]:
    """From a map, a list of ``{Key, Value}``, or a list of maps (Panorama's tags per resource)."""
    if isinstance(value, list):
        for one in value:
            yield from _each_tag(one)
    elif isinstance(value, dict):
        pair = (value.get("Key", value.get("key")), value.get("Value", value.get("value")))
        if isinstance(pair[0], str) and len(value) <= 2:
            yield pair[0], pair[1] if isinstance(pair[1], str) else ""
            return
        for key, text in value.items():
            if isinstance(key, str) and isinstance(text, str):
                yield key, text


def is_count(value: object) -> bool:
    """True for a whole number that is not negative."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
