"""What else a view says: facts that are taken back, records that change, and when Jobview last saw the job change."""

from dataclasses import replace

from jobview.merge import joined, merge, needs_detail
from jobview.model import State
from tests.observed import NOTHING, at, fold, got, listed


def test_an_empty_fact_of_a_shape_is_empty_and_a_fact_that_it_lacks_stays() -> None:
    job = fold(got(State.PENDING, 5, tags={"team": "genomics"}, reason="no instance fits", name="n"))
    after = merge(job, got(State.PENDING, 100)).job
    assert after is not None
    assert (after.view.tags, after.view.reason, after.view.name) == ({}, None, None)
    assert merge(after, got(State.PENDING, 50, tags={"team": "genomics"})) == NOTHING, "it was read before"
    blind = replace(got(State.PENDING, 200), facts=frozenset())
    assert merge(job, blind) == NOTHING, "a shape that can tell nothing takes nothing back"


def test_of_an_ended_job_too() -> None:
    job = fold(got(State.FAILED, 5, tags={"team": "genomics"}, reason="boom"))
    after = merge(job, got(State.FAILED, 100, reason="boom")).job
    assert after is not None
    assert (after.view.tags, after.view.reason, after.view.state) == ({}, "boom", State.FAILED)


def test_a_list_record_that_changes_has_the_job_got_again() -> None:
    job = fold(listed(State.PENDING, 5), got(State.PENDING, 6, tags={"team": "a"}))
    news = listed(State.PENDING, 60, reason="no instance fits")
    changed = merge(job, news).job
    assert changed is not None
    assert (changed.view.reason, changed.view.tags) == ("no instance fits", {"team": "a"})
    assert needs_detail(changed, has_get=True)
    both = joined(news, got(State.PENDING, 61, reason="no instance fits"))
    assert both is not None
    detailed = merge(job, both).job
    assert detailed is not None
    assert (detailed.view.reason, detailed.view.tags, detailed.ask_again) == ("no instance fits", {}, False)


def test_a_list_and_a_get_that_always_differ_cost_one_get() -> None:
    short, long = "exited", "OutOfMemoryError: exited (exit code 137)"
    both = joined(listed(State.FAILED, 5, reason=short), got(State.FAILED, 6, reason=long))
    assert both is not None
    job = fold(both)
    assert job.view.reason == long
    assert merge(job, listed(State.FAILED, 60, reason=short)) == NOTHING
    event_first = fold(got(State.FAILED, 6, reason=long))
    asked = merge(event_first, listed(State.FAILED, 60, reason=short)).job
    assert asked is not None
    assert asked.ask_again
    again = joined(listed(State.FAILED, 60, reason=short), got(State.FAILED, 61, reason=long))
    assert again is not None
    known = merge(event_first, again).job
    assert known is not None
    assert (known.view.reason, known.ask_again) == (long, False)
    assert merge(known, listed(State.FAILED, 120, reason=short)) == NOTHING


def test_changed_at_never_goes_back_and_moves_with_the_view_alone() -> None:
    job = fold(got(State.RUNNING, 100))
    assert job.view.changed_at == at(100)
    later = merge(job, got(State.RUNNING, 120, name="n"), at=at(50)).job
    assert later is not None
    assert later.view.changed_at == at(100)
    ended = merge(later, got(State.SUCCEEDED, 130), at=at(131)).job
    assert ended is not None
    assert ended.view.changed_at == at(131)
    marked = merge(ended, got(State.RUNNING, 140, knew=0), at=at(141)).job
    assert marked is not None
    assert marked.ask_again
    assert marked.view.changed_at == at(131), "a mark is no change that a reader sees"
