"""Pages over sorted partitions: complete, in order, never twice, with bounded work."""

import threading
import time
from bisect import bisect_left
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobview.store.paging import Bounds, Chunk, PageTimeError, merge_pages

Partitions = dict[str, list[tuple[str, bool]]]
"""Partition → its keys in ascending order, and whether each matches the filter."""


class Counting:
    """Reads partitions as DynamoDB does: the limit counts what is read, the filter comes after."""

    def __init__(self, partitions: Partitions) -> None:
        self.partitions = partitions
        self.queries = 0
        self.looked_at = 0

    def __call__(self, partition: str, below: str, limit: int) -> Chunk:
        items = self.partitions[partition]
        end = bisect_left([key for key, _ in items], below)
        seen = items[max(0, end - limit) : end][::-1]
        self.queries += 1
        self.looked_at += len(seen)
        return Chunk(
            rows=[(key, f"view of {key}") for key, matches in seen if matches],
            # as DynamoDB: a position even where nothing is left, when the limit was reached exactly
            position=seen[-1][0] if len(seen) == limit else None,
        )


keys = st.lists(st.integers(0, 9999), unique=True, max_size=120)


@st.composite
def filled(draw: st.DrawFn) -> Partitions:
    names = [f"L{number}" for number in range(draw(st.integers(1, 9)))]
    partitions: Partitions = {name: [] for name in names}
    for key in sorted(draw(keys)):
        partitions[draw(st.sampled_from(names))].append((f"{key:04d}", draw(st.integers(0, 9)) > 2))
    return partitions


def through(
    fetch: Callable[[str, str, int], Chunk],
    partitions: Partitions,
    limit: int,
    *,
    selective: bool = True,
    bounds: Bounds | None = None,
    between: Callable[[], None] = lambda: None,
    each: Callable[[list[str]], None] = lambda _: None,
    below: str | None = "~",
) -> list[str]:
    """All pages, one after the other."""
    found: list[str] = []
    while below is not None:
        page = merge_pages(fetch, list(partitions), below=below, limit=limit, selective=selective, bounds=bounds)
        assert len(page.views) <= limit
        assert page.next is None or page.next < below, "every page gets further"
        each(page.views)
        found += page.views
        below = page.next
        between()
    return found


def matching(partitions: Partitions) -> list[str]:
    return [
        f"view of {key}"
        for key in sorted((key for items in partitions.values() for key, ok in items if ok), reverse=True)
    ]


@settings(max_examples=150, deadline=None)
@given(partitions=filled(), limit=st.integers(1, 40), selective=st.booleans(), most=st.integers(1, 30))
def test_all_pages_together_are_all_that_matches_in_order(
    partitions: Partitions, limit: int, selective: bool, most: int
) -> None:
    fetch = Counting(partitions)
    assert through(fetch, partitions, limit, selective=selective, bounds=Bounds(queries=most)) == matching(partitions)


@settings(max_examples=80, deadline=None)
@given(partitions=filled(), limit=st.integers(1, 40), most=st.integers(9, 30))
def test_no_page_makes_more_queries_than_it_may(partitions: Partitions, limit: int, most: int) -> None:
    below: str | None = "~"
    while below is not None:
        fetch = Counting(partitions)
        page = merge_pages(
            fetch, list(partitions), below=below, limit=limit, selective=True, bounds=Bounds(queries=most)
        )
        assert fetch.queries <= most
        below = page.next


@settings(max_examples=60, deadline=None)
@given(partitions=filled(), limit=st.integers(1, 40), size=st.integers(1, 200))
def test_a_page_holds_no_more_bytes_than_it_may(partitions: Partitions, limit: int, size: int) -> None:
    def fits(views: list[str]) -> None:
        assert len(views) <= 1 or sum(map(len, views)) <= size

    fetch = Counting(partitions)
    found = through(fetch, partitions, limit, bounds=Bounds(size=size), each=fits)
    assert found == matching(partitions)


def test_a_page_ends_short_when_its_time_is_over_and_the_next_ones_go_on() -> None:
    items = [(f"{number:06d}", number % 1000 == 7) for number in range(12_000)]
    partitions: Partitions = {f"L{shard}": items[shard::8] for shard in range(8)}
    found: list[str] = []
    short = 0
    below: str | None = "~"
    while below is not None:
        fetch = Counting(partitions)
        time_for = Bounds(left=lambda fetch=fetch: 60.0 if fetch.queries < 16 else 0.0)  # type: ignore[misc]
        page = merge_pages(fetch, list(partitions), below=below, limit=5, selective=True, bounds=time_for)
        assert fetch.queries <= 16
        assert page.next is None or page.next < below
        short += len(page.views) < 5 and page.next is not None
        found += page.views
        below = page.next
    assert found == matching(partitions)
    assert short


class Hanging:
    """As ``Counting``, but that the reads of one partition hang from its ``at``-th on."""

    def __init__(self, partitions: Partitions, partition: str, at: int) -> None:
        self.over = threading.Event()
        self._read = Counting(partitions)
        self._partition = partition
        self._at = at
        self._looks = 2

    def __call__(self, partition: str, below: str, limit: int) -> Chunk:
        if partition == self._partition:
            self._at -= 1
            if self._at <= 0:
                self.over.wait(60)
        return self._read(partition, below, limit)

    def left(self) -> float:
        """Much, until a read hangs; then there is a moment to wait for it."""
        if self._at > 1:
            return 60.0
        self._looks -= 1
        return 0.2 if self._looks >= 0 else 0.0


def test_what_is_still_being_read_does_not_count() -> None:
    """One partition hangs after its first chunk: the page is complete down to there."""
    items = [(f"{number:06d}", True) for number in range(8_000)]
    partitions: Partitions = {"L0": items[:2_000], "L1": items[2_000:4_000], "L3": items[4_000:]}
    fetch = Hanging(partitions, "L3", at=2)
    bounds = Bounds(left=fetch.left)
    begun = time.monotonic()
    page = merge_pages(fetch, list(partitions), below="~", limit=5_000, selective=False, bounds=bounds)
    assert time.monotonic() - begun < 30, "it did not wait for what hangs"
    fetch.over.set()
    assert 0 < len(page.views) < 4_000
    assert page.views == matching(partitions)[: len(page.views)]
    rest = through(Counting(partitions), partitions, 5_000, selective=False, below=page.next)
    assert page.views + rest == matching(partitions)


def test_where_nothing_came_in_time_the_page_is_no_empty_one() -> None:
    partitions: Partitions = {"L0": [("1", True)], "L1": [("2", True)]}
    fetch = Hanging(partitions, "L1", at=1)
    with pytest.raises(PageTimeError):
        merge_pages(fetch, list(partitions), below="~", limit=5, selective=False, bounds=Bounds(left=fetch.left))
    fetch.over.set()


def test_an_error_of_one_partition_is_the_pages() -> None:
    def broken(partition: str, below: str, limit: int) -> Chunk:  # noqa: ARG001
        raise KeyError(partition)

    with pytest.raises(KeyError):
        merge_pages(broken, ["L0"], below="~", limit=5, selective=False)


@settings(max_examples=80, deadline=None)
@given(partitions=filled(), limit=st.integers(1, 20), arriving=keys)
def test_what_arrives_between_pages_neither_shifts_nor_repeats_the_others(
    partitions: Partitions, limit: int, arriving: list[int]
) -> None:
    names = list(partitions)
    before = matching(partitions)
    left = [f"{key:04d}+" for key in arriving]

    def arrive() -> None:
        for key in left[:3]:
            items = partitions[names[len(key + key[0]) % len(names)]]
            items.insert(bisect_left([one for one, _ in items], key), (key, True))
        del left[:3]

    found = through(Counting(partitions), partitions, limit, between=arrive)
    assert len(set(found)) == len(found)
    assert [view for view in found if not view.endswith("+")] == before
    assert found == sorted(found, reverse=True)


def test_a_rare_match_costs_bounded_work_and_a_page_may_be_empty() -> None:
    items = [(f"{number:06d}", number == 7) for number in range(200_000)]
    partitions: Partitions = {f"L{shard}": items[shard::8] for shard in range(8)}
    fetch = Counting(partitions)
    page = merge_pages(fetch, list(partitions), below="~", limit=10, selective=True)
    assert page.views == []
    assert page.next is not None
    assert fetch.queries <= 64
    fetch.queries = 0
    assert through(fetch, partitions, 10) == ["view of 000007"]


def test_a_full_page_does_not_search_on() -> None:
    items = [(f"{number:06d}", number >= 100_000 - 5) for number in range(100_000)]
    partitions: Partitions = {f"L{shard}": items[shard::8] for shard in range(8)}
    fetch = Counting(partitions)
    page = merge_pages(fetch, list(partitions), below="~", limit=5, selective=True)
    assert len(page.views) == 5
    assert page.next == "099995"
    assert fetch.queries <= 24


@pytest.mark.parametrize("limit", [1, 10, 100, 1000])
def test_an_unfiltered_page_looks_at_little_more_than_it_shows(limit: int) -> None:
    partitions: Partitions = {
        f"L{shard}": [(f"{number:06d}", True) for number in range(shard, 20_000, 8)] for shard in range(8)
    }
    fetch = Counting(partitions)
    page = merge_pages(fetch, list(partitions), below="~", limit=limit, selective=False)
    assert len(page.views) == limit
    assert page.next == f"{20_000 - limit:06d}"
    assert fetch.looked_at <= 2 * limit + 40
    assert fetch.queries <= 16


def test_the_last_page_says_that_it_is_the_last() -> None:
    partitions: Partitions = {"L0": [("1", True), ("3", True)], "L1": [("2", True)]}
    page = merge_pages(Counting(partitions), list(partitions), below="~", limit=3, selective=False)
    assert page.views == ["view of 3", "view of 2", "view of 1"]
    assert page.next is None


def test_a_job_in_two_partitions_is_shown_once() -> None:
    """It moved from one state's partition to another's between two reads."""
    partitions: Partitions = {"RUNNING#0": [("1", True), ("2", True)], "FAILED#0": [("2", True)]}
    assert through(Counting(partitions), partitions, 1) == ["view of 2", "view of 1"]


def test_no_partitions_no_jobs() -> None:
    page = merge_pages(Counting({}), [], below="~", limit=3, selective=False)
    assert (page.views, page.next) == ([], None)
