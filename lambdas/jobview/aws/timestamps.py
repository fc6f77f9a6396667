"""A fast parser of the timestamps in AWS answers: botocore's own takes most of the time of a large page."""

import re
from datetime import UTC, datetime

from botocore.utils import parse_timestamp

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_DIGIT = re.compile(r"[0-9]")
_LEAST_DIGITS = 6
"""The fewest digits of a timestamp with day, year and time: 22-Nov-26 10:11:12."""


def parse(value: object) -> datetime:
    """Parse a timestamp as botocore does, in every format that botocore knows.

    Raises
    ------
    ValueError
        The value is not a timestamp.
    """
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, UTC)
        if isinstance(value, str) and _RFC3339.fullmatch(value):
            return datetime.fromisoformat(value)
    except (ValueError, OverflowError, OSError):
        pass  # botocore supports a wider range, and its error gives the reason
    if isinstance(value, str) and not _is_number(value) and len(_DIGIT.findall(value)) < _LEAST_DIGITS:
        # botocore's parser reads "Monday" or "5" as a day of this week or month.
        raise ValueError(f"{value[:40]!r} is no timestamp")
    try:
        parsed: datetime = parse_timestamp(value)  # type: ignore[arg-type]  # numbers and texts alike, as in botocore
    except RuntimeError as error:  # botocore's word for a number that no calendar has, such as "1E100"
        raise ValueError(f"{str(value)[:40]!r} is no timestamp") from error
    return parsed


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
