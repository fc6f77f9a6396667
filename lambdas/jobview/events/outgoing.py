"""The event of a transition: the detail of an EventBridge event, with CloudEvents 1.0 attributes and the change.

Pure. The same transition always gets the same ``id``, so that a receiver can recognise an event that is sent twice.
"""

import json
from collections.abc import Mapping
from typing import Any

from jobview.model import JobView, Transition, rfc3339

SOURCE = "jobview"
"""EventBridge's own ``source``, which rules match."""
DETAIL_TYPE = "Job State Changed"
TYPE = "jobview.job.state-changed.v1"
"""The CloudEvents type."""
DETAIL_BYTES = 240_000
"""The largest detail. An EventBridge entry, and a message of most targets, is limited to 256 KB, and EventBridge adds
an envelope around the detail."""

_LISTS = ("inputs", "outputs", "tags")
"""Members of a view that may be long. They are cut where the event would be too large."""


class OversizedEventError(ValueError):
    """The event is too large even without the lists of the view."""


def event(transition: Transition, view: JobView | None, *, origin: str) -> dict[str, Any]:
    """Make the event's detail.

    Parameters
    ----------
    transition
        The change. ``previousState``, ``state``, ``nativeStatus`` and other members come from it.
    view
        The stored job, which may be newer than the transition; ``None`` where it is not stored any more.
    origin
        CloudEvents ``source``: a URI reference that names this deployment. It is unique together with ``id``.

    Raises
    ------
    OversizedEventError
        The detail is larger than ``DETAIL_BYTES`` even without the view's lists.
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
    """Return the detail as JSON text for EventBridge."""
    return json.dumps(detail, separators=(",", ":"), ensure_ascii=False)


def size(detail: Mapping[str, Any]) -> int:
    """Return the size of the detail in bytes."""
    return len(text(detail).encode())


def _trim(data: dict[str, Any], surplus: int) -> None:
    """Remove entries from the ends of the view's lists until ``surplus`` bytes are gone, and note the numbers."""
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
