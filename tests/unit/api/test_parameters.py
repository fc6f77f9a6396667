import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from handlers.api import parameters as p
from jobview.model.jobid import PART_LIMIT, InvalidJobIdError, JobKey
from tests.drawn_ids import JOB_IDS

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TEXT = (
    st.text(min_size=1, max_size=30)
    | st.sampled_from([".", "..", "...", "..a"])
    | st.text("a夜ü", min_size=30, max_size=600)
)
"""What services call their things, long names in any script too."""
ID_SCHEMA = {"type": "string", "pattern": p.JOB_ID_PATTERN}


def checked(annotation: Any) -> Callable[[object], Any]:
    adapter: TypeAdapter[Any] = TypeAdapter(annotation)
    return adapter.validate_python


@given(TEXT, st.lists(TEXT, max_size=3), TEXT)
@example("夜" * 80, ["夜" * 512], "夜" * 80)
@example("x", ["a" * 346 + "夜" * 20], "a" * 381)
@example("x", ["夜" * 42], "夜" * 43)
def test_the_pattern_of_the_document_takes_every_job_id(type_: str, parents: list[str], native_id: str) -> None:
    key = JobKey(
        service="glue", region="us-east-1", account="1", type=type_, parents=tuple(parents), native_id=native_id
    )
    assert re.fullmatch(p.JOB_ID_PATTERN, str(key))
    jsonschema_rs.validate(ID_SCHEMA, str(key))
    assert checked(p.JobId)(str(key)) == key


@given(st.from_regex(p.JOB_ID_PATTERN, fullmatch=True).filter(lambda text: len(text) <= PART_LIMIT))
def test_every_id_of_the_pattern_can_be_read(text: str) -> None:
    assert str(JobKey.parse(text)) == text


@given(JOB_IDS)
def test_what_the_pattern_refuses_is_no_job_id_and_nothing_else_is(text: str) -> None:
    try:
        JobKey.parse(text)
    except InvalidJobIdError:
        # The pattern sets no limit to the length of a part without a digest.
        too_long = any(len(part) > PART_LIMIT for part in text.split(":"))
        assert too_long or not re.fullmatch(p.JOB_ID_PATTERN, text)
    else:
        assert re.fullmatch(p.JOB_ID_PATTERN, text)


@pytest.mark.parametrize("text", ["glue%3Aus-east-1:1:job-run:nightly:jr", "glue:us-east-1:1:job-run:nightly:jr%7E20x"])
def test_an_id_is_not_decoded_a_second_time(text: str) -> None:
    with pytest.raises(ValidationError, match="a job id is"):
        checked(p.JobId)(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-22T10:00:00Z", datetime(2026, 11, 22, 10, tzinfo=UTC)),
        ("2026-11-22t10:00:00.5z", datetime(2026, 11, 22, 10, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-11-22T12:00:00.123456789+02:00", datetime(2026, 11, 22, 10, 0, 0, 124_000, tzinfo=UTC)),
        ("2026-11-22T10:00:00.123Z", datetime(2026, 11, 22, 10, 0, 0, 123_000, tzinfo=UTC)),
        ("2026-11-22T10:00:00.1230000000Z", datetime(2026, 11, 22, 10, 0, 0, 123_000, tzinfo=UTC)),
        ("2026-11-22T10:00:00.12300000000000001Z", datetime(2026, 11, 22, 10, 0, 0, 124_000, tzinfo=UTC)),
        ("2026-12-31T23:59:59.9999Z", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2024-02-29T23:30:00-05:30", datetime(2024, 3, 1, 5, 0, tzinfo=UTC)),
        ("2026-11-22T10:00:00-00:00", datetime(2026, 11, 22, 10, tzinfo=UTC)),
        ("0000-02-29T00:00:00Z", datetime(1904, 2, 29, tzinfo=UTC)),
        ("0001-01-01T00:00:00+23:59", datetime(1903, 12, 31, 0, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59.9999Z", datetime(9997, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59-01:00", datetime(9997, 1, 1, 0, 59, 59, tzinfo=UTC)),
    ],
)
def test_rfc_3339_times_are_taken(text: str, moment: datetime) -> None:
    assert checked(p.FILTERS["created_after"])(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22",
        "2026-11-22 10:00:00Z",
        "2026-11-22T10:00:00",
        "2026-W47-7T10:00:00Z",
        "20261122T100000Z",
        "2026-13-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "9998-02-29T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2026-00-10T00:00:00Z",
        "2026-01-00T00:00:00Z",
        "2026-11-22T24:00:00Z",
        "2026-11-22T10:60:00Z",
        "2026-12-31T23:59:60Z",
        "2026-11-22T10:00:00,5Z",
        "2026-11-22T10:00:00.Z",
        "2026-11-22T10:00Z",
        "2026-11-22T10:00:00+05:60",
        "2026-11-22T10:00:00+24:00",
        "2026-11-22T10:00:00+05",
        "2026-11-22T10:00:00+05:30:15",
        "2026-327T10:00:00Z",
        "2026-11-22T10:00:00Z\n",
        " 2026-11-22T10:00:00Z",
        "2026-11-22T10:00:00+0200",
        "٢٠٢٦-11-22T10:00:00Z",
        "now",
        "",
    ],
)
def test_other_times_are_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        checked(p.FILTERS["created_after"])(text)


@pytest.mark.parametrize("text", ["1", "500", "0500"])
def test_whole_numbers_within_the_bounds_are_taken(text: str) -> None:
    assert checked(p.Limit)(text) == int(text)


@pytest.mark.parametrize("text", ["0", "-1", "501", "1e2", "1.0", "1_0", "+1", " 1", "", "ten", "9" * 30])
def test_other_limits_are_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        checked(p.Limit)(text)


def test_every_parameter_says_what_it_allows() -> None:
    assert all(p.ALLOWED.values())


@given(
    st.integers(1_577_836_800_000, 1_893_456_000_000),
    st.integers(-5_000_000, 5_000_000),
)
def test_a_bound_of_any_precision_takes_the_jobs_that_it_says(milliseconds: int, nanoseconds: int) -> None:
    """Jobs have whole milliseconds; the bound has nine digits."""
    job = EPOCH + timedelta(milliseconds=milliseconds)
    since = milliseconds * 10**6
    bound = since + nanoseconds
    text = f"{EPOCH + timedelta(seconds=bound // 10**9):%Y-%m-%dT%H:%M:%S}.{bound % 10**9:09d}Z"
    assert (job >= checked(p.FILTERS["created_after"])(text)) is (since >= bound)
    assert (job < checked(p.FILTERS["created_before"])(text)) is (since < bound)
