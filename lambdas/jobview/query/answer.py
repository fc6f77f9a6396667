"""The answer of a route, before it becomes HTTP."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A JSON text, with the data for HTTP's headers."""

    body: str
    etag: tuple[str, ...] | None = None
    """The texts from which the entity tag is made; ``None``: the answer has no tag."""
    next_token: str | None = None
    """The token of the next page."""
    keep: bool = True
    """False for an answer that nobody may cache: native records, presigned links."""


def dumps(value: object) -> str:
    """Compact JSON."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def spliced(**members: Any) -> str:
    """Make a JSON object. Its members are values, or ``Raw`` texts, which are inserted unchanged."""
    parts = (
        f"{json.dumps(name)}:{value.text if isinstance(value, Raw) else dumps(value)}"
        for name, value in members.items()
    )
    return "{" + ",".join(parts) + "}"


@dataclass(frozen=True, slots=True)
class Raw:
    """A text that is already JSON."""

    text: str

    @staticmethod
    def array(texts: Sequence[str]) -> "Raw":
        """Make a JSON array of JSON texts."""
        return Raw("[" + ",".join(texts) + "]")
