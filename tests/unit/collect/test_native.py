import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from botocore.model import ShapeResolver
from hypothesis import given, settings
from hypothesis import strategies as st

from jobview.collect.native import OMITTED, SIZE_LIMIT, TEXT_LIMIT
from jobview.collect.native import native_record as native_record_of
from local.catalogue.models import sensitive

WITHHELD = ("secret", "container.environment", "attempts[].log", "a.b.c")

MODEL: Any = {
        "Job": {"type": "structure", "members": {name: {"shape": name} for name in (
            "Open", "Secret", "Texts", "Table", "Keys", "Inner", "Inners", "Vault", "Named", "Tree")}},
        "Open": {"type": "string"},
        "Secret": {"type": "string", "sensitive": True},
        "Texts": {"type": "list", "member": {"shape": "Secret"}},
        "Table": {"type": "map", "key": {"shape": "Open"}, "value": {"shape": "Secret"}},
        "Keys": {"type": "map", "key": {"shape": "Secret"}, "value": {"shape": "Open"}},
        "Inner": {"type": "structure", "members": {"Open": {"shape": "Open"}, "Secret": {"shape": "Secret"}}},
        "Inners": {"type": "list", "member": {"shape": "Inner"}},
        "Named": {"type": "map", "key": {"shape": "Open"}, "value": {"shape": "Inner"}},
        "Tree": {"type": "structure", "members": {name: {"shape": name} for name in ("Open", "Secret", "Leaves")}},
        "Leaves": {"type": "list", "member": {"shape": "Tree"}},
        "Vault": {"type": "structure", "sensitive": True, "members": {"Open": {"shape": "Open"}}},
}  # fmt: skip
SHAPES = ShapeResolver(MODEL)


def native_record(item: Mapping[str, Any]) -> dict[str, Any]:
    return native_record_of(item, WITHHELD)


def test_what_the_model_marks_sensitive_is_left_out_at_any_depth() -> None:
    inner = {"Open": "a", "Secret": "x"}
    record = native_record_of(
        {
            "Open": "a",
            "Secret": "x",
            "Texts": ["x"],
            "Table": {"a": "x"},
            "Keys": {"x": "a"},
            "Inner": inner,
            "Inners": [inner, inner],
            "Vault": {"Open": "x"},
            "Named": {"a": inner, "b": inner},
            "Tree": {"Open": "a", "Leaves": [{"Secret": "x"}]},
        },
        sensitive(SHAPES.get_shape_by_name("Job")),
    )
    assert record == {
        "Open": "a",
        "Inner": {"Open": "a"},
        "Inners": [{"Open": "a"}, {"Open": "a"}],
        "Named": {"a": {"Open": "a"}, "b": {"Open": "a"}},
        "Tree": {"Open": "a"},
    }
    assert native_record_of({"Open": "x"}, sensitive(SHAPES.get_shape_by_name("Vault"))) == {}


def test_withheld_members_are_left_out_wherever_they_stand() -> None:
    record = native_record(
        {
            "secret": {"deep": 1},
            "container": {"environment": [{"PASSWORD": "x"}], "image": "i"},
            "attempts": [{"log": "x", "exit": 1}, {"exit": 2}],
            "a": {"b": {"c": 1, "d": 2}},
            "environment": "stays",
        },
    )
    assert record == {
        "container": {"image": "i"},
        "attempts": [{"exit": 1}, {"exit": 2}],
        "a": {"b": {"d": 2}},
        "environment": "stays",
    }


def test_values_become_json() -> None:
    record = native_record(
        {
            "ResponseMetadata": {"RequestId": "r"},
            "created": datetime(2026, 11, 22, 12, 0, 0, 5000, tzinfo=timezone(timedelta(hours=1))),
            "naive": datetime(2026, 11, 22, 12, tzinfo=UTC).replace(tzinfo=None),
            "early": datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5))),
            "blob": b"bytes",
            "blobs": [b"bytes", 1],
            "none": None,
            "flag": True,
            "ratio": 0.5,
            "nan": float("nan"),
            "stream": object(),
            "half": "\ud800",
        },
    )
    assert record == {
        "created": "2026-11-22T11:00:00.005Z",
        "naive": "2026-11-22T12:00:00.000Z",
        "early": None,
        "blobs": [1],
        "none": None,
        "flag": True,
        "ratio": 0.5,
        "nan": None,
        "stream": None,
        "half": "?",
    }


def test_presigned_urls_are_not_in_it() -> None:
    url = "https://b/k?X-Amz-Signature=1"
    record = native_record({"JobId": "j", "FailureInfo": {"FailedRecordsS3Url": url}})
    assert record == {"JobId": "j", "FailureInfo": {"FailedRecordsS3Url": "[presigned URL removed]"}}


def test_a_long_record_loses_its_longest_members_and_says_so() -> None:
    item: dict[str, Any] = {
        "id": "j",
        "text": "x" * (TEXT_LIMIT + 1),
        "huge": ["y" * 1000] * 400,
        "large": ["z" * 1000] * 200,
        "larger": ["z" * 1000] * 220,
    }
    record = native_record(item)
    assert record[OMITTED] == ["huge", "larger"]
    assert set(record) == {"id", "text", "large", OMITTED}
    assert record["text"].endswith("x…")
    assert len(json.dumps(record).encode()) < SIZE_LIMIT + 100


@settings(deadline=None)
@given(
    st.dictionaries(
        st.text(),
        st.recursive(
            st.none() | st.integers() | st.floats() | st.text() | st.binary() | st.datetimes(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            max_leaves=5,
        ),
    )
)
def test_any_record_becomes_strict_json(item: dict[str, Any]) -> None:
    text = json.dumps(native_record(item), allow_nan=False, ensure_ascii=False)
    text.encode()
