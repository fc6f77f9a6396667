"""The rows of item-level results."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from jobview.collect.values import NAME_LIMIT, REASON_LIMIT, STATUS_LIMIT, URI_LIMIT, bounded_text
from jobview.model import State, rfc3339
from jobview.model.jobid import JobKey


class InvalidItemsTokenError(ValueError):
    """The page token is not from a page of the job's items."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemsPage:
    """A page of item-level results."""

    items: list[dict[str, Any]] = field(repr=False)
    """Rows; see ``row``."""
    next: str | None
    """The token of the next page; ``None`` at the end."""


def row(
    *,
    state: State,
    native_status: object,
    reason: object,
    id: object = None,  # noqa: A002
    name: object = None,
    group: object = None,
    uri: object = None,
    created: datetime | None = None,
    started: datetime | None = None,
    ended: datetime | None = None,
    job: JobKey | None = None,
) -> dict[str, Any]:
    """Make the row of one item. Texts are limited and without presigned URLs; ``job`` is the job that the item is."""
    return {
        "id": bounded_text(str(id) if isinstance(id, int) else id, URI_LIMIT),
        "name": bounded_text(name, NAME_LIMIT),
        "group": bounded_text(group, NAME_LIMIT),
        "uri": bounded_text(uri, URI_LIMIT),
        "state": state.value,
        "nativeStatus": bounded_text(native_status, STATUS_LIMIT),
        "reason": bounded_text(reason, REASON_LIMIT),
        "createdAt": rfc3339(created),
        "startedAt": rfc3339(started),
        "endedAt": rfc3339(ended),
        "job": None if job is None else str(job),
    }
