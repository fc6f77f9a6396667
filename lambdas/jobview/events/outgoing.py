"""The event of a transition: CloudEvents 1.0 attributes and what changed, as the detail of an EventBridge event.

Pure. The same transition always makes the same ``id``, so that an event that is sent twice can be told.
"""

import json
from collections.abc import Mapping
from typing import Any

from jobview.model import JobView, Transition, rfc3339

SOURCE = "jobview"
"""EventBridge's own ``source``: what rules match."""
DETAIL_TYPE = "Job State Changed"
TYPE = "jobview.job.state-changed.v1"
"""The CloudEvents type."""
DETAIL_BYTES = 240_000
"""Longest detail. An EventBridge entry may have 256 KB and so may a message of most targets, which gets the detail in
EventBridge's envelope."""

_LISTS = ("inputs", "outputs", "tags")
"""What of a view has no small bound, and is cut where the event would be too large."""


class OversizedEventError(ValueError):
    """The event is too large with all lists of the view left out."""


def event(transition: Transition, view: JobView | None, *, origin: str) -> dict[str, Any]:
    """The event's detail.

    Parameters
    ----------
    transition
        What changed: ``previousState``, ``state``, ``nativeStatus`` and the rest are of this transition.
    view
        The job as it is stored now, which may be later than the transition; ``None`` where it is not stored any more.
    origin
        CloudEvents ``source``: a URI reference that names this deployment. Together with ``id`` it is unique.

    Raises
    ------
    OversizedEventError
        Longer than ``DETAIL_BYTES`` without any of the view's lists.
    """
    late = (transition.observed_at - transition.changed_at).total_seconds()
    detail: dict[str, Any] = {
        "specversion": "1.0",
        "id": f"{transition.job_id}#{transition.number}",
        "source": origin,
        "type": TYPE,
        "subject": transition.job_id,
        "time": rfc3339(transition.changed_at),
        "datacontenttype": "application/json",
        "data": {
            **transition.to_dict(),
            "lateSeconds": max(0, int(late)),
            "job": None if view is None else view.to_dict(),
            "trimmed": {},
        },
    }
    _trim(detail["data"], size(detail) - DETAIL_BYTES)
    if size(detail) > DETAIL_BYTES:
        raise OversizedEventError(f"{detail['id']} has {size(detail)} bytes, {DETAIL_BYTES} at the most")
    return detail


def text(detail: Mapping[str, Any]) -> str:
    """The detail as EventBridge takes it."""
    return json.dumps(detail, separators=(",", ":"), ensure_ascii=False)


def size(detail: Mapping[str, Any]) -> int:
    """Bytes of the detail."""
    return len(text(detail).encode())


def _trim(data: dict[str, Any], surplus: int) -> None:
    """Take entries from the ends of the view's lists until ``surplus`` bytes are gone, and note how many of each."""
    job = data["job"]
    if job is None or surplus <= 0:
        return
    surplus += 64  # for the note itself
    while surplus > 0 and any(job[name] for name in _LISTS):
        largest = max(_LISTS, key=lambda name: size({name: job[name]}))
        if largest == "tags":
            gone: object = job["tags"].popitem()
        else:
            gone = job[largest].pop()
        surplus -= size({"": gone}) - len('{"":}')
        data["trimmed"][largest] = data["trimmed"].get(largest, 0) + 1
