"""Merges several sorted partitions into a page, newest first, with limited work and time.

Pure except for ``fetch``. Each partition is read in chunks, from the newest down. Jobs are returned down to the highest
position that some partition has reached. The cursor is the last returned key, or that position if the limit of work or
time ended the page.
"""

import math
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field

MOST_QUERIES = 64
"""The most queries for a page, each of at most 1 MB. The first round always reads every partition."""
_AT_ONCE = 8
_MOST_ITEMS = 4_000
_GROWTH = 4


class PageTimeError(Exception):
    """The time was over before the first chunk of every partition was read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Chunk:
    """The result of one query of a partition."""

    rows: list[tuple[str, str]]
    """The key and view of each matching item, with descending keys."""
    position: str | None
    """The last key that was read, matching or not; ``None``: the partition has nothing below."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page of a list."""

    views: list[str]
    """Job views as JSON, newest first."""
    next: str | None
    """The start of the next page, which may be set although ``views`` is short or empty. ``None``: the last page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """The limits of one page."""

    queries: int = MOST_QUERIES
    size: float = math.inf
    """The UTF-8 bytes of all views. The first view is returned with any size."""
    left: Callable[[], float] = lambda: math.inf
    """Returns the seconds that are left. Queries that are still running when they are over are ignored."""


@dataclass(kw_only=True, slots=True)
class _Strand:
    """One partition while it is read."""

    partition: str
    below: str
    chunk: int
    rows: deque[tuple[str, str]] = field(default_factory=deque)
    done: bool = False

    def take(self, chunk: Chunk) -> None:
        self.rows.extend(chunk.rows)
        self.chunk = min(self.chunk * _GROWTH, _MOST_ITEMS)
        if chunk.position is None:
            self.done = True
        else:
            self.below = chunk.position


def merge_pages(
    fetch: Callable[[str, str, int], Chunk],
    partitions: Sequence[str],
    *,
    below: str,
    limit: int,
    selective: bool,
    bounds: Bounds | None = None,
) -> Page:
    """Up to ``limit`` views of all partitions with keys below ``below``.

    Raises
    ------
    PageTimeError
        The time was over before any job below ``below`` could be returned.
    """
    if not partitions:
        return Page(views=[], next=None)
    bounds = bounds or Bounds()
    share = (limit + 1) / len(partitions)
    chunk = 1 + math.ceil(share + 2 * math.sqrt(share)) * (_GROWTH if selective else 1)
    strands = [_Strand(partition=one, below=below, chunk=min(chunk, _MOST_ITEMS)) for one in partitions]
    views: list[str] = []
    size = 0
    last = below
    queries = 0
    pool = ThreadPoolExecutor(max_workers=min(_AT_ONCE, len(strands)))
    try:
        while True:
            starving = [strand for strand in strands if not strand.rows and not strand.done]
            # Below this position some partition is not read yet, so the order is not known.
            frontier = max((strand.below for strand in starving), default="")
            heads = [strand for strand in strands if strand.rows and strand.rows[0][0] >= frontier]
            full = len(views) == limit
            if heads:
                key, view = max(strand.rows[0] for strand in heads)
                size += len(view.encode())
                if full or (views and size > bounds.size):
                    return Page(views=views, next=last)
                views.append(view)
                last = key
                # A job whose state changes meanwhile may appear in two partitions with one key.
                for strand in heads:
                    if strand.rows[0][0] == key:
                        strand.rows.popleft()
            elif not starving:
                return Page(views=views, next=None)
            elif full and selective:
                return Page(views=views, next=last)  # checking whether anything follows would cost a query
            elif (queries and queries >= bounds.queries) or bounds.left() <= 0:
                if frontier == below:
                    raise PageTimeError
                return Page(views=views, next=frontier)
            else:
                # The first round reads every partition: without it no job can be returned.
                room = bounds.queries - queries if queries else len(starving)
                starving.sort(key=lambda strand: strand.below, reverse=True)
                reads = {
                    pool.submit(fetch, strand.partition, strand.below, strand.chunk): strand
                    for strand in starving[:room]
                }
                queries += len(reads)
                for read in wait(reads, timeout=_timeout(bounds.left())).done:
                    reads[read].take(read.result())
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _timeout(left: float) -> float | None:
    return None if math.isinf(left) else max(left, 0.0)
