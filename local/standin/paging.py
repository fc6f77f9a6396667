"""Pages and their opaque tokens.

Lists keep the order in which things were made, and a token is a place in that order, so that what is made
while somebody pages comes last and nothing is seen twice. A token is bound to its operation and filters, as
in AWS.
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from botocore.model import Shape

from local.standin.validation import compile_pattern

T = TypeVar("T")

TOKENS = ("nextToken", "NextToken")
SIZES = ("maxResults", "MaxResults", "PageSize")
NUMBERED = "0##"
"""The beginning of a page token, where the model requires a number there (AWS Outposts)."""


class InvalidTokenError(Exception):
    """The token is none of ours, or of another operation or other filters."""


@dataclass(frozen=True, kw_only=True)
class PageNames:
    """The input members of an operation that say which page is wanted; the first that is given counts."""

    tokens: Sequence[str] = TOKENS
    sizes: Sequence[str] = SIZES


USUAL = PageNames()


def page(
    items: Sequence[T],
    *,
    operation: str,
    parameters: Mapping[str, Any],
    size: int,
    keep: Callable[[T], bool] = lambda _item: True,
    names: PageNames = USUAL,
) -> tuple[list[T], str | None]:
    """One page of those of `items` that `keep` accepts, and the token of the next page if there is more.

    `parameters` are those of the call, with its token and page size; `size` is the page size if it names
    none. Raises `InvalidTokenError`.
    """
    scope = scope_of(operation, parameters, names)
    token = next((parameters[name] for name in names.tokens if name in parameters), None)
    asked = next((parameters[name] for name in names.sizes if parameters.get(name)), size)
    position = read_token(token, scope) if token is not None else 0
    found: list[T] = []
    while position < len(items):
        item = items[position]
        if keep(item):
            if len(found) == asked:
                return found, write_token(scope, position)
            found.append(item)
        position += 1
    return found, None


def page_backwards(
    items: Sequence[T], *, operation: str, parameters: Mapping[str, Any], size: int, names: PageNames
) -> tuple[list[T], str | None]:
    """One page of `items`, the last of them first; a token is a place too, whatever is appended meanwhile.

    Raises `InvalidTokenError`.
    """
    scope = scope_of(operation, parameters, names)
    token = next((parameters[name] for name in names.tokens if name in parameters), None)
    asked = next((int(parameters[name]) for name in names.sizes if parameters.get(name)), size)
    end = min(len(items), read_token(token, scope)) if token is not None else len(items)
    start = max(0, end - asked)
    return list(reversed(items[start:end])), write_token(scope, start) if start else None


def scope_of(operation: str, parameters: Mapping[str, Any], names: PageNames = USUAL) -> str:
    """Return a digest of the call without its token and page size."""
    filters = {k: v for k, v in parameters.items() if k not in names.tokens and k not in names.sizes}
    text = json.dumps([operation, filters], sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else repr(value)


def write_token(scope: str, position: int) -> str:
    """Return the opaque token of a place."""
    return base64.urlsafe_b64encode(json.dumps([scope, position]).encode()).decode()


def read_token(token: str, scope: str) -> int:
    """Return the place that a token stands for. Raises `InvalidTokenError`."""
    try:
        found, position = json.loads(base64.urlsafe_b64decode(token.encode()))
    except (ValueError, TypeError, binascii.Error) as problem:
        raise InvalidTokenError from problem
    if found != scope or not isinstance(position, int) or position < 0:
        raise InvalidTokenError
    return position


def allowed_token(token: str, shape: Shape) -> str:
    """Return a page token as the model allows it: in hexadecimal digits, with zeros behind, where it is too short."""
    least, pattern = shape.metadata.get("min", 0), compile_pattern(shape.metadata.get("pattern", ""))
    if len(token) >= least and (pattern is None or not pattern.pattern or pattern.fullmatch(token)):
        return token
    digits = token.encode().hex()
    padded = digits.ljust(max(least, -(-len(digits) // 16) * 16), "0")
    return padded if pattern is None or pattern.fullmatch(padded) else f"{NUMBERED}{padded}"


def plain_token(token: str) -> str:
    """Return the page token that ``allowed_token`` was given."""
    token = token.removeprefix(NUMBERED)
    return bytes.fromhex(token).rstrip(b"\0").decode() if re.fullmatch("([0-9a-f]{16})+", token) else token
