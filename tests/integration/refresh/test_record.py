"""Many writers record the same jobs: nothing is lost, nothing is doubled."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from jobview.model import Depth, JobView, Observation, State, Via
from jobview.model.jobid import JobKey
from jobview.refresh import recorder as record
from jobview.refresh.recorder import RecordConflictError, Recorder
from jobview.store import Change, Saved, Store
from tests.local_aws import ACCOUNT, REGION
from tests.local_jobview import Local

KEYS = [
    JobKey(service="sesv2", region=REGION, account=ACCOUNT, type="import", native_id=f"job-{number}")
    for number in range(20)
]


def observe(local: Local, key: JobKey, state: State, *, seconds: int = 0, **facts: object) -> Observation:
    moment = local.clock.now() + timedelta(seconds=seconds)
    view = JobView(
        key=key,
        state=state,
        native_status=state.value,
        observed_at=moment,
        via=Via.GET,
        created_at=local.clock.now(),
        ended_at=moment if state.terminal else None,
        **facts,  # type: ignore[arg-type]
    )
    return Observation(view=view, depth=Depth.DETAIL)


def recorder(local: Local) -> Recorder:
    return Recorder(local.parts.store, now=local.clock.now)


def test_writers_at_once_lose_and_double_nothing(local: Local) -> None:
    steps = [State.PENDING, State.RUNNING, State.SUCCEEDED]

    def write(place: int) -> None:
        for number, state in enumerate(steps):
            if (place + number) % 4:  # each writer misses some of it
                recorder(local).record([observe(local, key, state, seconds=number) for key in KEYS])

    with ThreadPoolExecutor(max_workers=6) as pool:
        for done in [pool.submit(write, place) for place in range(6)]:
            done.result()
    recorder(local).record([observe(local, key, steps[-1], seconds=2) for key in KEYS])
    for key in KEYS:
        assert local.job(str(key)).view.state is State.SUCCEEDED
        history = local.parts.store.transitions(str(key), limit=100)[0]
        states = [transition.state for transition in history]
        assert states == sorted(set(states), key=steps.index)
        assert [transition.number for transition in history] == list(range(1, len(history) + 1))
    counts = local.parts.store.summary(local.clock.now()).counts
    assert counts["sesv2", "import"] == {State.SUCCEEDED: len(KEYS)}


def test_a_page_may_repeat_a_job(local: Local) -> None:
    first, second = observe(local, KEYS[0], State.PENDING), observe(local, KEYS[0], State.RUNNING, seconds=1)
    recorded = recorder(local).record([first, second, second])
    assert recorded.changed == 2
    assert recorded.jobs[str(KEYS[0])].view.state is State.RUNNING
    assert local.states(str(KEYS[0])) == [State.PENDING, State.RUNNING]


def test_what_is_past_its_retention_is_not_brought_back(local: Local) -> None:
    old = observe(local, KEYS[0], State.SUCCEEDED, seconds=-500 * 24 * 3600)
    recorded = recorder(local).record([old])
    assert recorded.changed == 0
    assert not recorded.jobs
    assert local.parts.store.get(str(KEYS[0])) is None


class AlwaysBeaten(Store):
    """A store at which another writer is always first."""

    def save(self, changes: Sequence[Change]) -> Saved:
        return Saved(written=[], lost=changes)


def test_a_writer_that_is_always_beaten_gives_up_and_says_so(local: Local) -> None:
    store = local.parts.store
    store.__class__ = AlwaysBeaten
    with pytest.raises(RecordConflictError, match=f"first {record.ATTEMPTS} times: .*job-0"):
        recorder(local).record([observe(local, KEYS[0], State.PENDING)])
