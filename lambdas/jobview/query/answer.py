"""What a route answers, before it becomes HTTP."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A JSON text, and what HTTP says about it."""

    body: str
    etag: tuple[str, ...] | None = None
    """The texts that the entity tag is made of; ``None``: the answer has none."""
    next_token: str | None = None
    """The token of the next page."""
    keep: bool = True
    """False for what nobody may keep: native records, presigned links."""


def dumps(value: object) -> str:
    """Compact JSON."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def spliced(**members: Any) -> str:
    """A JSON object whose members are values, or ``Raw`` texts that are put in as they are."""
    parts = (
        f"{json.dumps(name)}:{value.text if isinstance(value, Raw) else dumps(value)}"
        for name, value in members.items()
    )
    return "{" + ",".join(parts) + "}"


@dataclass(frozen=True, slots=True)
class Raw:
    """A text that is JSON already."""

    text: str

    @staticmethod
    def array(texts: Sequence[str]) -> "Raw":
        """A JSON array of JSON texts."""
        return Raw("[" + ",".join(texts) + "]")
