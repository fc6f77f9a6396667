from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.standin import ManualClock, Phase, Plan, RunningClock
from local.standin.paging import InvalidTokenError, page
from local.standin.simulation import Lifetime

START = datetime(2026, 1, 1, tzinfo=UTC)


def phase_at(life: Lifetime, seconds: float) -> tuple[Phase, float]:
    standing = life.standing(START + timedelta(seconds=seconds))
    return standing.phase, standing.done


@pytest.mark.parametrize("outcome", ["succeeded", "partial", "failed"])
def test_a_job_goes_through_its_phases(outcome: str) -> None:
    life = Lifetime(plan=Plan(submitted=5, running=20, outcome=Phase(outcome)), created=START)
    assert phase_at(life, 0) == (Phase.SUBMITTED, 0.0)
    assert phase_at(life, 5) == (Phase.RUNNING, 0.0)
    assert phase_at(life, 15) == (Phase.RUNNING, 0.5)
    assert phase_at(life, 25) == (Phase(outcome), 1.0)
    assert life.standing(START + timedelta(days=1)).ended_at == START + timedelta(seconds=25)
    assert life.standing(START).ended_at is None


def test_a_job_whose_plan_cancels_it_stops_first() -> None:
    plan = Plan(submitted=5, running=20, stopping=3, outcome=Phase.CANCELLED)
    life = Lifetime(plan=plan, created=START)
    assert phase_at(life, 25) == (Phase.STOPPING, 0.5)
    assert phase_at(life, 28) == (Phase.CANCELLED, 0.5)


def test_a_job_can_be_cancelled_while_it_runs() -> None:
    life = Lifetime(plan=Plan(submitted=5, running=20, stopping=3), created=START)
    life.cancelled = START + timedelta(seconds=10)
    assert phase_at(life, 12) == (Phase.STOPPING, 0.25)
    assert phase_at(life, 40) == (Phase.CANCELLED, 0.25)


@pytest.mark.parametrize(
    "document",
    [
        {"outcome": "running"},
        {"outcome": "excellent"},
        {"submitted": -1},
        {"items": 2, "failedItems": 3, "outcome": "partial"},
        {"failedItems": 1},
        {"manifest": "lost"},
        {"duration": 3},
        {"running": "long"},
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Plan.from_json(document)


def test_a_plan_survives_json_and_partial_means_at_least_one() -> None:
    plan = Plan.from_json({"outcome": "partial", "items": 3})
    assert plan.failed_items == 1
    assert Plan.from_json(plan.to_json()) == plan


def test_clocks_only_run_forward() -> None:
    manual, running = ManualClock(START), RunningClock()
    assert manual.advance(60) == START + timedelta(minutes=1)
    assert running.advance(3600) - datetime.now(UTC) > timedelta(minutes=59)
    for clock in (manual, running):
        with pytest.raises(ValueError, match="backwards"):
            clock.advance(-1)
    with pytest.raises(ValueError, match="aware"):
        ManualClock(datetime(2026, 1, 1))  # noqa: DTZ001


def test_pages_cover_everything_once_although_more_comes() -> None:
    items = list(range(7))
    seen: list[int] = []
    parameters: dict[str, Any] = {"maxResults": 3, "status": "X"}
    while True:
        found, token = page(items, operation="List", parameters=parameters, size=100)
        seen += found
        if len(items) < 9:
            items.append(len(items))
        if token is None:
            break
        parameters["nextToken"] = token
    assert seen == list(range(9))


def test_a_filter_counts_before_the_page_size_and_a_full_last_page_has_no_token() -> None:
    found, token = page(range(10), operation="List", parameters={"maxResults": 5}, size=100, keep=lambda n: n % 2 == 0)
    assert (found, token) == ([0, 2, 4, 6, 8], None)


def test_a_token_is_bound_to_its_call() -> None:
    _, token = page(range(10), operation="List", parameters={"maxResults": 1, "status": "A"}, size=1)
    for parameters in (
        {"nextToken": token, "status": "B"},
        {"nextToken": "nonsense"},
        {"nextToken": "é"},
        {"nextToken": "WzEsMiwzXQ=="},
    ):
        with pytest.raises(InvalidTokenError):
            page(range(10), operation="List", parameters=parameters, size=1)
