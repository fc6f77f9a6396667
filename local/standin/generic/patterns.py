"""Text that matches a model's pattern: ids that the service's own clients would accept."""

import re
import string
from random import Random
from typing import Any

# The parser of the standard library; its module is called so from Python 3.11 on.
import re._parser as parser  # type: ignore[import-not-found]  # isort: skip

from local.standin.validation import compile_pattern

_PREFERRED = string.ascii_lowercase + string.digits
_CHARACTERS = _PREFERRED + string.ascii_uppercase + "-_/.:=+@ " + string.punctuation
_TRIES = 3
_REPEATS = (*range(17), 20, 24, 28, 31, 32, 35, 36, 48, 64, 128)


def matching(pattern: str, random: Random, *, least: int = 0, most: int | None = None) -> str | None:
    """Return a text that matches the whole pattern and has a length from ``least`` to ``most``.

    ``None`` where none was found, or where Python cannot read the pattern.
    """
    compiled = compile_pattern(pattern)
    if compiled is None:
        return None
    parsed = parser.parse(compiled.pattern)
    for extra in _REPEATS:
        for _ in range(_TRIES):
            text = "".join(_text(node, random, extra) for node in parsed)
            long_enough = least <= len(text) and (most is None or len(text) <= most)
            if long_enough and compiled.fullmatch(text):
                return text
    return None


def _text(node: Any, random: Random, extra: int) -> str:
    kind, argument = node
    match str(kind):
        case "LITERAL":
            return chr(argument)
        case "NOT_LITERAL":
            return random.choice([char for char in _PREFERRED if ord(char) != argument])
        case "ANY":
            return random.choice(_PREFERRED)
        case "IN":
            return _one_of(argument, random)
        case "BRANCH":
            return _all(random.choice(argument[1]), random, extra)
        case "SUBPATTERN":
            return _all(argument[3], random, extra)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            low, high, inner = argument
            return "".join(_all(inner, random, extra) for _ in range(min(int(low) + extra, int(high))))
        case "ATOMIC_GROUP":
            return _all(argument, random, extra)
        case _:
            # Anchors and assertions take no room; whether they hold is checked at the end.
            return ""


def _all(nodes: Any, random: Random, extra: int) -> str:
    return "".join(_text(node, random, extra) for node in nodes)


def _one_of(items: Any, random: Random) -> str:
    negated = any(str(kind) == "NEGATE" for kind, _ in items)
    for characters in (_PREFERRED, _CHARACTERS):
        allowed = [char for char in characters if _holds(items, char) != negated]
        if allowed:
            return random.choice(allowed)
    kind, argument = items[0]
    return chr(argument[0] if str(kind) == "RANGE" else argument)


def _holds(items: Any, char: str) -> bool:
    return any(_is(kind, argument, char) for kind, argument in items)


_CATEGORIES = {
    "CATEGORY_DIGIT": r"\d",
    "CATEGORY_NOT_DIGIT": r"\D",
    "CATEGORY_SPACE": r"\s",
    "CATEGORY_NOT_SPACE": r"\S",
    "CATEGORY_WORD": r"\w",
    "CATEGORY_NOT_WORD": r"\W",
}


def _is(kind: Any, argument: Any, char: str) -> bool:
    match str(kind):
        case "LITERAL":
            return ord(char) == int(argument)
        case "RANGE":
            return int(argument[0]) <= ord(char) <= int(argument[1])
        case "CATEGORY":
            return re.match(_CATEGORIES[str(argument)], char) is not None
        case _:
            return False
