"""Any answer that a shape allows, and what else the wire may bring: a strategy for each job of each family."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape
from dateutil.tz import tzlocal, tzutc  # type: ignore[import-untyped]
from hypothesis import strategies as st

from tests.contract.shapes import Job, Members, read, tree

PRESIGNED = (
    "https://b.s3.amazonaws.com/key?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=300&X-Amz-Signature=5ec2e7",
    "https://bucket.s3.amazonaws.com/key?AWSAccessKeyId=AKIAEXAMPLE&Signature=5ec2e7%3D&Expires=1767225600",
    "Failed records: https://bucket.s3.amazonaws.com/key?x-amz-security-token=t&x-amz-signature=5ec2e7 (5 minutes)",
)

_long = st.sampled_from("x😀").flatmap(lambda one: st.integers(200, 5000).map(lambda length: one * length))
_texts = st.one_of(
    st.text(st.characters(), max_size=30),
    st.sampled_from(["", " ", "s3://bucket/key", "a:b/c%d~e", "\ud800", "\x00", *PRESIGNED]),
    _long,
)
_words = st.sampled_from(["", "ERROR", "completed", "A_WORD_OF_NEXT_YEAR"]) | _long
_numbers = st.one_of(
    st.integers(-5, 200),
    st.sampled_from([1_764_838_800_123, -1, 0, 2**31, 2**63 - 1, -(2**63)]),
)
_moments = st.one_of(
    st.datetimes(timezones=st.sampled_from([None, UTC, tzutc(), tzlocal(), timezone(timedelta(hours=14))])),
    st.datetimes(
        min_value=datetime.fromisoformat("2024-01-01"),
        max_value=datetime.fromisoformat("2027-01-01"),
        timezones=st.sampled_from([UTC, tzlocal()]),
    ),
    st.sampled_from([datetime.min, datetime.max, datetime(1970, 1, 1, tzinfo=UTC)]),  # noqa: DTZ901
)


def records(job: Job) -> st.SearchStrategy[Any]:
    """Jobs of which everything is drawn that the declaration reads; the rest of the record is not there."""
    return values(job.shape, tree(each.path for each in read(job)))


def values(shape: Shape, wanted: Members) -> st.SearchStrategy[Any]:
    """Values of ``shape`` as botocore hands them over, with nulls wherever the wire may bring one."""
    match shape:
        case StructureShape():
            names = [name for name in shape.members if not wanted or name in wanted]
            drawn = {name: values(shape.members[name], wanted.get(name, {})) for name in names}
            required = {name: strategy for name, strategy in drawn.items() if name in shape.required_members}
            optional = {name: st.none() | strategy for name, strategy in drawn.items() if name not in required}
            return st.fixed_dictionaries(drawn) | st.fixed_dictionaries(required, optional=optional)
        case ListShape():
            return st.lists(st.none() | values(shape.member, wanted), max_size=3)
        case MapShape():
            keys = st.sampled_from(["SUCCEEDED", "FAILED", "Key", "Value"]) | _texts
            return st.dictionaries(keys, values(shape.value, {}), max_size=3)
        case _:
            return _scalars(shape)


def _scalars(shape: Shape) -> st.SearchStrategy[Any]:
    match shape.type_name:
        case "string":
            enum = list(getattr(shape, "enum", None) or ())
            return st.sampled_from([*enum, *enum, ""]) | _words if enum else _texts
        case "timestamp":
            return _moments
        case "integer" | "long":
            return _numbers
        case "boolean":
            return st.booleans()
        case "float" | "double":
            return st.floats()
        case other:
            raise TypeError(f"no family has a {other} in its jobs")
