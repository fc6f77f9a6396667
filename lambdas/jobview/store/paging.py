"""A page of several sorted partitions, merged: newest first, with bounded work.

Pure but for the ``fetch`` it is given. Each partition is read in chunks, downwards; a page is complete down to the
highest position of a partition that is not yet read further, and the cursor is the last key handed out (or that
position, where the work allowed was used up before the page was full).
"""

import math
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

MOST_QUERIES = 64
"""Queries a page, each of 1 MB of items at the most (not counting a first round over more partitions than that)."""
_AT_ONCE = 8
_MOST_ITEMS = 4_000
_GROWTH = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class Chunk:
    """What one query told of a partition."""

    rows: list[tuple[str, str]]
    """Key and view of each item that matches, keys descending."""
    position: str | None
    """The last key looked at, matching or not; ``None``: there is nothing below."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page of a list."""

    views: list[str]
    """Job views as JSON, newest first."""
    next: str | None
    """Where the next page begins; it may be set although ``views`` is short or empty. ``None``: that was all."""


@dataclass(kw_only=True, slots=True)
class _Strand:
    """One partition while it is read."""

    partition: str
    below: str
    chunk: int
    rows: deque[tuple[str, str]] = field(default_factory=deque)
    done: bool = False


def merge_pages(
    fetch: Callable[[str, str, int], Chunk],
    partitions: Sequence[str],
    *,
    below: str,
    limit: int,
    selective: bool,
    most_queries: int = MOST_QUERIES,
) -> Page:
    """Up to ``limit`` views of all partitions with keys below ``below``."""
    if not partitions:
        return Page(views=[], next=None)
    share = (limit + 1) / len(partitions)
    chunk = 1 + math.ceil(share + 2 * math.sqrt(share)) * (_GROWTH if selective else 1)
    strands = [_Strand(partition=one, below=below, chunk=chunk) for one in partitions]
    views: list[str] = []
    last = below
    queries = 0
    with ThreadPoolExecutor(max_workers=min(_AT_ONCE, len(strands))) as pool:
        while True:
            starving = [strand for strand in strands if not strand.rows and not strand.done]
            # What lies below an unread position cannot be ordered yet.
            frontier = max((strand.below for strand in starving), default="")
            heads = [strand for strand in strands if strand.rows and strand.rows[0][0] >= frontier]
            full = len(views) == limit
            if heads:
                key, view = max(strand.rows[0] for strand in heads)
                if full:
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
            elif queries >= most_queries:
                return Page(views=views, next=frontier)
            else:
                list(pool.map(lambda strand: _feed(fetch, strand), starving))
                queries += len(starving)


def _feed(fetch: Callable[[str, str, int], Chunk], strand: _Strand) -> None:
    chunk = fetch(strand.partition, strand.below, min(strand.chunk, _MOST_ITEMS))
    strand.rows.extend(chunk.rows)
    strand.chunk *= _GROWTH
    if chunk.position is None:
        strand.done = True
    else:
        strand.below = chunk.position
