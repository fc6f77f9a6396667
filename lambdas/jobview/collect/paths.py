"""Evaluates the paths of declarations: JMESPath, with a fast path for plain dotted names."""

import re
from functools import lru_cache
from typing import Any, Protocol

import jmespath

_NAMES = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")


class _Compiled(Protocol):
    def search(self, value: Any) -> Any:
        """The value at the path; ``None`` where there is none."""


class _Names:
    """A path of names alone. Most paths are, and this is many times faster than the JMESPath interpreter."""

    def __init__(self, path: str) -> None:
        self._names = path.split(".")

    def search(self, value: Any) -> Any:
        for name in self._names:
            if not isinstance(value, dict):
                return None
            value = value.get(name)
        return value


@lru_cache(maxsize=4096)
def _compiled(path: str) -> _Compiled:
    if _NAMES.fullmatch(path):
        return _Names(path)
    compiled: _Compiled = jmespath.compile(path)
    return compiled


def find(path: str | None, value: Any) -> Any:
    """The value at ``path`` in ``value``; ``None`` where there is none, or no path."""
    return None if path is None else _compiled(path).search(value)


def last_of_arn(text: str) -> str:
    """The last part of an ARN, after the last slash or, without slashes, the last colon; any other text unchanged."""
    if not text.startswith("arn:"):
        return text
    resource = text.split(":", 5)[-1]
    return resource.rpartition("/" if "/" in resource else ":")[2]


def first_name(path: str) -> str | None:
    """The member of an answer that a path starts at; ``None`` for the answer itself (``@``)."""
    match = re.match(r"[A-Za-z_][A-Za-z0-9_]*", path)
    return None if match is None else match.group()
