from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore import utils
from hypothesis import given, settings
from hypothesis import strategies as st

from jobview.aws.timestamps import parse

parse_timestamp: Callable[[Any], datetime] = utils.parse_timestamp  # its annotation knows texts only

FORMATS = [
    "2026-11-22T10:11:12Z",
    "2026-11-22T10:11:12.5Z",
    "2026-11-22T10:11:12.123Z",
    "2026-11-22T10:11:12.123456Z",
    "2026-11-22T10:11:12.123456789Z",
    "2026-11-22T10:11:12+00:00",
    "2026-11-22T10:11:12.001-07:30",
    "2026-11-22T10:11:12",
    "2026-11-22 10:11:12Z",
    "2026-11-22T10:11Z",
    "2026-11-22",
    "20261122T101112Z",
    "20261122",
    "Sun, 22 Nov 2026 10:11:12 GMT",
    "Sunday, 22-Nov-26 10:11:12 GMT",
    "1795342272",
    "1795342272.25",
    "0",
    1795342272,
    1795342272.25,
    0,
    -1,
    253402300799,
    -62135596800,
]


@pytest.mark.parametrize("text", FORMATS)
def test_every_format_gives_the_moment_that_botocore_gives(text: str | float) -> None:
    ours, theirs = parse(text), parse_timestamp(text)
    assert ours == theirs
    assert ours.utcoffset() == theirs.utcoffset() or isinstance(text, int | float)


@settings(deadline=None)
@given(st.datetimes(), st.sampled_from(["Z", "+05:30"]))
def test_any_rfc_3339_time_gives_the_moment_that_botocore_gives(moment: datetime, offset: str) -> None:
    text = moment.isoformat(timespec="milliseconds") + offset
    assert parse(text) == parse_timestamp(text)


@settings(deadline=None)
@given(st.integers(min_value=-62135596800, max_value=253402300799) | st.floats(0, 4e9))
def test_any_number_gives_the_moment_that_botocore_gives(seconds: float) -> None:
    assert parse(seconds) == parse_timestamp(seconds)


def test_a_number_is_shown_in_utc() -> None:
    assert parse(0).tzinfo is UTC


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01T00:00:00Z", "2026-11-22T25:00Z", None, 1e300, "1E100"])
def test_what_is_no_timestamp_is_refused_as_by_botocore(text: object) -> None:
    with pytest.raises((ValueError, RuntimeError, OverflowError)):
        parse_timestamp(text)
    with pytest.raises((ValueError, OverflowError)):
        parse(text)
