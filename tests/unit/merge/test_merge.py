"""The merge: any order and any duplicates end in the same state, and never move a job backwards."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobview.merge import Merged, joined, merge, needs_detail
from jobview.model import Depth, Failures, Items, JobView, Observation, State, StoredJob, Transition, Via
from jobview.model.jobid import JobKey

START = datetime(2026, 11, 20, tzinfo=UTC)
KEY = JobKey(service="omics", region="us-east-1", account="111122223333", type="reference-import", native_id="1")
ENDS = (State.SUCCEEDED, State.FAILED, State.CANCELLED, State.DELETED)
REFINED = {
    State.SUCCEEDED: (State.SUCCEEDED, State.PARTIALLY_SUCCEEDED),
    State.FAILED: (State.FAILED, State.CANCELLED),
}


def view(state: State, at: float = 0, **facts: Any) -> JobView:
    given_facts = {"native_status": state.value, "observed_at": START + timedelta(seconds=at), "via": Via.LIST}
    return JobView(key=KEY, state=state, **(given_facts | facts))


def seen(state: State, at: float = 0, depth: Depth = Depth.SUMMARY, counter: int = 0, **facts: Any) -> Observation:
    return Observation(view=view(state, at, **facts), depth=depth, counter=counter)


def stored(observation: Observation) -> StoredJob:
    return written(merge(None, observation))


def written(merged: Merged) -> StoredJob:
    assert merged.job is not None
    return merged.job


@dataclass(frozen=True)
class Phase:
    """One native status of a history and the time it holds."""

    native_status: str
    state: State
    generation: int
    begin: int
    end: int
    by_depth: tuple[State, State, State]
    """The state from a summary, a detail and an item reader."""

    def observed(self, at: int, depth: Depth) -> Observation:
        state = self.by_depth[depth - 1]
        facts: dict[str, Any] = {"created_at": START}
        if depth >= Depth.DETAIL:
            facts |= {"name": "n", "reason": f"reason of {self.native_status}"}
        if state.terminal:
            facts |= {"ended_at": START + timedelta(seconds=self.begin), "verified": depth >= Depth.DETAIL}
        if depth is Depth.ITEMS:
            facts["items"] = Items(unit="files", total=3, failed=int(state is State.PARTIALLY_SUCCEEDED))
        return seen(state, at, depth, self.generation, native_status=f"{self.native_status}", **facts)


@st.composite
def histories(draw: st.DrawFn) -> list[Phase]:
    """One job's true history: in each generation some open statuses, each once, and then perhaps an end."""
    phases: list[Phase] = []
    clock = 0
    generations = draw(st.integers(1, 3))
    usual = draw(st.sampled_from(ENDS))
    for generation in range(generations):
        open_states = draw(
            st.lists(st.sampled_from([state for state in State if not state.terminal]), max_size=2, unique=True)
        )
        words = [(state.value, state, (state, state, state)) for state in open_states]
        if generation < generations - 1 or not words or draw(st.booleans()):
            end = draw(st.sampled_from((usual, *ENDS)))
            detail = draw(st.sampled_from(REFINED.get(end, (end,))))
            items = draw(st.sampled_from(REFINED.get(detail, (detail,))))
            words.append((f"END-{end}", end, (end, detail, items)))
        for word, state, by_depth in words:
            length = draw(st.integers(1, 5))
            phases.append(
                Phase(
                    native_status=word,
                    state=state,
                    generation=generation,
                    begin=clock,
                    end=clock + length - 1,
                    by_depth=by_depth,
                )
            )
            clock += length
    return phases


@st.composite
def readings(draw: st.DrawFn) -> list[Observation]:
    """Observations of one history, in any order, some of them twice."""
    phases = draw(histories())
    found = []
    for phase in draw(st.lists(st.sampled_from(phases), min_size=1, max_size=10)):
        deepest = Depth.ITEMS if phase.state.terminal else Depth.DETAIL
        depth = draw(st.sampled_from([depth for depth in Depth if depth <= deepest]))
        found.append(phase.observed(draw(st.integers(phase.begin, phase.end)), depth))
    return found


def fold(observations: list[Observation]) -> tuple[list[StoredJob], list[Transition]]:
    """Merge one after the other; what was written."""
    jobs: list[StoredJob] = []
    transitions: list[Transition] = []
    for observation in observations:
        merged = merge(jobs[-1] if jobs else None, observation)
        if merged.job is not None:
            jobs.append(merged.job)
        if merged.transition is not None:
            transitions.append(merged.transition)
    return jobs, transitions


def truth(observations: list[Observation]) -> Observation:
    """The result of all observations: of the last generation the deepest end, else the latest read."""
    last = max(one.counter or 0 for one in observations)
    current = [one for one in observations if one.counter == last]
    ends = [one for one in current if one.view.state.terminal]
    if ends:
        return max(ends, key=lambda one: one.depth)
    return max(current, key=lambda one: one.view.observed_at)


@settings(max_examples=400, deadline=None)
@given(data=st.data(), observations=readings())
def test_any_order_and_any_duplicates_end_in_the_truth(data: st.DataObject, observations: list[Observation]) -> None:
    repeated = observations + data.draw(st.lists(st.sampled_from(observations), max_size=4))
    jobs, _ = fold(data.draw(st.permutations(repeated)))
    final, expected = jobs[-1], truth(observations)
    assert final.view.state is expected.view.state
    assert final.view.native_status == expected.view.native_status
    assert final.view.verified == expected.view.verified
    assert final.counter == expected.counter
    assert final.listed_at == START


@settings(max_examples=400, deadline=None)
@given(readings())
def test_a_job_never_moves_backwards_and_every_change_of_state_is_one_transition(
    observations: list[Observation],
) -> None:
    jobs, transitions = fold(observations)
    assert [job.revision for job in jobs] == list(range(1, len(jobs) + 1))
    previous: StoredJob | None = None
    expected = []
    for job in jobs:
        began = previous is not None and job.view.generation > previous.view.generation
        if previous is None or began or job.view.state is not previous.view.state:
            expected.append((None if previous is None else previous.view.state, job.view.state, job.transitions))
        if previous is not None and job.view.generation == previous.view.generation:
            assert job.view.state.terminal or not previous.view.state.terminal
            if previous.view.state.terminal and job.view.state is not previous.view.state:
                assert job.depth > previous.depth
                assert job.view.state in {State.PARTIALLY_SUCCEEDED, State.CANCELLED}
            if previous.view.verified:
                assert job.view.verified
        if previous is not None:
            assert job.view.generation >= previous.view.generation
        previous = job
    assert [(one.previous_state, one.state, one.number) for one in transitions] == expected
    assert [one.number for one in transitions] == list(range(1, len(transitions) + 1))
    assert jobs[-1].transitions == len(transitions)


@settings(max_examples=300, deadline=None)
@given(readings())
def test_what_was_merged_once_is_never_written_again(observations: list[Observation]) -> None:
    jobs, _ = fold(observations)
    for observation in observations:
        again = merge(jobs[-1], observation)
        assert again == Merged(job=None, transition=None)


@settings(max_examples=400, deadline=None)
@given(readings())
def test_what_one_read_listed_and_got_may_be_merged_as_one(observations: list[Observation]) -> None:
    """Neighbours with the same status are joined; the result is the same, with no more writes."""
    together = observations[:1]
    for observation in observations[1:]:
        both = joined(together[-1], observation)
        if both is None:
            together.append(observation)
        else:
            together[-1] = both
    (apart, _), (jobs, transitions) = fold(observations), fold(together)
    final, expected = jobs[-1], truth(observations)
    assert (final.view.state, final.view.native_status) == (expected.view.state, expected.view.native_status)
    assert (final.view.verified, final.counter) == (expected.view.verified, expected.counter)
    assert (final.depth, final.view.reason, final.view.name) == (
        apart[-1].depth,
        apart[-1].view.reason,
        apart[-1].view.name,
    )
    assert len(jobs) <= len(apart)
    assert [one.number for one in transitions] == list(range(1, len(transitions) + 1))


def test_a_listed_and_a_got_status_are_one_and_its_transition_has_the_reason() -> None:
    listed = seen(State.FAILED, 1, native_status="FAILED", ended_at=START, updated_at=START)
    got = seen(State.FAILED, 2, Depth.DETAIL, native_status="FAILED", reason="boom", verified=True, via=Via.GET)
    for both in (joined(listed, got), joined(got, listed)):
        assert both is not None
        merged = merge(None, both)
        job = written(merged)
        assert (job.revision, job.depth, job.view.verified, job.view.updated_at) == (1, Depth.DETAIL, True, START)
        assert merged.transition is not None
        assert (merged.transition.reason, merged.transition.via) == ("boom", Via.GET)


@pytest.mark.parametrize(
    "other",
    [
        seen(State.RUNNING, 2, Depth.DETAIL),
        seen(State.SUCCEEDED, 2, Depth.DETAIL),
        seen(State.PENDING, 2, Depth.DETAIL, counter=1),
        seen(State.SUCCEEDED, 2, Depth.DETAIL, native_status="PENDING"),
    ],
)
def test_two_statuses_are_not_one(other: Observation) -> None:
    assert joined(seen(State.PENDING, 1), other) is None
    assert joined(other, seen(State.PENDING, 1)) is None


def test_a_new_job_is_written_with_its_first_transition() -> None:
    merged = merge(None, seen(State.RUNNING, 5, started_at=START, reason="queued", native_status="IN_PROGRESS"))
    assert written(merged).revision == written(merged).transitions == 1
    assert merged.transition == Transition(
        job_id=str(KEY),
        number=1,
        previous_state=None,
        state=State.RUNNING,
        native_status="IN_PROGRESS",
        reason="queued",
        changed_at=START,
        observed_at=START + timedelta(seconds=5),
        via=Via.LIST,
    )


@pytest.mark.parametrize(
    ("state", "facts", "changed_at"),
    [
        (State.PENDING, {"created_at": START}, 0),
        (State.RUNNING, {"started_at": START + timedelta(seconds=1)}, 1),
        (State.PAUSED, {"updated_at": START + timedelta(seconds=2)}, 2),
        (State.FAILED, {"ended_at": START + timedelta(seconds=3), "updated_at": START}, 3),
        (State.FAILED, {}, 9),
    ],
)
def test_a_change_has_the_services_own_time_if_there_is_one(
    state: State, facts: dict[str, Any], changed_at: float
) -> None:
    transition = merge(None, seen(state, 9, **facts)).transition
    assert transition is not None
    assert transition.changed_at == START + timedelta(seconds=changed_at)


def test_a_later_read_with_nothing_new_is_not_written() -> None:
    job = stored(seen(State.RUNNING, 1, Depth.DETAIL, name="n", tags={"a": "b"}, inputs=("s3://a",)))
    assert merge(job, seen(State.RUNNING, 2)) == Merged(job=None, transition=None)


def test_gaps_are_filled_but_what_describes_another_status_is_not_carried_over() -> None:
    counted: dict[str, Any] = {"items": Items(unit="files", failed=1), "failures": Failures(how="look", count=1)}
    job = stored(seen(State.RUNNING, 1, Depth.DETAIL, name="n", reason="half way", progress=50, role="r", **counted))
    after = written(merge(job, seen(State.SUCCEEDED, 2, ended_at=START)))
    assert (after.view.name, after.view.role) == ("n", "r")
    assert after.view.reason is None
    assert after.view.progress is None
    assert (after.view.items, after.view.failures) == (None, None), "what had failed half way is not the end's count"
    assert after.depth is Depth.SUMMARY, "the end was not read in detail yet"
    assert needs_detail(after, has_get=True)
    assert not needs_detail(after, has_get=False)
    assert not needs_detail(job, has_get=True)


def test_a_late_reading_fills_gaps_and_no_more() -> None:
    job = stored(seen(State.SUCCEEDED, 5, Depth.DETAIL, verified=True))
    merged = merge(job, seen(State.RUNNING, 3, started_at=START, progress=10))
    assert merged.transition is None
    assert written(merged).view == replace(job.view, started_at=START)
    assert written(merged).depth is Depth.DETAIL


def test_only_the_item_level_changes_an_end() -> None:
    job = stored(seen(State.SUCCEEDED, 1, Depth.DETAIL, native_status="COMPLETED"))
    for other in (State.RUNNING, State.PENDING, State.FAILED, State.DELETED, State.UNKNOWN):
        for depth in (Depth.SUMMARY, Depth.DETAIL):
            merged = merge(job, seen(other, 9, depth))
            assert merged.job is None
    refined = merge(job, seen(State.PARTIALLY_SUCCEEDED, 9, Depth.ITEMS, native_status="COMPLETED", verified=True))
    assert written(refined).view.state is State.PARTIALLY_SUCCEEDED
    assert written(refined).depth is Depth.ITEMS
    assert refined.transition is not None
    assert refined.transition.previous_state is State.SUCCEEDED
    plain = merge(written(refined), seen(State.SUCCEEDED, 10, Depth.DETAIL, native_status="COMPLETED"))
    assert plain == Merged(job=None, transition=None)


@pytest.mark.parametrize(
    ("more", "less"),
    [
        (State.PARTIALLY_SUCCEEDED, State.SUCCEEDED),
        (State.CANCELLED, State.FAILED),
        (State.SUCCEEDED, State.DELETED),
        (State.FAILED, State.DELETED),
    ],
)
def test_of_two_ends_read_as_deeply_the_more_refined_one_stays(more: State, less: State) -> None:
    """Counts that come late, and a job that was taken for gone and ended after all: whichever is read first."""
    for first, second in ((more, less), (less, more)):
        ends = {state: seen(state, at, native_status="COMPLETED") for at, state in ((1, first), (2, second))}
        jobs, transitions = fold([ends[first], ends[second]])
        assert jobs[-1].view.state is more
        assert [one.state for one in transitions] == ([more] if first is more else [less, more])


def test_attempts_at_the_items_start_anew_with_a_new_state_only() -> None:
    tried = replace(stored(seen(State.RUNNING, 1)), items_attempts=3, items_after=START)
    same = written(merge(tried, seen(State.RUNNING, 2, name="n")))
    assert (same.items_attempts, same.items_after) == (3, START)
    ended = written(merge(tried, seen(State.FAILED, 2)))
    assert (ended.items_attempts, ended.items_after) == (0, None)


def test_a_restart_outranks_the_end_and_takes_nothing_over() -> None:
    job = stored(seen(State.FAILED, 5, Depth.DETAIL, ended_at=START, reason="boom", verified=True))
    merged = merge(job, seen(State.RUNNING, 3, counter=1))
    again = written(merged)
    assert merged.transition is not None
    assert (merged.transition.previous_state, merged.transition.state) == (State.FAILED, State.RUNNING)
    assert (again.view.generation, again.depth, again.transitions) == (2, Depth.SUMMARY, 2)
    assert (again.view.ended_at, again.view.reason, again.view.verified) == (None, None, False)
    assert merge(again, seen(State.FAILED, 9, Depth.DETAIL, reason="boom")) == Merged(job=None, transition=None)


def test_the_depth_of_an_earlier_generation_does_not_count_for_a_later_one() -> None:
    job = stored(seen(State.SUCCEEDED, 5, Depth.SUMMARY, counter=1))
    assert merge(job, seen(State.SUCCEEDED, 2, Depth.DETAIL, counter=0)) == Merged(job=None, transition=None)
    assert written(merge(job, seen(State.SUCCEEDED, 6, Depth.DETAIL, counter=1, verified=True))).view.verified


def test_the_depth_of_an_open_reading_does_not_count_for_the_end() -> None:
    """A status word that becomes known as an end: what was read in detail before did not know that."""
    job = stored(seen(State.UNKNOWN, 1, Depth.DETAIL, native_status="ARCHIVED"))
    ended = written(merge(job, seen(State.SUCCEEDED, 2, Depth.SUMMARY, native_status="ARCHIVED")))
    assert needs_detail(ended, has_get=True)


def test_the_place_in_lists_moves_only_when_the_creation_time_becomes_known() -> None:
    job = stored(seen(State.PENDING, 5, updated_at=START + timedelta(seconds=5)))
    assert job.listed_at == START + timedelta(seconds=5)
    later = written(merge(job, seen(State.RUNNING, 8, updated_at=START + timedelta(seconds=8))))
    assert later.listed_at == job.listed_at
    created = written(merge(later, seen(State.RUNNING, 9, Depth.DETAIL, created_at=START)))
    assert created.listed_at == START
    corrected = written(merge(created, seen(State.FAILED, 10, created_at=START + timedelta(milliseconds=1))))
    assert corrected.listed_at == START
