"""A page of several sorted partitions, merged: newest first, with bounded work in bounded time.

Pure but for the ``fetch`` it is given. Each partition is read in chunks, downwards; a page is complete down to the
highest position of a partition that is not yet read further, and the cursor is the last key handed out (or that
position, where the work or the time allowed was used up before the page was full).
"""

import math
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field

MOST_QUERIES = 64
"""Queries a page, each of 1 MB of items at the most (not counting a first round over more partitions than that)."""
_AT_ONCE = 8
_MOST_ITEMS = 4_000
_GROWTH = 4


class PageTimeError(Exception):
    """The time was over before anything could be answered: the beginning of some partition had not come in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Chunk:
    """What one query read of a partition."""

    rows: list[tuple[str, str]]
    """Key and view of each item that matches, keys descending."""
    position: str | None
    """The last key that was read, matching or not; ``None``: there is nothing below."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page of a list."""

    views: list[str]
    """Job views as JSON, newest first."""
    next: str | None
    """Where the next page begins; it may be set although ``views`` is short or empty. ``None``: that was all."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """How much one page may take."""

    queries: int = MOST_QUERIES
    size: float = math.inf
    """UTF-8 bytes of the views together; the first is handed out whatever its size."""
    left: Callable[[], float] = lambda: math.inf
    """Seconds that are left, whenever it is called; what is still being read when they are over does not count."""


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
        The time was over before the page could get any further than ``below``.
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
            # What lies below an unread position cannot be ordered yet.
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
                # A job that changes its state meanwhile may stand in two partitions under one key.
                for strand in heads:
                    if strand.rows[0][0] == key:
                        strand.rows.popleft()
            elif not starving:
                return Page(views=views, next=None)
            elif full and selective:
                return Page(views=views, next=last)  # whether anything follows is not worth a search
            elif (queries and queries >= bounds.queries) or bounds.left() <= 0:
                if frontier == below:
                    raise PageTimeError
                return Page(views=views, next=frontier)
            else:
                # The first round is over all of them: without it there is no getting any further.
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
