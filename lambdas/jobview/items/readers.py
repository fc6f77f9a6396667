"""Item-level results: listed by the service, in the job's own record, or outside the service."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Protocol

from jobview.aws.calls import Calls
from jobview.aws.errors import ReadFailure
from jobview.aws.unreadable import Unreadable
from jobview.catalogue.family import Family
from jobview.catalogue.records import Parts
from jobview.collect.getting import get_jobs
from jobview.collect.paths import find
from jobview.items.listed import listed_items
from jobview.items.manifest import HealthImagingManifest
from jobview.items.rows import InvalidItemsTokenError, ItemsPage, row
from jobview.model import JobView, Observation, State, Target

__all__ = ["READERS", "InvalidItemsTokenError", "ItemsPage", "ItemsReader", "items_of"]


class ItemsReader(Protocol):
    """Reads item-level results that lie outside the service."""

    def refine(
        self, view: JobView, calls: Calls, target: Target, deadline: float, unreadable: Unreadable
    ) -> Observation:
        """Read the job at depth ``ITEMS``: its verified state, counts and failures, from the items.

        Parameters
        ----------
        view
            The job from a get.
        calls, target, deadline
            Makes the calls; the account and region; the time limit, on the clock's ``monotonic``.
        unreadable
            Counts values that cannot be read.

        Raises
        ------
        ReadFailure
            The results could not be read: absent, denied, malformed, too large …
        """

    def items(
        self, view: JobView, calls: Calls, target: Target, deadline: float, *, limit: int, token: str | None
    ) -> ItemsPage:
        """Read a page of the items that failed.

        Raises
        ------
        ReadFailure
            They could not be read.
        InvalidItemsTokenError
            The token is not from this reader.
        """


READERS: Mapping[str, ItemsReader] = MappingProxyType({"healthimaging-manifest": HealthImagingManifest()})
"""Every reader, by its name in declarations (``items_reader``)."""


def items_of(
    calls: Calls,
    family: Family,
    view: JobView,
    target: Target,
    deadline: float,
    *,
    unreadable: Unreadable,
    limit: int,
    token: str | None,
) -> ItemsPage:
    """Read a page of a job's item-level results. It is not stored; it is empty where the service has none.

    Values of listed items that cannot be read are added to ``unreadable``.

    Raises
    ------
    ReadFailure, InvalidItemsTokenError
        See ``ItemsReader.items``.
    """
    if family.items_list is not None:
        if not family.lists_items_of(counted=view.items is not None):
            return ItemsPage(items=[], next=None)
        return listed_items(
            calls, family, family.items_list, view, target, deadline, unreadable, limit=limit, token=token
        )
    if family.items_reader is not None:
        if not view.outputs:  # only listed so far: the get has the location of the results
            view, _ = asked(calls, family, view, target, deadline)
        return READERS[family.items_reader].items(view, calls, target, deadline, limit=limit, token=token)
    parts = None if family.get_fields is None else family.get_fields.parts
    if parts is None:
        return ItemsPage(items=[], next=None)
    _, record = asked(calls, family, view, target, deadline)
    rows = _parts(parts, record)
    start = _offset(token, len(rows))
    end = start + limit
    return ItemsPage(items=rows[start:end], next=str(end) if end < len(rows) else None)


def asked(
    calls: Calls, family: Family, view: JobView, target: Target, deadline: float
) -> tuple[JobView, Mapping[str, Any]]:
    """Get the job now: its view, and its record with every link.

    Raises
    ------
    ReadFailure
        It could not be read.
    """
    got = next(get_jobs(calls, family, target, [view.key], deadline))
    if got.error is not None:
        raise ReadFailure(got.error)
    return (view if got.observation is None else got.observation.view), got.record or {}


def _parts(parts: Parts, record: Mapping[str, Any]) -> list[dict[str, Any]]:
    listed = find(parts.path, record)
    return [
        row(
            uri=find(parts.uri, part),
            state=parts.outcome(find(parts.status, part)) or State.UNKNOWN,
            native_status=None if (status := find(parts.status, part)) is None else str(status),
            reason=find(parts.message, part),
        )
        for part in (listed if isinstance(listed, list) else ())
    ]


def _offset(token: str | None, length: int) -> int:
    if token is None:
        return 0
    if not (re.fullmatch(r"[0-9]{1,9}", token) and 0 < int(token) < length):
        raise InvalidItemsTokenError("the token is not from a page of this job's items")
    return int(token)
