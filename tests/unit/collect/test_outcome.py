import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobview.catalogue.records import Cause, Fields, Parts
from jobview.collect.outcome import OWN_LIMIT, own_reason, reason_of, state_of
from jobview.model import Items, State

COUNTS = st.none() | st.integers(0, 5)
ITEMS = st.builds(Items, unit=st.just("files"), total=COUNTS, succeeded=COUNTS, failed=COUNTS, skipped=COUNTS)


def items(total: int | None, succeeded: int | None, failed: int | None, skipped: int | None = None) -> Items:
    return Items(unit="files", total=total, succeeded=succeeded, failed=failed, skipped=skipped)


@pytest.mark.parametrize(
    ("told", "counted", "state"),
    [
        ("SUCCEEDED", None, "SUCCEEDED"),
        ("SUCCEEDED", items(3, 3, 0), "SUCCEEDED"),
        ("SUCCEEDED", items(0, 0, 0), "SUCCEEDED"),
        ("SUCCEEDED", items(3, None, None), "SUCCEEDED"),
        ("SUCCEEDED", items(3, 2, 1), "PARTIALLY_SUCCEEDED"),
        ("SUCCEEDED", items(3, None, 1), "PARTIALLY_SUCCEEDED"),
        ("SUCCEEDED", items(None, None, 1), "PARTIALLY_SUCCEEDED"),
        ("SUCCEEDED", items(3, 0, 3), "FAILED"),
        ("SUCCEEDED", items(3, None, 3), "FAILED"),
        ("SUCCEEDED", items(3, 0, 1, 2), "FAILED"),
        ("SUCCEEDED", items(3, None, 1, 2), "FAILED"),
        # The total is unknown: one may have succeeded.
        ("SUCCEEDED", items(None, 0, 3), "PARTIALLY_SUCCEEDED"),
        ("PARTIALLY_SUCCEEDED", items(3, 0, 3), "FAILED"),
        ("PARTIALLY_SUCCEEDED", items(3, 2, 1), "PARTIALLY_SUCCEEDED"),
        ("PARTIALLY_SUCCEEDED", items(3, 3, 0), "PARTIALLY_SUCCEEDED"),
        ("FAILED", items(3, 2, 1), "FAILED"),
        ("CANCELLED", items(3, 0, 3), "CANCELLED"),
        ("RUNNING", items(3, 0, 3), "RUNNING"),
        ("PENDING", items(3, 1, 0), "PENDING"),
        ("UNKNOWN", items(3, 0, 3), "UNKNOWN"),
    ],
)
def test_the_items_of_an_end_tell_which_it_is(told: str, counted: Items | None, state: str) -> None:
    assert state_of(State(told), counted) is State(state)


@pytest.mark.parametrize(
    ("told", "counted", "running", "state"),
    [
        ("PENDING", items(10, 0, 0), 0, "PENDING"),
        ("PENDING", items(10, None, None), None, "PENDING"),
        ("PENDING", items(10, 0, 0), 1, "RUNNING"),
        ("PENDING", items(10, 3, 0), 0, "RUNNING"),
        ("PENDING", items(10, 0, 3), 0, "RUNNING"),
        ("RUNNING", items(10, 3, 0), 1, "RUNNING"),
        ("FAILED", items(10, 9, 1), 0, "PARTIALLY_SUCCEEDED"),
        ("FAILED", items(10, 0, 10), 0, "FAILED"),
        ("FAILED", items(10, None, 10), 0, "FAILED"),
        ("FAILED", items(10, 10, 0), 0, "FAILED"),
        ("FAILED", None, None, "FAILED"),
        ("CANCELLED", items(10, 9, 1), 0, "CANCELLED"),
        ("SUCCEEDED", items(10, 10, 0), 0, "SUCCEEDED"),
        ("SUCCEEDED", items(10, 0, 10), 0, "FAILED"),
        ("UNKNOWN", items(10, 9, 1), 1, "UNKNOWN"),
    ],
)
def test_the_parts_of_a_container_tell_its_state(
    told: str, counted: Items | None, running: int | None, state: str
) -> None:
    assert state_of(State(told), counted, container=True, running=running) is State(state)


@given(st.sampled_from(State), ITEMS, st.booleans(), COUNTS)
def test_an_end_stays_an_end_and_none_is_made_up(told: State, counted: Items, container: bool, running: int) -> None:
    state = state_of(told, counted, container=container, running=running)
    assert state.terminal == told.terminal
    assert not (state is State.SUCCEEDED and counted.failed)
    assert state_of(state, counted, container=container, running=running) is state


@pytest.mark.parametrize(
    ("told", "counted", "own", "how", "reason"),
    [
        ("SUCCEEDED", items(1000, 990, 10), None, "See the log.", "10 of 1,000 files failed. See the log."),
        ("SUCCEEDED", items(1000, 990, 10), "Bad.", "See.", "10 of 1,000 files failed: Bad. See."),
        ("SUCCEEDED", items(1000, 990, 10), "10 were bad", "See.", "10 were bad. See."),
        ("SUCCEEDED", items(9000, 10, 8990), "8,990 bad", None, "8,990 bad."),
        ("SUCCEEDED", items(1000, 990, 10), "of 1,010 bad", None, "10 of 1,000 files failed: of 1,010 bad."),
        ("SUCCEEDED", items(120, None, 3), "No s3://in/x", None, "3 of 120 files failed: No s3://in/x."),
        ("SUCCEEDED", items(None, None, 2), None, None, "2 files failed."),
        ("SUCCEEDED", items(2, 0, 2), None, "See.", "2 of 2 files failed. See."),
        ("PARTIALLY_SUCCEEDED", None, "Some were bad.", "See.", "Some were bad."),
        ("SUCCEEDED", items(3, 3, 0), "Done.", "See.", "Done."),
        ("FAILED", items(3, 1, 2), "Broken.", "See.", "Broken."),
        ("RUNNING", items(3, 1, 2), None, "See.", None),
    ],
)
def test_the_reason_of_a_partial_success_says_how_many(
    told: str, counted: Items | None, own: str | None, how: str | None, reason: str | None
) -> None:
    assert reason_of(state_of(State(told), counted), State(told), counted, own, how) == reason


def test_a_long_reason_leaves_room_for_where_to_read_more() -> None:
    reason = reason_of(State.PARTIALLY_SUCCEEDED, State.SUCCEEDED, items(3, 2, 1), "x" * 2000, "See the log.")
    assert reason is not None
    assert reason.startswith("1 of 3 files failed: xxx")
    assert reason.endswith("x… See the log.")
    assert len(reason) < OWN_LIMIT + 60


FIELDS = Fields(
    id="id",
    reason="why",
    causes=(
        Cause(at="box", message="why", exit_code="code"),
        Cause(at="boxes[]", message="why", exit_code="code"),
        Cause(at="tries[-1].boxes[]", message="why", exit_code="code"),
    ),
    parts=Parts(unit="files", path="files", status="s", outcomes={"BAD": State.FAILED}, message="m"),
)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({}, None),
        ({"why": "exited"}, "exited"),
        ({"why": "exited", "box": {"why": "OOM", "code": 137}}, "OOM (exit code 137). exited"),
        ({"why": "exited.", "box": {"why": "OOM."}}, "OOM. exited."),
        ({"why": "exited", "box": {"code": 1}}, "exited (exit code 1)"),
        ({"box": {"code": 1}}, "exit code 1"),
        ({"why": "exited", "box": {"code": 0}}, "exited"),
        ({"why": "OOM: killed", "box": {"why": "OOM"}}, "OOM: killed"),
        ({"why": "OOM", "box": {"why": "OOM: killed", "code": 9}}, "OOM: killed (exit code 9)"),
        ({"boxes": [{"code": 0}, None, {"code": 2, "why": ""}, {"code": 3, "why": "died"}]}, "died (exit code 3)"),
        ({"box": {"code": 1}, "tries": [{"boxes": [{"why": "old"}]}, {"boxes": [{"why": "new"}]}]}, "new"),
        ({"box": 7, "boxes": "text", "tries": {}}, None),
        ({"files": [{"s": "GOOD", "m": "fine"}, {"s": "BAD"}, {"s": "BAD", "m": "no FASTA"}]}, "no FASTA"),
        ({"why": "stopped", "files": [{"s": "BAD", "m": "no FASTA"}]}, "no FASTA. stopped"),
        ({"why": 7, "box": {"why": 7, "code": "1"}}, None),
        ({"why": ["too large", "", "no text", "too large", None, 7]}, "too large; no text"),
        ({"why": ["too large", "no text"], "box": {"why": "no text"}}, "too large; no text"),
        ({"why": []}, None),
    ],
)
def test_a_failed_job_says_why(record: dict[str, object], reason: str | None) -> None:
    assert own_reason(FIELDS, State.FAILED, record) == reason
    assert own_reason(FIELDS, State.PARTIALLY_SUCCEEDED, record) == reason


@pytest.mark.parametrize("state", ["PENDING", "RUNNING", "SUCCEEDED", "UNKNOWN"])
def test_an_earlier_attempt_is_no_reason_of_a_job_that_has_not_failed(state: str) -> None:
    record = {"why": "waiting", "tries": [{"boxes": [{"why": "OOM", "code": 137}]}]}
    assert own_reason(FIELDS, State(state), record) == "waiting"


def test_whoever_cancelled_a_job_says_why() -> None:
    assert own_reason(FIELDS, State.CANCELLED, {"why": "not needed", "box": {"code": 143}}) == "not needed"
    assert own_reason(FIELDS, State.CANCELLED, {"box": {"code": 143}}) == "exit code 143"
