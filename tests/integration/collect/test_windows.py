"""A list that requires a period, as it is asked on the wire: whole, later, in several calls, and on from a page."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest

from jobview.catalogue import FAMILIES
from jobview.catalogue.family import Family
from jobview.catalogue.operations import Narrowing, Window
from jobview.collect.paging import Position
from jobview.collect.periods import MARGIN
from jobview.model import Target
from jobview.reader import Reader
from tests.integration.collect.canned import Asked, Canned, Told

TARGET = Target(account="111122223333", region="us-east-1")
AUDIT = FAMILIES["iot/audit-task"]
BEGUN = datetime(2026, 11, 20, 12, 0, 0, 750_000, tzinfo=UTC)
END = BEGUN.replace(microsecond=0)
FIRST = END - timedelta(days=90) + MARGIN


def windowed(longest: timedelta | None = None, **changes: Any) -> Family:
    """The audits of IoT, with a limit of the period or with other inputs."""
    window = Window(length=timedelta(days=90), longest=longest)
    call, _ = AUDIT.listed
    return replace(AUDIT, list=replace(call, window=window, **changes))


@pytest.fixture
def listed(canned: Canned, reader_of: Callable[..., Reader]) -> Callable[..., list[dict[str, str]]]:
    """Lists a family and returns the query of each request."""

    def run(family: Family, *, tokens: tuple[str, ...] = (), **asked: Any) -> list[dict[str, str]]:
        left = list(tokens)

        def answer(_: Asked) -> Told:
            return Told(json.dumps({"tasks": [], **({"nextToken": left.pop(0)} if left else {})}))

        canned.answer = answer
        canned.asked.clear()
        reader = reader_of(canned.url, attempts=1)
        for _ in reader.list_jobs(family, family.whole(TARGET), 1e9, **asked):
            pass
        queries = [parse_qs(urlparse(each.path).query) for each in canned.asked]
        return [{name: value for name, [value] in query.items()} for query in queries]

    return run


def iso(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


Listed = Callable[..., list[dict[str, str]]]


def test_a_list_is_asked_for_its_whole_window_up_to_the_begin_of_the_read(listed: Listed) -> None:
    [asked] = listed(AUDIT, until=BEGUN)
    assert asked == {"startTime": iso(FIRST), "endTime": iso(END), "maxResults": "250"}


def test_it_ends_now_where_nobody_says_when_the_read_began(listed: Listed) -> None:
    before = datetime.now(UTC) - timedelta(minutes=1)
    [asked] = listed(AUDIT)
    end = datetime.fromisoformat(asked["endTime"])
    assert end > before
    assert end - datetime.fromisoformat(asked["startTime"]) == timedelta(days=90) - MARGIN


def test_between_two_full_syncs_it_starts_later(listed: Listed) -> None:
    since = END - timedelta(hours=3)
    [asked] = listed(AUDIT, since=since, until=BEGUN)
    assert (asked["startTime"], asked["endTime"]) == (iso(since), iso(END))
    [asked] = listed(AUDIT, since=END - timedelta(days=200), until=BEGUN)
    assert asked["startTime"] == iso(FIRST), "never before the window"


def test_a_list_of_open_jobs_alone_is_asked_for_the_whole_window(listed: Listed) -> None:
    opened = windowed(narrowing=Narrowing(inputs=({"taskStatus": "IN_PROGRESS"},), whole=False))
    [asked] = listed(opened, since=END - timedelta(hours=3), until=BEGUN)
    assert (asked["startTime"], asked["taskStatus"]) == (iso(FIRST), "IN_PROGRESS")


def test_a_window_that_is_longer_than_a_call_may_ask_for_takes_several_the_newest_first(listed: Listed) -> None:
    asked = listed(windowed(longest=timedelta(days=31)), until=BEGUN)
    assert [(each["startTime"], each["endTime"]) for each in asked] == [
        (iso(END - timedelta(days=31)), iso(END)),
        (iso(END - timedelta(days=62)), iso(END - timedelta(days=31))),
        (iso(FIRST), iso(END - timedelta(days=62))),
    ]
    [asked_later] = listed(windowed(longest=timedelta(days=31)), since=END - timedelta(days=2), until=BEGUN)
    assert asked_later["startTime"] == iso(END - timedelta(days=2))


def test_each_of_several_listings_is_asked_for_each_period(listed: Listed) -> None:
    each = tuple({"taskType": word} for word in ("ON_DEMAND_AUDIT_TASK", "SCHEDULED_AUDIT_TASK"))
    asked = listed(windowed(longest=timedelta(days=60), each=each), until=BEGUN)
    assert [(one["endTime"], one["taskType"]) for one in asked] == [
        (iso(end), more["taskType"]) for end in (END, END - timedelta(days=60)) for more in each
    ]


def test_a_read_that_goes_on_asks_for_the_same_period(listed: Listed) -> None:
    """A page token is bound to the inputs that it was given for."""
    family = windowed(longest=timedelta(days=31))
    first = listed(family, tokens=("two",), until=BEGUN)
    assert [each.get("nextToken") for each in first] == [None, "two", None, None]
    # Stored and read again, the time of the begin has lost what is less than a millisecond.
    again = listed(family, until=BEGUN + timedelta(microseconds=200), start=Position(listing=0, token="two"))
    assert again == first[1:]
    last = listed(family, until=BEGUN, start=Position(listing=2))
    assert last == first[3:]
