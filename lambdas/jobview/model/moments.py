"""Times as text: RFC 3339 in UTC, in every answer, row and event."""

import re
from datetime import UTC, datetime

RFC3339 = re.compile(
    r"(?P<date>\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))[Tt](?P<clock>(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)"
    r"(?:\.(?P<fraction>\d+))?(?P<offset>[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)
"""The grammar of times (RFC 3339, 5.6) without leap seconds, which no clock here has. Python's own parser accepts more:
weeks, commas, 24:00, offsets of 60 minutes."""


def rfc3339(moment: datetime | None) -> str | None:
    """RFC 3339 in UTC with milliseconds (``2026-11-22T10:00:00.000Z``); text order is time order."""
    if moment is None:
        return None
    # Not strftime, which writes the year 33 with two digits.
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def parse_time(text: str | None) -> datetime | None:
    """An RFC 3339 time as an aware UTC datetime; ``None`` stays ``None``.

    Raises
    ------
    ValueError
        The text is not an RFC 3339 time with an offset.
    """
    if text is None:
        return None
    if not RFC3339.fullmatch(text):
        raise ValueError(f"{text!r} is no RFC 3339 time with an offset from UTC")
    moment = datetime.fromisoformat(text.upper())
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{text!r} is before the year 1 or after 9999 in UTC") from error


def require_time(text: str) -> datetime:
    """``parse_time`` for a required value."""
    moment = parse_time(text)
    if moment is None:
        raise ValueError("a time is missing")
    return moment
