"""A fast parser of the timestamps in AWS answers: botocore's own takes most of the time of a large page."""

import re
from datetime import UTC, datetime

from botocore.utils import parse_timestamp

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)


def parse(value: object) -> datetime:
    """The same moment that botocore's parser gives, for every format that botocore knows.

    Raises
    ------
    ValueError
        No timestamp.
    """
    try:
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, UTC)
        if isinstance(value, str) and _RFC3339.fullmatch(value):
            return datetime.fromisoformat(value)
    except (ValueError, OverflowError, OSError):
        pass  # botocore knows a wider range and says what is wrong
    parsed: datetime = parse_timestamp(value)  # type: ignore[arg-type]  # numbers and texts alike, as in botocore
    return parsed
