"""The law of evidence about states: ids that are used again, ends that are taken back, and absence."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobview.merge import answer, contradicts, merge, needs_detail
from jobview.model import Depth, Items, JobView, Observation, State, Via
from tests.observed import GOT, KEY, NOTHING, START, WINDOW, WORDS, at, fold, gone, got, listed

# --- ids that are used again


@pytest.mark.parametrize("see", [listed, got])
@pytest.mark.parametrize("member", ["created_at", "started_at"])
def test_a_later_creation_or_start_under_the_same_id_is_a_new_generation(see: Any, member: str) -> None:
    times: dict[str, Any] = {"created_at": None, member: START}
    before = fold(got(State.FAILED, 60, reason="boom", ended_at=at(50), tags={"a": "b"}, **times))
    merged = merge(before, see(State.RUNNING, 1900, **(times | {member: at(1800)})), at=at(1901))
    assert merged.job is not None
    view = merged.job.view
    assert (view.state, view.generation, view.reason, view.ended_at, view.tags) == (State.RUNNING, 2, None, None, {})
    assert view.changed_at == at(1901)
    assert merged.job.listed_at == at(1800), "it is listed at the successor's place"
    assert merged.transition is not None
    assert (merged.transition.previous_state, merged.transition.state) == (State.FAILED, State.RUNNING)
    assert (merged.transition.number, merged.transition.generation) == (2, 2)
    # Whatever else is read of the one before changes nothing.
    for late in (listed(State.FAILED, 1950, **times), listed(State.SUCCEEDED, 30, **times)):
        assert merge(merged.job, late) == NOTHING


def test_a_successor_in_the_same_state_has_a_transition_of_its_own() -> None:
    merged = merge(fold(listed(State.FAILED, 60)), listed(State.FAILED, 500, created_at=at(400)))
    assert merged.transition is not None
    assert (merged.transition.previous_state, merged.transition.state) == (State.FAILED, State.FAILED)
    assert merged.transition.generation == 2


def test_a_successor_of_a_deleted_job_is_listed_at_its_own_place() -> None:
    running = fold(listed(State.RUNNING, 5))
    deleted = fold(listed(State.RUNNING, 5), gone(running, 60))
    assert deleted.view.state is State.DELETED
    after = fold(listed(State.RUNNING, 5), gone(running, 60), listed(State.RUNNING, 900, created_at=at(880)))
    assert (after.view.state, after.view.generation, after.listed_at) == (State.RUNNING, 2, at(880))


@pytest.mark.parametrize("rounded", [0.4, -0.4, 1.0])
def test_a_time_that_two_shapes_round_differently_is_no_new_generation(rounded: float) -> None:
    job = fold(listed(State.SUCCEEDED, 60), got(State.SUCCEEDED, 61, created_at=at(rounded)))
    assert job.view.generation == 1


def test_a_creation_in_the_future_of_its_own_read_is_no_evidence() -> None:
    job = fold(listed(State.SUCCEEDED, 60), listed(State.SUCCEEDED, 90, created_at=at(10_000)))
    assert job.view.generation == 1


def test_the_start_of_a_job_that_waited_is_no_new_generation() -> None:
    waiting = got(State.PENDING, 5, created_at=None, started_at=START)
    job = fold(waiting, got(State.RUNNING, 90, created_at=None, started_at=at(80)))
    assert (job.view.state, job.view.generation, job.view.started_at) == (State.RUNNING, 1, at(80))
    backwards = fold(got(State.RUNNING, 90, created_at=None, started_at=at(80)), waiting)
    assert (backwards.view.state, backwards.view.generation, backwards.view.started_at) == (State.RUNNING, 1, at(80))


def test_a_get_may_correct_a_time() -> None:
    wrong = fold(listed(State.RUNNING, 5, created_at=at(3)))
    job = fold(listed(State.RUNNING, 5, created_at=at(3)), got(State.FAILED, 90, created_at=START))
    assert (job.view.state, job.view.generation, job.view.created_at) == (State.FAILED, 1, START)
    assert merge(wrong, listed(State.FAILED, 60)) == NOTHING, "a list of before the creation is a stale one"


def test_an_event_of_before_the_creation_is_of_an_earlier_generation() -> None:
    view = JobView(key=KEY, state=State.SUCCEEDED, native_status="COMPLETED", observed_at=at(-5), via=Via.EVENT)
    assert merge(fold(listed(State.RUNNING, 5)), Observation(view=view, depth=Depth.SUMMARY)) == NOTHING


# --- ends that are taken back


def test_a_get_after_the_window_takes_an_end_back() -> None:
    before = fold(got(State.FAILED, 10, reason="boom", ended_at=at(9)))
    merged = merge(before, got(State.PENDING, 10 + WINDOW + 1, knew=1))
    assert merged.job is not None
    assert (merged.job.view.state, merged.job.view.generation) == (State.PENDING, 2)
    assert (merged.job.view.reason, merged.job.view.ended_at) == (None, None)
    assert merged.transition is not None
    assert merged.transition.changed_at == at(10 + WINDOW + 1), "the old creation does not date it"


def test_within_the_window_the_end_stays_and_the_job_is_asked_again() -> None:
    before = fold(got(State.SUCCEEDED, 10))
    early = merge(before, got(State.RUNNING, 10 + WINDOW, knew=1))
    assert early.transition is None
    assert early.job is not None
    assert (early.job.view, early.job.ask_again, early.job.open) == (before.view, True, True)
    assert needs_detail(early.job, has_get=True)
    assert merge(early.job, got(State.RUNNING, 10 + WINDOW, knew=1)) == NOTHING, "it is marked once"
    confirmed = merge(early.job, got(State.SUCCEEDED, 200, knew=2)).job
    assert confirmed is not None
    assert (confirmed.view.state, confirmed.open) == (State.SUCCEEDED, False)
    taken_back = merge(early.job, got(State.RUNNING, 200, knew=2)).job
    assert taken_back is not None
    assert (taken_back.view.state, taken_back.view.generation, taken_back.ask_again) == (State.RUNNING, 2, False)


def test_a_list_never_takes_an_end_back_but_has_the_job_got() -> None:
    before = fold(got(State.SUCCEEDED, 10))
    for seconds in (11, 500, 50_000):
        stale = listed(State.RUNNING, seconds)
        assert merge(before, stale) == NOTHING
        assert contradicts(before, stale)
    assert not contradicts(before, listed(State.SUCCEEDED, 500))
    assert not contradicts(before, listed(State.RUNNING, 9)), "made before the end was seen"
    assert not contradicts(fold(got(State.RUNNING, 10)), listed(State.PENDING, 500)), "there is no end"


def test_an_answer_that_was_under_way_proves_nothing_whatever_its_clock_says() -> None:
    before = fold(got(State.RUNNING, 5), got(State.SUCCEEDED, 10))
    assert before.revision == 2
    merged = merge(before, got(State.RUNNING, 700, knew=1))
    assert merged.transition is None
    assert merged.job is not None
    assert merged.job.ask_again


@pytest.mark.parametrize(("seconds", "state"), [(30, State.SUCCEEDED), (300, State.FAILED)])
def test_another_end_is_a_correction_with_its_transition(seconds: float, state: State) -> None:
    before = fold(got(State.SUCCEEDED, 10, ended_at=at(9)))
    merged = merge(before, got(State.FAILED, seconds, knew=1, reason="rolled back", ended_at=at(20)))
    assert merged.job is not None
    assert (merged.job.view.state, merged.job.view.generation) == (state, 1)
    assert (merged.transition is not None) == (state is State.FAILED)
    assert merged.job.ask_again == (state is State.SUCCEEDED)
    if merged.transition is not None:
        assert (merged.transition.previous_state, merged.transition.reason) == (State.SUCCEEDED, "rolled back")


def test_a_get_does_not_correct_what_its_items_have_refined() -> None:
    refined = replace(got(State.PARTIALLY_SUCCEEDED, 20, native_status="COMPLETED"), depth=Depth.ITEMS)
    before = fold(got(State.SUCCEEDED, 10), refined)
    assert before.view.state is State.PARTIALLY_SUCCEEDED
    assert merge(before, got(State.SUCCEEDED, 500, knew=2)) == NOTHING


def test_a_live_answer_goes_with_the_record_that_was_read() -> None:
    stored = fold(got(State.SUCCEEDED, 10))
    record = got(State.RUNNING, 20, knew=1)
    after = merge(stored, record).job
    assert after is not None
    assert after.view.state is State.SUCCEEDED
    assert answer(after, record).state is State.RUNNING
    assert answer(after, got(State.SUCCEEDED, 30)) == after.view


def test_a_stale_get_after_a_new_generation_is_left_out() -> None:
    before = fold(got(State.FAILED, 10, created_at=at(-100)), listed(State.RUNNING, 300, created_at=at(295)))
    assert before.view.generation == 2
    assert merge(before, got(State.FAILED, 301, created_at=at(-100))) == NOTHING
    after = merge(before, got(State.RUNNING, 302, created_at=at(295))).job
    assert after is not None
    assert (after.view.state, after.view.generation, after.transitions) == (State.RUNNING, 2, 2)


def test_a_stale_list_does_not_end_what_a_get_has_seen_going_on() -> None:
    ended = got(State.FAILED, 10, ended_at=at(9))
    again = got(State.RUNNING, 300, knew=1)
    stale = listed(State.FAILED, 320, ended_at=at(9))
    job = fold(ended, again, stale)
    assert (job.view.state, job.view.generation) == (State.RUNNING, 2)
    assert fold(ended, again, stale, got(State.FAILED, 330, knew=2, ended_at=at(9))).view.state is State.FAILED
    assert fold(ended, again, listed(State.FAILED, 320, ended_at=at(310))).view.state is State.FAILED


def test_a_status_that_nobody_knows_takes_no_end_back() -> None:
    before = fold(got(State.SUCCEEDED, 10))
    assert merge(before, got(State.UNKNOWN, 500, knew=1, native_status="")) == NOTHING
    assert not contradicts(before, listed(State.UNKNOWN, 500, native_status="ARCHIVED"))


def test_a_counter_that_was_wrong_is_taken_back_by_a_later_get() -> None:
    wrong = replace(got(State.RUNNING, 10), counter=7)
    job = fold(wrong, replace(got(State.SUCCEEDED, 200), counter=1))
    assert (job.view.state, job.view.generation) == (State.SUCCEEDED, 1)


def test_a_list_without_counts_says_nothing_of_a_container_that_a_get_has_counted() -> None:
    counted = replace(
        got(State.RUNNING, 10, native_status="PENDING", items=Items(unit="children", total=96, succeeded=6)),
        facts=GOT | {"items"},
    )
    job = fold(counted, listed(State.PENDING, 60, native_status="PENDING"))
    assert (job.view.state, job.view.items, job.transitions) == (State.RUNNING, counted.view.items, 1)


def test_a_list_that_counts_other_failures_has_the_ended_job_got() -> None:
    counts = Items(unit="records", total=9, failed=3)
    before = fold(got(State.SUCCEEDED, 10, native_status="COMPLETED"))
    assert contradicts(before, listed(State.PARTIALLY_SUCCEEDED, 90, native_status="COMPLETED", items=counts))


def test_a_live_answer_of_the_same_word_goes_with_its_counts() -> None:
    stored = fold(got(State.SUCCEEDED, 10, native_status="COMPLETED"))
    record = got(State.PARTIALLY_SUCCEEDED, 20, knew=1, native_status="COMPLETED")
    after = merge(stored, record).job
    assert after is not None
    assert answer(after, record).state is State.PARTIALLY_SUCCEEDED


def test_a_creation_behind_an_end_of_which_no_begin_is_known_is_a_new_generation() -> None:
    view = JobView(
        key=KEY, state=State.FAILED, native_status="FAILED", observed_at=START, ended_at=START, via=Via.EVENT
    )
    witnessed = fold(Observation(view=view, depth=Depth.SUMMARY, authoritative=True))
    job = merge(witnessed, listed(State.RUNNING, 30, created_at=at(10))).job
    assert job is not None
    assert (job.view.state, job.view.generation) == (State.RUNNING, 2)
    told = merge(witnessed, listed(State.FAILED, 30, created_at=at(-10), ended_at=at(-1))).job
    assert told is not None
    assert told.view.generation == 1


# --- absence


@pytest.mark.parametrize("see", [listed, got])
def test_that_aws_does_not_know_a_job_is_an_inference(see: Any) -> None:
    running = fold(got(State.RUNNING, 5, tags={"a": "b"}))
    deleted = fold(got(State.RUNNING, 5, tags={"a": "b"}), gone(running, 60))
    assert (deleted.view.state, deleted.inferred) == (State.DELETED, True)
    back = merge(deleted, see(State.RUNNING, 90))
    assert back.job is not None
    assert (back.job.view.state, back.job.view.generation, back.job.view.reason) == (State.RUNNING, 1, None)
    assert back.transition is not None
    assert back.transition.changed_at == at(90)
    assert merge(deleted, see(State.RUNNING, 30)) == NOTHING, "it was read before the job was missed"
    ended = merge(deleted, see(State.FAILED, 30, ended_at=at(29))).job
    assert ended is not None, "an end is a better end, whenever it was read"
    assert (ended.view.state, ended.inferred) == (State.FAILED, False)


def test_a_job_in_doubt_that_aws_forgets_keeps_its_end() -> None:
    doubtful = fold(got(State.SUCCEEDED, 10, reason="r"), got(State.RUNNING, 20, knew=1))
    assert doubtful.open
    settled = merge(doubtful, gone(doubtful, 200)).job
    assert settled is not None
    assert (settled.view, settled.open) == (doubtful.view, False)
    assert merge(settled, gone(doubtful, 300)) == NOTHING


def test_the_last_witness_of_a_second_life_corrects_the_end_of_the_first() -> None:
    def witnessed(state: State, seconds: float) -> Observation:
        view = JobView(
            key=KEY,
            state=state,
            native_status=WORDS[state],
            observed_at=at(seconds),
            ended_at=at(seconds),
            via=Via.EVENT,
        )
        return Observation(view=view, depth=Depth.SUMMARY, authoritative=True)

    before = fold(got(State.FAILED, 10, ended_at=at(9)))
    late = merge(before, witnessed(State.SUCCEEDED, 90_000))
    assert late.job is not None
    assert (late.job.view.state, late.job.view.via) == (State.SUCCEEDED, Via.EVENT)
    assert merge(before, witnessed(State.RUNNING, 90_000)) == NOTHING, "that it went on once is no news"
    listed_end = fold(listed(State.FAILED, 60, ended_at=at(50)))
    assert merge(listed_end, witnessed(State.FAILED, 61)) == NOTHING, "the service's own time of the end stays"


# --- any order


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[Observation], State]:
    """Runs under one id, far enough apart; each read by lists and gets of its time. And the state that is true last."""
    observations: list[Observation] = []
    clock = 0.0
    state = State.RUNNING
    for _ in range(draw(st.integers(1, 3))):
        created = at(clock)
        for state in draw(st.sampled_from([(State.RUNNING,), (State.RUNNING, State.FAILED), (State.SUCCEEDED,)])):
            for _ in range(draw(st.integers(1, 2))):
                clock += draw(st.integers(1, 30))
                see = draw(st.sampled_from([listed, got]))
                observations.append(see(state, clock, created_at=created))
        clock += 200
    return observations, state


@settings(max_examples=300, deadline=None)
@given(st.data(), histories())
def test_any_order_and_any_duplicates_of_reused_ids_end_in_the_same_state(
    data: st.DataObject, history: tuple[list[Observation], State]
) -> None:
    observations, state = history
    repeated = observations + data.draw(st.lists(st.sampled_from(observations), max_size=3))
    job = fold(*data.draw(st.permutations(repeated)))
    assert job.view.state is state
    assert job.view.created_at == observations[-1].view.created_at


@settings(max_examples=300, deadline=None)
@given(st.permutations(range(4)), st.sampled_from([State.PENDING, State.FAILED]))
def test_any_order_of_an_end_that_was_taken_back_ends_in_the_same_state(order: list[int], last: State) -> None:
    """No counter and no time shows the retry in place; only a late enough get does."""
    readings = [
        got(State.RUNNING, 5),
        got(State.SUCCEEDED, 10, ended_at=at(9)),
        listed(State.SUCCEEDED, 20, ended_at=at(9)),
        got(last, 300, ended_at=None if last is State.PENDING else at(299)),
    ]
    assert fold(*(readings[place] for place in order)).view.state is last
