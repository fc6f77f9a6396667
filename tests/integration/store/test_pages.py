"""Lists: newest first, every filter, pages that stay put."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from jobview.model import JobFilter, JobView, Parent, State
from jobview.store import Page, Store

from .conftest import START

if TYPE_CHECKING:
    from .conftest import Bench

STATES = list(State)
SERVICES = ("omics", "sesv2", "glue")
TYPES = {"omics": "reference-import", "sesv2": "import", "glue": "job-run"}
REGIONS = ("us-east-1", "eu-west-1")
ACCOUNTS = ("111122223333", "444455556666")


def fill(bench: "Bench", store: Store, count: int = 42) -> list[JobView]:
    """Jobs of all kinds, newest first."""
    observations = []
    for number in range(count):
        service = SERVICES[number % 3]
        observations.append(
            bench.observe(
                number,
                STATES[number % len(STATES)],
                service=service,
                type=TYPES[service],
                region=REGIONS[number // 2 % 2],
                account=ACCOUNTS[number // 3 % 2],
                name=f"name {number % 7}" if number % 4 else None,
                parents=(Parent(type="store", id=f"p{number % 5}"),) if number % 3 == 0 else (),
                updated_at=START + timedelta(minutes=number) if number % 2 else None,
            )
        )
    return [job.view for job in reversed(bench.record(store, *observations))]


def everything(store: Store, query: JobFilter, limit: int = 25) -> list[JobView]:
    found: list[JobView] = []
    page = Page(views=[], next=None)
    while True:
        page = store.page(query, limit=limit, after=page.next)
        assert len(page.views) <= limit
        found += [JobView.from_json(text) for text in page.views]
        if page.next is None:
            return found


FILTERS: list[tuple[str, JobFilter, Callable[[JobView], bool]]] = [
    ("all", JobFilter(), lambda _: True),
    ("one service", JobFilter(services=frozenset({"glue"})), lambda view: view.key.service == "glue"),
    (
        "two services",
        JobFilter(services=frozenset({"glue", "omics"})),
        lambda view: view.key.service in {"glue", "omics"},
    ),
    ("type", JobFilter(types=frozenset({"import"})), lambda view: view.key.type == "import"),
    ("state", JobFilter(states=frozenset({State.FAILED})), lambda view: view.state is State.FAILED),
    (
        "states",
        JobFilter(states=frozenset({State.FAILED, State.RUNNING, State.UNKNOWN})),
        lambda view: view.state in {State.FAILED, State.RUNNING, State.UNKNOWN},
    ),
    ("every state", JobFilter(states=frozenset(State)), lambda _: True),
    ("terminal", JobFilter(terminal=True), lambda view: view.state.terminal),
    ("not terminal", JobFilter(terminal=False), lambda view: not view.state.terminal),
    (
        "terminal and a state",
        JobFilter(terminal=True, states=frozenset({State.FAILED, State.RUNNING})),
        lambda view: view.state is State.FAILED,
    ),
    ("contradiction", JobFilter(terminal=False, states=frozenset({State.FAILED})), lambda _: False),
    ("account", JobFilter(accounts=frozenset({ACCOUNTS[1]})), lambda view: view.key.account == ACCOUNTS[1]),
    ("region", JobFilter(regions=frozenset({"eu-west-1"})), lambda view: view.key.region == "eu-west-1"),
    ("parent", JobFilter(parent="p3"), lambda view: view.parent is not None and view.parent.id == "p3"),
    ("name", JobFilter(name="name 3"), lambda view: view.name == "name 3"),
    (
        "created between",
        JobFilter(created_after=START + timedelta(seconds=20), created_before=START + timedelta(seconds=35)),
        lambda view: 20 <= int(view.key.native_id) < 35,
    ),
    (
        "created between, less than a millisecond apart from a job",
        JobFilter(
            created_after=START + timedelta(seconds=20, microseconds=1),
            created_before=START + timedelta(seconds=35, microseconds=1),
        ),
        lambda view: 20 < int(view.key.native_id) <= 35,
    ),
    (
        "updated",
        JobFilter(
            updated_after=START + timedelta(minutes=21), updated_before=START + timedelta(minutes=36), terminal=False
        ),
        lambda view: not view.state.terminal and 21 <= int(view.key.native_id) < 36 and view.updated_at is not None,
    ),
    (
        "nothing can match",
        JobFilter(created_after=START + timedelta(seconds=9), created_before=START + timedelta(seconds=9)),
        lambda _: False,
    ),
    ("no such service", JobFilter(services=frozenset({"batch"})), lambda _: False),
    (
        "much at once",
        JobFilter(
            services=frozenset(SERVICES),
            types=frozenset(TYPES.values()),
            states=frozenset({State.FAILED, State.SUCCEEDED}),
            accounts=frozenset(ACCOUNTS),
            regions=frozenset({"us-east-1"}),
            created_after=START + timedelta(seconds=5),
        ),
        lambda view: (
            view.state in {State.FAILED, State.SUCCEEDED}
            and view.key.region == "us-east-1"
            and int(view.key.native_id) >= 5
        ),
    ),
    (
        "more accounts than one IN takes",
        JobFilter(accounts=frozenset({ACCOUNTS[0], *(f"{number:012d}" for number in range(150))})),
        lambda view: view.key.account == ACCOUNTS[0],
    ),
]


def test_every_filter_and_every_page_size(bench: "Bench") -> None:
    store = bench.store()
    views = fill(bench, store)
    for limit in (5, 42, 200):
        assert everything(store, JobFilter(), limit=limit) == views
    for what, query, matches in FILTERS:
        assert everything(store, query) == [view for view in views if matches(view)], what


def test_when_jobview_last_saw_a_change(bench: "Bench") -> None:
    store = bench.store()
    for number in range(6):
        bench.now = START + timedelta(seconds=number)
        bench.record(store, bench.observe(number, created_at=START - timedelta(days=number)))
    bench.now = START + timedelta(seconds=10)
    bench.record(store, bench.observe(1, State.FAILED, created_at=START - timedelta(days=1)))

    def changed(after: datetime | None, before: datetime | None = None) -> set[str]:
        query = JobFilter(changed_after=after, changed_before=before)
        return {view.key.native_id for view in everything(store, query, limit=2)}

    assert changed(START + timedelta(seconds=4)) == {"4", "5", "1"}
    assert changed(None, START + timedelta(seconds=4)) == {"0", "2", "3"}
    assert changed(START + timedelta(seconds=2), bench.now) == {"2", "3", "4", "5"}
    assert changed(bench.now) == {"1"}
    assert changed(bench.now + timedelta(milliseconds=1)) == set()


def test_jobs_that_the_service_gives_no_times(bench: "Bench") -> None:
    store = bench.store()
    bench.record(
        store, bench.observe(1, created_at=None), bench.observe(2, State.FAILED, created_at=None, ended_at=None)
    )
    now = bench.now
    for query in (
        JobFilter(created_after=now, updated_after=now),
        JobFilter(created_before=now + timedelta(milliseconds=1), updated_before=now + timedelta(milliseconds=1)),
    ):
        assert len(everything(store, query)) == 2


def test_views_are_handed_out_as_they_are_stored(bench: "Bench") -> None:
    store = bench.store()
    (view,) = fill(bench, store, 1)
    page = store.page(JobFilter(), limit=5)
    assert page == Page(views=[view.to_json()], next=None)
    assert json.loads(page.views[0])["id"] == view.id


def test_pages_stay_put_while_jobs_arrive_and_change(bench: "Bench") -> None:
    store = bench.store()
    views = fill(bench, store, 40)
    seen: list[str] = []
    after: str | None = None
    arriving = 100
    while True:
        page = store.page(JobFilter(), limit=9, after=after)
        seen += [json.loads(text)["id"] for text in page.views]
        after = page.next
        if after is None:
            break
        bench.now += timedelta(seconds=1)
        bench.record(
            store,
            bench.observe(arriving, State.RUNNING),
            bench.observe(f"late-{arriving}", State.RUNNING, created_at=START - timedelta(seconds=arriving)),
            *(
                bench.observe(
                    int(view.key.native_id),
                    State.FAILED,
                    service=view.key.service,
                    type=view.key.type,
                    region=view.key.region,
                    account=view.key.account,
                )
                for view in views
                if not view.state.terminal
            ),
        )
        arriving += 1
    assert len(set(seen)) == len(seen)
    old = {view.id for view in views}
    assert [one for one in seen if one in old] == [view.id for view in views]
    assert all("late" in one for one in set(seen) - old), "what is newer than a page is not on the next"


@pytest.mark.parametrize("limit", [1, 4])
def test_a_state_can_be_followed_over_pages_while_jobs_leave_it(bench: "Bench", limit: int) -> None:
    store = bench.store()
    bench.record(store, *(bench.observe(number) for number in range(12)))
    query = JobFilter(states=frozenset({State.RUNNING}))
    page = store.page(query, limit=limit)
    seen = [json.loads(text)["id"] for text in page.views]
    bench.now += timedelta(seconds=1)
    bench.record(store, bench.observe(11, State.FAILED), bench.observe(3, State.FAILED))
    while page.next is not None:
        page = store.page(query, limit=limit, after=page.next)
        seen += [json.loads(text)["id"] for text in page.views]
    assert len(seen) == len(set(seen)) == 11
