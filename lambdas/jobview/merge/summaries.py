"""Summaries: a digest of a job's list record, which shows whether a later list record says the same. Pure.

A summary is ``<digest of the begin>.<digest of the other lasting facts>``.
"""

import hashlib
from collections.abc import Iterable

from jobview.model import Depth, Observation, Via

VOLATILE = frozenset({"progress", "items", "failures", "updated_at"})
"""Facts that change while a job runs. A change of them is no reason to get the job again."""
DERIVED = frozenset({"console", "parents", "lists_items", "gives_links", "logs"})
_BEGINS = ("created_at", "started_at")


def summary_of(observed: Observation) -> str:
    """The summary of a list record, or of the one that is part of the observation; empty where there is none."""
    if observed.summary or observed.depth is not Depth.SUMMARY or observed.view.via is not Via.LIST:
        return observed.summary
    names = sorted(observed.facts - VOLATILE - DERIVED)
    if not names:
        return ""
    begins = [getattr(observed.view, name) for name in _BEGINS]
    facts = [observed.view.native_status, *(repr(getattr(observed.view, name)) for name in names)]
    return f"{_digest(map(repr, begins)) if any(begins) else ''}.{_digest(facts)}"


def begin_of(summary: str) -> str:
    """The digest of the begin in a summary; empty where the list has none."""
    return summary.rpartition(".")[0]


def _digest(lines: Iterable[str]) -> str:
    return hashlib.blake2b("\n".join(lines).encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
