import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobview.catalogue.declaration import Counts, Family, Fields, GetCall, ListCall, ParentKind, Parts
from jobview.collect.normalise import observe_item
from jobview.jobid import JobKey
from jobview.model import Depth, Items, JobView, Observation, Parent, State, Target, Via

NOW = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)
TARGET = Target(account="111122223333", region="us-east-1")
PRESIGNED = "https://b.s3.amazonaws.com/k?X-Amz-Signature=00"

FIELDS = Fields(
    id="id",
    status="status",
    parent="store",
    name="name",
    created="created",
    started="started",
    updated="updated",
    ended="ended",
    reason="message",
    role="role",
    progress="progress",
    inputs=("input", "sources[].uri"),
    outputs=("output",),
    tags="tags",
    generation="redrives",
    cancelled=("flags.cancelled", "flags.terminated"),
    counts=Counts(unit="records", total="total", succeeded="good", failed="bad", skipped="skipped"),
)
FAMILY = Family(
    service="omics",
    type="reference-import",
    title="Test",
    parent=ParentKind(
        type="store", id="id", call=ListCall(operation="ListStores", rate=1, action="omics:ListStores", items="stores")
    ),
    list=ListCall(operation="ListJobs", rate=1, action="omics:ListJobs", items="jobs"),
    list_fields=replace(FIELDS, counts=None),
    get=GetCall(operation="GetJob", rate=1, action="omics:GetJob", item="@"),
    get_fields=FIELDS,
    states={
        "QUEUED": State.PENDING,
        "ACTIVE": State.RUNNING,
        "DONE": State.SUCCEEDED,
        "DONE_WITH_FAILURES": State.PARTIALLY_SUCCEEDED,
        "BROKEN": State.FAILED,
        "STOPPED": State.CANCELLED,
        "GONE": State.DELETED,
    },
    failures_how="Look.",
    console="https://console/{region}?store={parent}#{id}",
)


def observe(
    item: Mapping[str, Any],
    *,
    family: Family = FAMILY,
    fields: Fields = FIELDS,
    depth: Depth = Depth.DETAIL,
    parent: Parent | None = None,
    key: JobKey | None = None,
) -> Observation:
    made = observe_item(family, TARGET, parent, item, fields, depth=depth, via=Via.GET, observed_at=NOW, key=key)
    assert made is not None
    return made


def view(item: Mapping[str, Any], **options: Any) -> JobView:
    return observe({"id": "j", **item}, **options).view


def test_a_whole_record() -> None:
    made = observe(
        {
            "id": "a:b/ü",
            "status": "DONE",
            "store": "s-1",
            "name": "night",
            "created": datetime(2026, 11, 22, 10, 0, 0, 999999, tzinfo=timezone(timedelta(hours=2))),
            "started": datetime(2026, 11, 22, 8, 1, tzinfo=UTC).replace(tzinfo=None),
            "updated": datetime(2026, 11, 22, 8, 2, tzinfo=UTC),
            "ended": datetime(2026, 11, 22, 8, 3, tzinfo=UTC),
            "message": "fine",
            "role": "arn:aws:iam::111122223333:role/x",
            "progress": 100,
            "input": "s3://in/a",
            "sources": [{"uri": "s3://in/a"}, {"uri": "s3://in/b"}, {}],
            "output": {"BucketName": "out", "ObjectKey": "k/v"},
            "tags": {"team": "imaging"},
            "redrives": 2,
            "total": 5,
            "good": 5,
            "bad": 0,
            "skipped": 0,
        }
    )
    assert (made.depth, made.generation) == (Depth.DETAIL, 2)
    assert made.view == JobView(
        key=JobKey(
            service="omics",
            region="us-east-1",
            account="111122223333",
            type="reference-import",
            parents=("s-1",),
            native_id="a:b/ü",
        ),
        state=State.SUCCEEDED,
        native_status="DONE",
        observed_at=NOW.replace(microsecond=123000),
        via=Via.GET,
        name="night",
        parent=Parent(type="store", id="s-1"),
        reason="fine",
        verified=True,
        items=Items(unit="records", total=5, succeeded=5, failed=0, skipped=0),
        progress=100,
        created_at=datetime(2026, 11, 22, 8, 0, 0, 999000, tzinfo=UTC),
        started_at=datetime(2026, 11, 22, 8, 1, tzinfo=UTC),
        updated_at=datetime(2026, 11, 22, 8, 2, tzinfo=UTC),
        ended_at=datetime(2026, 11, 22, 8, 3, tzinfo=UTC),
        inputs=("s3://in/a", "s3://in/b"),
        outputs=("s3://out/k/v",),
        tags={"team": "imaging"},
        role="arn:aws:iam::111122223333:role/x",
        console="https://console/us-east-1?store=s-1#a:b%2F%C3%BC",
    )
    assert JobView.from_json(made.view.to_json()) == made.view


def test_the_least_record() -> None:
    made = view({})
    assert (made.state, made.native_status, made.verified) == (State.UNKNOWN, "", False)
    assert (made.name, made.parent, made.items, made.progress, made.created_at) == (None, None, None, None, None)
    assert (made.inputs, made.outputs, made.tags, made.failures) == ((), (), {}, None)


@pytest.mark.parametrize("told", [None, "", [], {}, True, -1])
def test_a_record_without_an_id_is_no_job(told: object) -> None:
    item = {"id": told, "status": "DONE"}
    made = observe_item(FAMILY, TARGET, None, item, FIELDS, depth=Depth.SUMMARY, via=Via.LIST, observed_at=NOW)
    assert made is None


def test_a_number_may_be_an_id() -> None:
    assert observe({"id": 7}).view.key.native_id == "7"


def test_the_key_that_was_asked_for_stands_for_a_missing_id() -> None:
    key = view({}).key
    assert observe({"status": "ACTIVE"}, key=key).view.key is key


def test_the_parent_that_was_listed_outranks_the_one_in_the_record() -> None:
    parent = Parent(type="store", id="listed")
    made = view({"store": "other"}, parent=parent)
    assert (made.parent, made.key.parents) == (parent, ("listed",))


def test_a_family_without_parents_has_none() -> None:
    assert view({"store": "s-1"}, family=replace(FAMILY, parent=None)).parent is None


def test_a_word_that_the_catalogue_does_not_know_is_kept_and_no_end() -> None:
    made = view({"status": "DREAMING", "ended": NOW})
    assert (made.state, made.state.terminal, made.native_status) == (State.UNKNOWN, False, "DREAMING")
    assert made.ended_at is None
    assert not made.verified


def test_success_with_failed_items_is_partial() -> None:
    made = view({"status": "DONE", "total": 10, "bad": 3})
    assert made.state is State.PARTIALLY_SUCCEEDED
    assert made.failures is not None
    assert (made.failures.count, made.failures.how, made.failures.uri) == (3, "Look.", None)


@pytest.mark.parametrize("word", ["BROKEN", "STOPPED", "ACTIVE"])
def test_failed_items_turn_nothing_but_success(word: str) -> None:
    assert view({"status": word, "bad": 3}).state is FAMILY.states[word]


def test_the_partial_word_alone_tells_that_there_are_failures() -> None:
    made = view({"status": "DONE_WITH_FAILURES"})
    assert made.failures is not None
    assert made.failures.count is None


@pytest.mark.parametrize(
    ("status", "flags", "state"),
    [
        ("BROKEN", {"cancelled": True}, State.CANCELLED),
        ("BROKEN", {"terminated": True, "cancelled": False}, State.CANCELLED),
        ("BROKEN", {"cancelled": "true"}, State.FAILED),
        ("BROKEN", {"cancelled": None}, State.FAILED),
        ("BROKEN", {}, State.FAILED),
        ("ACTIVE", {"cancelled": True}, State.RUNNING),
        ("DONE", {"terminated": True}, State.SUCCEEDED),
    ],
)
def test_flags_make_a_failed_job_a_cancelled_one(status: str, flags: dict[str, object], state: State) -> None:
    assert view({"status": status, "flags": flags}).state is state


COUNTED = replace(FAMILY, list_fields=FIELDS)
READ_OUTSIDE = replace(FAMILY, items_reader="healthimaging-manifest")


@pytest.mark.parametrize(
    ("family", "status", "depth", "verified"),
    [
        (FAMILY, "DONE", Depth.SUMMARY, False),
        (FAMILY, "DONE", Depth.DETAIL, True),
        (FAMILY, "ACTIVE", Depth.DETAIL, False),
        (FAMILY, "GONE", Depth.DETAIL, True),
        (COUNTED, "DONE", Depth.SUMMARY, True),
        (replace(FAMILY, get=None), "DONE", Depth.SUMMARY, True),
        (READ_OUTSIDE, "DONE", Depth.DETAIL, False),
        (READ_OUTSIDE, "DONE_WITH_FAILURES", Depth.DETAIL, False),
        (READ_OUTSIDE, "DONE", Depth.ITEMS, True),
        (READ_OUTSIDE, "BROKEN", Depth.DETAIL, True),
        (READ_OUTSIDE, "STOPPED", Depth.DETAIL, True),
        (READ_OUTSIDE, "BROKEN", Depth.SUMMARY, False),
    ],
)
def test_verified_means_that_nothing_unread_could_tell_another_end(
    family: Family, status: str, depth: Depth, verified: bool
) -> None:
    assert view({"status": status, "bad": 0}, family=family, depth=depth).verified is verified


def test_declared_counts_that_are_not_told_verify_nothing() -> None:
    assert not view({"status": "DONE"}, family=COUNTED, depth=Depth.SUMMARY).verified


PARTS = replace(
    FIELDS,
    counts=None,
    parts=Parts(
        unit="sources",
        path="sources",
        status="status",
        outcomes={
            "OK": State.SUCCEEDED,
            "BAD": State.FAILED,
            "SKIPPED": State.CANCELLED,
            "WAITING": State.PENDING,
        },
    ),
)


def test_parts_are_counted() -> None:
    words: list[object] = ["OK", "OK", "BAD", "SKIPPED", "WAITING", "NEW", None]
    made = view({"status": "DONE", "sources": [{"status": word} for word in words]}, fields=PARTS)
    assert made.items == Items(unit="sources", total=7, succeeded=2, failed=1, skipped=1)
    assert made.state is State.PARTIALLY_SUCCEEDED


@pytest.mark.parametrize("sources", [None, "x", {}])
def test_parts_that_are_no_list_count_nothing(sources: object) -> None:
    assert view({"sources": sources}, fields=PARTS).items is None


@pytest.mark.parametrize("count", [-1, "3", 2.5, True, None, []])
def test_what_is_no_count_is_not_told(count: object) -> None:
    assert view({"total": count, "bad": count}).items is None


@pytest.mark.parametrize(
    ("told", "progress"),
    [
        (0, 0), (100, 100), (33.9, 33), ("42", 42),
        (101, None), (-1, None), ("42%", None), (True, None), (None, None), (float("nan"), None), ("1" * 9, None),
    ],
)  # fmt: skip
def test_progress_is_a_percentage_or_nothing(told: object, progress: int | None) -> None:
    assert view({"progress": told}).progress == progress


@pytest.mark.parametrize("redrives", [None, -1, "2", True])
def test_what_is_no_generation_is_the_first(redrives: object) -> None:
    assert observe({"id": "j", "redrives": redrives}).generation == 0


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
        (datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))), None),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1))), None),
        (datetime(1970, 1, 1, tzinfo=UTC), None),
    ],
)
def test_times_as_milliseconds(value: object, moment: datetime | None) -> None:
    assert view({"created": value}, fields=replace(FIELDS, milliseconds=True)).created_at == moment


def test_times_as_seconds() -> None:
    assert view({"created": 1795342272.5}).created_at == datetime(2026, 11, 22, 10, 11, 12, 500000, tzinfo=UTC)


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


@given(
    st.dictionaries(st.sampled_from(NAMES), ANYTHING), st.sampled_from(list(Depth)), st.sampled_from([FIELDS, PARTS])
)
def test_no_record_of_any_shape_is_an_exception(item: dict[str, Any], depth: Depth, fields: Fields) -> None:
    made = observe({"id": "j", **item}, fields=fields, depth=depth).view
    json.dumps(made.to_dict()).encode()
    assert JobView.from_json(made.to_json()) == made
