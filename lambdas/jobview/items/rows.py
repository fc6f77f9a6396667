"""The rows of item-level results."""

from dataclasses import dataclass, field
from typing import Any

from jobview.collect.normalise import REASON_LIMIT, STATUS_LIMIT, URI_LIMIT, bounded_text
from jobview.model import State


class InvalidItemsTokenError(ValueError):
    """A page token that no page of the job's items gave."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemsPage:
    """A page of item-level results."""

    items: list[dict[str, Any]] = field(repr=False)
    """Rows of ``uri``, ``state``, ``nativeStatus`` and ``reason``; the last three as in a job view."""
    next: str | None
    """Token of the next page; ``None`` at the end."""


def row(*, uri: object, state: State, native_status: object, reason: object) -> dict[str, Any]:
    """One item. Texts are bounded and without presigned URLs."""
    return {
        "uri": bounded_text(uri, URI_LIMIT),
        "state": state.value,
        "nativeStatus": bounded_text(native_status, STATUS_LIMIT),
        "reason": bounded_text(reason, REASON_LIMIT),
    }
