"""Listed changes wait for their gets, and no longer than they may."""

from datetime import UTC, datetime, timedelta

from jobview.model import Depth, JobView, Observation, State, Via
from jobview.model.jobid import JobKey
from jobview.refresh.pending_details import LONGEST, MOST, PendingDetails

START = datetime(2026, 11, 20, tzinfo=UTC)


def seen(number: int, depth: Depth = Depth.SUMMARY) -> Observation:
    key = JobKey(service="omics", region="us-east-1", account="111122223333", type="run", native_id=str(number))
    view = JobView(key=key, state=State.RUNNING, native_status="RUNNING", observed_at=START, via=Via.LIST)
    return Observation(view=view, depth=depth)


def test_what_was_listed_stands_before_what_was_got_of_its_job() -> None:
    held = PendingDetails()
    held.add([seen(1), seen(2), seen(1)], START)
    got = seen(1, Depth.DETAIL)
    assert held.with_got([got]) == [seen(1), seen(1), got]
    assert held.with_got([got]) == [got]
    assert held.rest() == [seen(2)]
    assert held.rest() == []


def test_nothing_waits_longer_than_it_may() -> None:
    held = PendingDetails()
    assert held.overdue(START) == []
    held.add([seen(1)], START)
    almost = START + LONGEST - timedelta(milliseconds=1)
    held.add([seen(2)], almost)
    assert held.overdue(almost) == []
    assert held.overdue(START + LONGEST) == [seen(1), seen(2)]
    assert held.overdue(START + LONGEST) == []


def test_no_more_wait_than_may() -> None:
    held = PendingDetails()
    held.add([seen(number) for number in range(1, MOST)], START)
    assert held.overdue(START) == []
    held.add([seen(MOST)], START)
    assert len(held.overdue(START)) == MOST
    assert held.rest() == []


def test_waiting_begins_anew_when_nothing_waits() -> None:
    held = PendingDetails()
    held.add([seen(1)], START)
    held.with_got([seen(1, Depth.DETAIL)])
    later = START + 2 * LONGEST
    held.add([seen(2)], later)
    assert held.overdue(later) == []
    assert held.overdue(later + LONGEST) == [seen(2)]
