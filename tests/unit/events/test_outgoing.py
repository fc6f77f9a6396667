"""The event of a transition."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobview.events.outgoing import DETAIL_BYTES, OversizedEventError, event, size, text
from jobview.model import JobView, State, Transition, Via
from jobview.model.jobid import JobKey

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
KEY = JobKey(
    service="glue", region="us-east-1", account="111122223333", type="job-run", parents=("etl",), native_id="jr"
)
VIEW = JobView(key=KEY, state=State.FAILED, native_status="FAILED", observed_at=NOW, via=Via.LIST)
TRANSITION = Transition(
    job_id=str(KEY),
    number=3,
    previous_state=State.RUNNING,
    state=State.FAILED,
    native_status="FAILED",
    reason="out of memory",
    changed_at=NOW - timedelta(seconds=90),
    observed_at=NOW,
    via=Via.LIST,
)


def test_the_attributes_of_cloudevents() -> None:
    detail = event(TRANSITION, VIEW, origin="arn:x")
    data = detail.pop("data")
    assert detail == {
        "specversion": "1.0",
        "id": f"{KEY}#3",
        "source": "arn:x",
        "type": "jobview.job.state-changed.v1",
        "subject": str(KEY),
        "time": "2026-11-20T11:58:30.000Z",
        "datacontenttype": "application/json",
    }
    assert data["lateSeconds"] == 90
    assert data["job"] == VIEW.to_dict()
    assert all(name.islower() and name.isalnum() for name in detail)


def test_a_clock_that_is_behind_is_not_late() -> None:
    early = replace(TRANSITION, changed_at=NOW + timedelta(minutes=10))
    assert event(early, VIEW, origin="x")["data"]["lateSeconds"] == 0


uris = st.lists(st.sampled_from(["x" * 2000, "ü" * 2000, "s3://b/k", '"' * 500]), max_size=60).map(tuple)


@given(
    inputs=uris, outputs=uris, tags=st.dictionaries(st.text(min_size=1, max_size=8), st.just("é" * 5000), max_size=50)
)
def test_an_event_fits_and_what_is_left_out_is_counted(
    inputs: tuple[str, ...], outputs: tuple[str, ...], tags: dict[str, str]
) -> None:
    view = replace(VIEW, inputs=inputs, outputs=outputs, tags=tags)
    detail = event(TRANSITION, view, origin="x")
    data = detail["data"]
    assert size(detail) <= DETAIL_BYTES
    gone = data["trimmed"]
    whole = {"inputs": inputs, "outputs": outputs}
    for name, all_of in whole.items():
        kept = data["job"][name]
        assert kept == list(all_of)[: len(kept)]
        assert len(all_of) - len(kept) == gone.get(name, 0)
    assert len(tags) - len(data["job"]["tags"]) == gone.get("tags", 0)
    complete = {**detail, "data": {**data, "job": view.to_dict(), "trimmed": {}}}
    assert bool(gone) == (size(complete) > DETAIL_BYTES), "nothing is cut without need"
    assert json.loads(text(detail)) == detail


def test_what_cannot_be_cut_is_an_error() -> None:
    with pytest.raises(OversizedEventError, match="240000 at the most"):
        event(TRANSITION, replace(VIEW, reason="x" * 250_000), origin="x")


def test_the_view_may_be_gone() -> None:
    assert event(TRANSITION, None, origin="x")["data"]["job"] is None
