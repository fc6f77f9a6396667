"""A list and a get with two begins of one job: no new generation at every read, and no job without progress."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from jobview.merge import Merged, joined, merge, needs_detail
from jobview.model import Depth, Observation, State, StoredJob, Via
from tests.observed import LISTED, NOTHING, START, at, fold, got, listed

SKEW = timedelta(seconds=30)


def read(job: StoredJob | None, listing: Observation, detail: Observation) -> tuple[StoredJob, list[Merged], bool]:
    """One read of a source: the list record, and the get where the job needs one."""
    first = merge(job, listing)
    job = first.job or job
    assert job is not None
    if not needs_detail(job, has_get=True):
        return job, [first], False
    second = merge(job, replace(detail, after_revision=job.revision))
    return second.job or job, [first, second], True


def reads(statuses: Iterable[State], list_begin: datetime, get_begin: datetime) -> tuple[StoredJob, list[State], int]:
    """A read every two minutes; the job, the states of its transitions, and the number of gets."""
    job, told, gets = None, [], 0
    for minute, state in enumerate(statuses):
        seconds = 60 + 120.0 * minute
        listing = listed(state, seconds, created_at=list_begin)
        job, merged, asked = read(job, listing, got(state, seconds + 1, created_at=get_begin))
        told += [one.transition.state for one in merged if one.transition is not None]
        gets += asked
    assert job is not None
    return job, told, gets


@pytest.mark.parametrize("later", [SKEW, -SKEW], ids=["the get's is later", "the list's is later"])
def test_two_begins_of_one_job_are_no_new_generation_at_every_read(later: timedelta) -> None:
    life = [State.RUNNING] * 6 + [State.SUCCEEDED] * 6
    job, told, gets = reads(life, START, START + later)
    assert (job.view.state, job.view.created_at) == (State.SUCCEEDED, START + later)
    assert job.view.generation <= 2, "the get may be taken for one new start, once"
    assert told[-1] is State.SUCCEEDED
    assert told.count(State.SUCCEEDED) == 1
    assert gets <= 4, "a list record that repeats itself is asked about once"


def test_a_list_that_is_stale_after_a_new_start_is_no_reason_to_ask() -> None:
    job = fold(listed(State.FAILED, 60), got(State.RUNNING, 500, created_at=at(480)))
    assert merge(job, listed(State.FAILED, 505)) == NOTHING


def test_a_list_that_goes_on_with_an_earlier_start_is_asked_about_once() -> None:
    job = fold(listed(State.RUNNING, 60), got(State.RUNNING, 500, created_at=at(480)))
    asked = merge(job, listed(State.FAILED, 900)).job
    assert asked is not None
    assert (asked.view, asked.ask_again) == (job.view, True)
    settled = fold(
        listed(State.RUNNING, 60),
        got(State.RUNNING, 500, created_at=at(480)),
        listed(State.FAILED, 900),
        got(State.RUNNING, 901, created_at=at(480)),
    )
    assert not settled.ask_again
    assert merge(settled, listed(State.FAILED, 960)) == NOTHING


def test_a_new_start_is_seen_by_the_list_though_a_get_corrected_the_begin_before() -> None:
    job = fold(
        listed(State.RUNNING, 60, created_at=START + SKEW),
        got(State.FAILED, 200),
        listed(State.FAILED, 260, created_at=START + SKEW),
        listed(State.RUNNING, 900, created_at=at(890)),
    )
    assert (job.view.state, job.view.generation) == (State.RUNNING, 2)


def test_what_the_item_level_adds_to_a_list_that_settles_doubts_is_as_authoritative() -> None:
    listing = replace(listed(State.SUCCEEDED, 60), authoritative=True, after_revision=7)
    items = Observation(
        view=replace(listing.view, state=State.PARTIALLY_SUCCEEDED, via=Via.GET, observed_at=at(61)),
        depth=Depth.ITEMS,
        facts=LISTED,
    )
    for one, other in ((listing, items), (items, listing)):
        both = joined(one, other)
        assert both is not None
        assert (both.authoritative, both.after_revision, both.view.state) == (True, 7, State.PARTIALLY_SUCCEEDED)
