import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobview.catalogue.records import Fields, TimeFormat
from jobview.model import Depth, JobView
from tests.unit.collect.sample import FIELDS, PARTS, observe, view

PRESIGNED = "https://b.s3.amazonaws.com/k?X-Amz-Signature=00"


@pytest.mark.parametrize("count", [-1, "-3", "3.0", "", "9" * 19, 2.5, True, None, []])
def test_a_value_that_is_no_count_is_not_shown(count: object) -> None:
    assert view({"total": count, "bad": count}).items is None


@pytest.mark.parametrize(
    ("told", "progress"),
    [
        (0, 0), (100, 100), (33.9, 33), ("42", 42),
        ("42%", 42), ("45.0%", 45), ("99.99", 99), ("100.0 %", 100), ("", None), ("about 40%", None), ("4e1", None),
        ("101%", None), (101, None), (-1, None), (True, None), (None, None), (float("nan"), None), ("1" * 9, None),
    ],
)  # fmt: skip
def test_progress_is_a_percentage_or_nothing(told: object, progress: int | None) -> None:
    assert view({"progress": told}).progress == progress


@pytest.mark.parametrize(("redrives", "counter"), [(None, 0), (-1, None), ("2", 2), ("x", None), (True, None)])
def test_a_counter_that_is_absent_is_none_and_one_that_cannot_be_read_is_unknown(
    redrives: object, counter: int | None
) -> None:
    assert observe({"id": "j", "redrives": redrives}).counter == counter


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        (1795342272123, datetime(2026, 11, 22, 10, 11, 12, 123000, tzinfo=UTC)),
        (0, None),
        (-5, None),
        (10**30, None),
        (float("nan"), None),
        (float("inf"), None),
        (True, None),
        ("1795342272123", None),
        ("2026-11-22T10:11:12Z", None),
        (datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))), None),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1))), None),
        (datetime(1970, 1, 1, tzinfo=UTC), None),
    ],
)
def test_times_as_milliseconds(value: object, moment: datetime | None) -> None:
    fields = replace(FIELDS, time_formats={"created": TimeFormat.MILLISECONDS})
    assert view({"created": value}, fields=fields).created_at == moment


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-11-22T10:11:12.123Z", datetime(2026, 11, 22, 10, 11, 12, 123000, tzinfo=UTC)),
        ("2026-11-22T11:11:12+01:00", datetime(2026, 11, 22, 10, 11, 12, tzinfo=UTC)),
        ("2026-11-22 10:11:12", datetime(2026, 11, 22, 10, 11, 12, tzinfo=UTC)),
        ("", None),
        ("soon", None),
        ("Sunday", None),
        (7, None),
        (["2026-11-22T10:11:12Z"], None),
    ],
)
def test_times_as_texts(value: object, moment: datetime | None) -> None:
    fields = replace(FIELDS, time_formats={"created": TimeFormat.TEXT})
    assert view({"created": value}, fields=fields).created_at == moment


def test_each_time_of_a_record_has_its_own_format() -> None:
    fields = replace(FIELDS, time_formats={"started": TimeFormat.SECONDS, "updated": TimeFormat.MILLISECONDS})
    told = {"created": datetime(2026, 11, 22, 10, tzinfo=UTC), "started": 1795342272.5, "updated": 1795342272500}
    made = view(told, fields=fields)
    assert made.created_at == datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert made.started_at == made.updated_at == datetime(2026, 11, 22, 10, 11, 12, 500000, tzinfo=UTC)


@pytest.mark.parametrize(("told", "count"), [("0", 0), ("12", 12), (12, 12)])
def test_a_count_may_be_a_text(told: object, count: int) -> None:
    items = view({"total": told}).items
    assert items is not None
    assert items.total == count


def test_texts_are_bounded_and_cut_visibly() -> None:
    made = view({"name": "n" * 600, "message": "m" * 2000, "input": "s3://" + "k" * 3000, "status": "S" * 300})
    assert made.name == "n" * 511 + "…"
    assert made.reason == "m" * 1023 + "…"
    assert len(made.inputs[0]) == 2048
    assert len(made.native_status) == 256


def test_lists_are_bounded() -> None:
    made = view({"sources": [{"uri": f"s3://b/{n}"} for n in range(80)], "tags": {f"k{n}": "v" for n in range(80)}})
    assert len(made.inputs) == 50
    assert len(made.tags) == 50


def test_presigned_urls_are_never_kept() -> None:
    made = view(
        {
            "input": PRESIGNED,
            "sources": [{"uri": PRESIGNED}, {"uri": "s3://b/k"}],
            "output": [PRESIGNED],
            "message": f"failed, see {PRESIGNED}",
            "name": PRESIGNED,
            "tags": {"link": PRESIGNED},
        }
    )
    assert made.inputs == ("s3://b/k",)
    assert made.outputs == ()
    assert "Signature" not in made.to_json()


def test_what_utf_8_cannot_carry_is_replaced() -> None:
    made = view({"name": "half \ud800", "message": "ganz ü"})
    assert made.name == "half ?"
    assert made.reason == "ganz ü"
    made.to_json().encode()


@pytest.mark.parametrize(
    ("told", "tags"),
    [
        ([{"Key": "a", "Value": "1"}, {"key": "b", "value": "2"}], {"a": "1", "b": "2"}),
        ([{"Key": "a"}], {"a": ""}),
        ([{"team": "x"}, {"cost": "y"}], {"team": "x", "cost": "y"}),
        ({"Key": "a", "Value": "1", "third": "c"}, {"Key": "a", "Value": "1", "third": "c"}),
        ({"a": 1, 2: "b", "c": None, "d": "e"}, {"d": "e"}),
        ("a", {}),
        ([None, 3], {}),
    ],
)
def test_tags_come_as_map_list_or_maps(told: object, tags: dict[str, str]) -> None:
    assert view({"tags": told}).tags == tags


@pytest.mark.parametrize(
    ("told", "outputs"),
    [
        ({"BucketName": "b", "ObjectKey": "k"}, ("s3://b/k",)),
        ({"BucketName": "b"}, ("s3://b/",)),
        ({"S3Bucket": "b", "S3Key": "k/"}, ("s3://b/k/",)),
        ({"BucketName": "", "ObjectKey": "k"}, ()),
        ({"ObjectKey": "k"}, ()),
        (["s3://b/1", None, ["s3://b/2"], ""], ("s3://b/1", "s3://b/2")),
        (7, ()),
    ],
)
def test_outputs_come_as_uris_or_locations(told: object, outputs: tuple[str, ...]) -> None:
    assert view({"output": told}).outputs == outputs


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.datetimes(
        timezones=st.none() | st.timezones()
    ),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["uri", "status", "Key", "Value", "BucketName", "cancelled"]) | st.text(), inner),
    max_leaves=6,
)  # fmt: skip
NAMES = ["status", "store", "name", "created", "started", "updated", "ended", "message", "role", "progress", "input",
         "sources", "output", "tags", "redrives", "flags", "total", "good", "bad", "skipped"]  # fmt: skip


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(NAMES), ANYTHING), st.sampled_from(list(Depth)), st.sampled_from([FIELDS, PARTS])
)
def test_no_record_of_any_shape_is_an_exception(item: dict[str, Any], depth: Depth, fields: Fields) -> None:
    made = observe({"id": "j", **item}, fields=fields, depth=depth).view
    json.dumps(made.to_dict()).encode()
    assert JobView.from_json(made.to_json()) == made
