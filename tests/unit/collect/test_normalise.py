from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from jobview.catalogue.family import Family
from jobview.catalogue.records import Counts, Parts, When
from jobview.collect.normalise import observe_item
from jobview.model import Depth, Items, JobView, Parent, State, Via
from jobview.model.jobid import JobKey
from tests.unit.collect.sample import FAMILY, FIELDS, NOW, PARTS, TARGET, observe, view


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
    assert (made.depth, made.counter) == (Depth.DETAIL, 2)
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
        parents=(Parent(type="store", id="s-1"),),
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
    made = observe_item(FAMILY, TARGET, (), item, FIELDS, depth=Depth.SUMMARY, via=Via.LIST, observed_at=NOW)
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
    assert view({"store": "s-1"}, family=replace(FAMILY, parents=())).parent is None


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


def test_the_partial_word_alone_means_that_there_are_failures() -> None:
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


RULES = replace(
    FIELDS,
    counts=None,
    when=(
        When(State.FAILED, "code", ("stopped", "moved"), State.CANCELLED),
        When(State.FAILED, "code", ("never-started",), State.FAILED),
        When(State.FAILED, "boxes[].exit", (0,), State.SUCCEEDED),
        When(State.SUCCEEDED, "code", ("stopped",), State.RUNNING),
    ),
)


@pytest.mark.parametrize(
    ("record", "state"),
    [
        ({"status": "BROKEN", "code": "moved"}, State.CANCELLED),
        ({"status": "BROKEN", "code": "moved", "boxes": [{"exit": 0}]}, State.CANCELLED),
        ({"status": "BROKEN", "code": "ended", "boxes": [{"exit": 1}, None, {"exit": 0}]}, State.SUCCEEDED),
        ({"status": "BROKEN", "code": "never-started", "boxes": [{"exit": 0}]}, State.FAILED),
        ({"status": "BROKEN", "boxes": [{"exit": False}, {"exit": "0"}, {}]}, State.FAILED),
        ({"status": "BROKEN", "code": ["stopped"]}, State.CANCELLED),
        ({"status": "BROKEN", "code": {}, "boxes": 7}, State.FAILED),
        ({"status": "QUEUED", "code": "stopped"}, State.PENDING),
        ({"status": "new", "code": "stopped"}, State.UNKNOWN),
    ],
)
def test_the_first_rule_that_fits_says_what_the_word_means(record: dict[str, Any], state: State) -> None:
    assert view(record, fields=RULES).state is state


def test_a_rule_may_take_an_end_back() -> None:
    made = view({"status": "DONE", "code": "stopped", "ended": NOW}, fields=RULES)
    assert (made.state, made.state.terminal, made.ended_at) == (State.RUNNING, False, None)


@pytest.mark.parametrize(("code", "state"), [("moved", "FAILED"), ("", "SUCCEEDED"), (None, "SUCCEEDED")])
def test_a_condition_without_values_matches_every_value(code: str | None, state: str) -> None:
    rules = replace(RULES, when=(When(State.SUCCEEDED, "code", (), State.FAILED),))
    assert view({"status": "DONE", "code": code}, fields=rules).state == state


EXITS = replace(
    FIELDS,
    counts=None,
    parts=Parts(unit="containers", path="boxes", status="exit", outcomes={"0": State.SUCCEEDED}, others=State.FAILED),
)


@pytest.mark.parametrize(
    ("exits", "succeeded", "failed", "state"),
    [
        ([0, 0], 2, 0, State.SUCCEEDED),
        ([0, 143], 1, 1, State.PARTIALLY_SUCCEEDED),
        ([1, 137], 0, 2, State.FAILED),
        # One that never started has no code.
        ([0, None], 1, 0, State.SUCCEEDED),
        ([1, None], None, 1, State.PARTIALLY_SUCCEEDED),
        (["0", 0], 2, 0, State.SUCCEEDED),
    ],
)
def test_exit_codes_say_what_became_of_parts(
    exits: list[object], succeeded: int | None, failed: int, state: State
) -> None:
    made = view({"status": "DONE", "boxes": [{"exit": code} for code in exits]}, fields=EXITS)
    assert made.items == Items(unit="containers", total=2, succeeded=succeeded, failed=failed, skipped=0)
    assert made.state is state


SUMS = replace(FIELDS, counts=Counts(unit="documents", total="seen", succeeded=("new", "changed"), failed="bad"))


@pytest.mark.parametrize(
    ("counts", "succeeded"),
    [
        ({"new": 3, "changed": 4}, 7),
        ({"new": "3", "changed": 0}, 3),
        # A sum without one of its numbers would be too small: an absent number is not zero.
        ({"new": 3}, None),
        ({"new": 3, "changed": None}, None),
        ({"new": 3, "changed": "many"}, None),
        ({"new": -1, "changed": 4}, None),
    ],
)
def test_a_count_may_be_a_sum(counts: dict[str, object], succeeded: int | None) -> None:
    made = view({"status": "DONE", "bad": 0, **counts}, fields=SUMS)
    assert made.items == Items(unit="documents", total=None, succeeded=succeeded, failed=0, skipped=None)


def test_an_unreadable_number_of_a_sum_is_named_and_leaves_the_items_unknown() -> None:
    record = {"id": "j", "status": "DONE", "new": 1, "changed": "x"}
    unreadable: set[str] = set()
    observation = observe(record, fields=SUMS, unreadable=unreadable)
    assert unreadable == {"changed"}
    assert not observation.facts & {"items", "failures"}


ARNS = replace(FIELDS, arns=("id", "parent"))


def test_the_last_part_of_an_arn_is_the_id() -> None:
    told = {"id": "arn:aws:ecs:us-east-1:111122223333:task/batch/0123"}
    named = {**told, "store": "arn:aws:ecs:us-east-1:111122223333:cluster/batch"}
    for record in (named, {"id": "0123", "store": "batch"}):
        made = view(record, fields=ARNS)
        assert (made.key.parents, made.key.native_id) == (("batch",), "0123")
    assert view(told, fields=FIELDS).key.native_id == told["id"]


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


def test_declared_counts_that_are_absent_verify_nothing() -> None:
    assert not view({"status": "DONE"}, family=COUNTED, depth=Depth.SUMMARY).verified


def test_parts_are_counted() -> None:
    words: list[object] = ["OK", "OK", "BAD", "SKIPPED", "WAITING", "NEW", None]
    made = view({"status": "DONE", "sources": [{"status": word} for word in words]}, fields=PARTS)
    assert made.items == Items(unit="sources", total=7, succeeded=2, failed=1, skipped=1)
    assert made.state is State.PARTIALLY_SUCCEEDED


@pytest.mark.parametrize("sources", [None, "x", {}])
def test_parts_that_are_no_list_count_nothing(sources: object) -> None:
    assert view({"sources": sources}, fields=PARTS).items is None
