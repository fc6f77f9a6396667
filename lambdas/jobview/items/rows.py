"""The rows of item-level results."""

from dataclasses import dataclass, field
from typing import Any

from jobview.collect.normalise import REASON_LIMIT, STATUS_LIMIT, URI_LIMIT, bounded_text
from jobview.model import State


class InvalidItemsTokenError(ValueError):
    """The page token is not from a page of the job's items."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemsPage:
    """A page of item-level results."""

    items: list[dict[str, Any]] = field(repr=False)
    """Rows with ``uri``, ``state``, ``nativeStatus`` and ``reason``; the last three as in a job view."""
    next: str | None
    """The token of the next page; ``None`` at the end."""


def row(*, uri: object, state: State, native_status: object, reason: object) -> dict[str, Any]:
    """Make the row of one item. Texts are limited and without presigned URLs."""
    return {
        "uri": bounded_text(uri, URI_LIMIT),
        "state": state.value,
        "nativeStatus": bounded_text(native_status, STATUS_LIMIT),
        "reason": bounded_text(reason, REASON_LIMIT),
    }
