r"""Checks a value against its shape: required members, types' lengths and ranges, patterns, enums.

Patterns are those of the models, which are Java's: they hold for the whole value, and `\p{L}` and its
kin are translated for Python's `re`.
"""

import re
import sys
import unicodedata
import warnings
from collections.abc import Iterator
from functools import cache
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

# Java writes a character beyond U+FFFF as two.
_SURROGATES = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


def violations(shape: Shape, value: Any, *, path: str = "", constraints: bool = True) -> Iterator[str]:
    """Every way in which `value` breaks `shape`, each as a sentence in the words of AWS.

    With `constraints` off only structure counts: unknown and missing members, and values outside an enum.
    """
    if getattr(shape, "is_document_type", False):
        return
    if isinstance(shape, StructureShape):
        yield from _structure(shape, value, path, constraints)
        return
    if isinstance(shape, ListShape):
        if constraints:
            yield from _size(shape, len(value), value, path)
        for index, item in enumerate(value):
            yield from violations(shape.member, item, path=f"{path}.{index + 1}.member", constraints=constraints)
        return
    if isinstance(shape, MapShape):
        if constraints:
            yield from _size(shape, len(value), value, path)
        for key, item in value.items():
            yield from violations(shape.key, key, path=f"{path}.key", constraints=constraints)
            yield from violations(shape.value, item, path=f"{path}.{key}", constraints=constraints)
        return
    yield from _scalar(shape, value, path, constraints)


def _structure(shape: StructureShape, value: Any, path: str, constraints: bool) -> Iterator[str]:
    for name in shape.required_members:
        if value.get(name) is None:
            yield _sentence("null", f"{path}.{name}".lstrip("."), "Member must not be null")
    for name, item in value.items():
        where = f"{path}.{name}".lstrip(".")
        if name not in shape.members:
            yield f"{shape.name} has no member '{where}'"
        elif item is not None:
            yield from violations(shape.members[name], item, path=where, constraints=constraints)


def _scalar(shape: Shape, value: Any, path: str, constraints: bool) -> Iterator[str]:
    if isinstance(shape, StringShape) and shape.enum and value not in shape.enum:
        allowed = ", ".join(shape.enum)
        yield _sentence(value, path, f"Member must satisfy enum value set: [{allowed}]")
    if not constraints:
        return
    kind = shape.type_name
    if kind in ("string", "blob"):
        yield from _size(shape, len(value), value, path)
    if kind in ("integer", "long", "float", "double"):
        low, high = shape.metadata.get("min"), shape.metadata.get("max")
        if low is not None and value < low:
            yield _sentence(value, path, f"Member must have value greater than or equal to {low}")
        if high is not None and value > high:
            yield _sentence(value, path, f"Member must have value less than or equal to {high}")
    pattern = shape.metadata.get("pattern")
    compiled = compile_pattern(pattern) if kind == "string" and pattern is not None else None
    if compiled is not None and compiled.fullmatch(value) is None:
        yield _sentence(value, path, f"Member must satisfy regular expression pattern: {pattern}")


def _size(shape: Shape, size: int, value: Any, path: str) -> Iterator[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and size < low:
        yield _sentence(value, path, f"Member must have length greater than or equal to {low}")
    if high is not None and size > high:
        yield _sentence(value, path, f"Member must have length less than or equal to {high}")


def _sentence(value: Any, path: str, constraint: str) -> str:
    shown = value if value == "null" else f"'{value}'"
    return f"Value {shown} at '{path}' failed to satisfy constraint: {constraint}"


@cache
def compile_pattern(pattern: str) -> re.Pattern[str] | None:
    """Return a model's pattern for Python's `re`; `None` where it is not one that `re` can express."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            return re.compile(_translate(_SURROGATES.sub(_join, pattern)))
    except re.error:
        return None


def _join(pair: re.Match[str]) -> str:
    high, low = (int(half, 16) for half in pair.groups())
    return f"\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08x}"


def _translate(pattern: str) -> str:
    out: list[str] = []
    in_class = False
    position = 0
    while position < len(pattern):
        char = pattern[position]
        if char == "\\" and pattern[position + 1 : position + 3] in ("p{", "P{"):
            end = pattern.index("}", position)
            members = _unicode_class(pattern[position + 3 : end], negated=pattern[position + 1] == "P")
            out.append(members if in_class else f"[{members}]")
            position = end + 1
            continue
        if char == "\\":
            out.append(pattern[position : position + 2])
            position += 2
            continue
        if in_class and char in "[&|~":
            # `re` warns of set operations that it may grow; in the models these are plain characters.
            out.append("\\" + char)
        else:
            out.append(char)
        if char == "[" and not in_class:
            in_class = True
            if pattern[position + 1 : position + 2] == "^":
                out.append("^")
                position += 1
        elif char == "]" and in_class:
            in_class = False
        position += 1
    return "".join(out)


_POSIX = {
    "ASCII": [(0, 0x7F)],
    "Alnum": [(0x30, 0x39), (0x41, 0x5A), (0x61, 0x7A)],
    "Alpha": [(0x41, 0x5A), (0x61, 0x7A)],
    "Digit": [(0x30, 0x39)],
    "Graph": [(0x21, 0x7E)],
    "Lower": [(0x61, 0x7A)],
    "Print": [(0x20, 0x7E)],
    "Punct": [(0x21, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0x7E)],
    "Upper": [(0x41, 0x5A)],
    "XDigit": [(0x30, 0x39), (0x41, 0x46), (0x61, 0x66)],
}
"""Java's classes of US-ASCII characters."""


@cache
def _unicode_class(name: str, *, negated: bool) -> str:
    """Return the characters of a property, as the inside of a character class."""
    if name in _POSIX:
        ranges = _POSIX[name]
        if negated:
            edges = [-1, *(edge for pair in ranges for edge in pair), sys.maxunicode + 1]
            ranges = [(low + 1, high - 1) for low, high in zip(edges[::2], edges[1::2], strict=True) if low + 1 < high]
    else:
        wanted = name.removeprefix("Is")
        ranges = [
            run for category, runs in _categories().items() if category.startswith(wanted) != negated for run in runs
        ]
        if not any(category.startswith(wanted) for category in _categories()):
            raise re.error(f"unknown property {name}")
    return "".join(f"\\U{low:08x}-\\U{high:08x}" for low, high in ranges)


@cache
def _categories() -> dict[str, list[tuple[int, int]]]:
    """For each Unicode category its runs of code points, both ends included."""
    found: dict[str, list[tuple[int, int]]] = {}
    start, current = 0, unicodedata.category("\0")
    for point in range(1, sys.maxunicode + 2):
        category = unicodedata.category(chr(point)) if point <= sys.maxunicode else ""
        if category != current:
            found.setdefault(current, []).append((start, point - 1))
            start, current = point, category
    return found
