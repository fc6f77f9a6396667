"""Reads the values of placeholders from the inputs of a call: parents, id, time, status words."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

_PLACEHOLDER = re.compile(r"\{([\w-]+)\}")

Bound = dict[str, Any]
"""The value of each placeholder."""


def bound(template: object, value: object, known: Mapping[str, str]) -> Bound | None:
    """Return the values of a template's placeholders; ``None`` where the value does not match the template.

    ``known`` are placeholders with a fixed value, such as the account.
    """
    if isinstance(template, str):
        return _text(template, value, known)
    if isinstance(template, Mapping):
        if not isinstance(value, Mapping):
            return None
        return merged(bound(inner, value.get(name), known) for name, inner in template.items())
    if isinstance(template, list | tuple):
        if not isinstance(value, list) or len(value) != len(template):
            return None
        return merged(bound(inner, each, known) for inner, each in zip(template, value, strict=True))
    return {} if template == value else None


def merged(found: Iterable[Bound | None]) -> Bound | None:
    """Return all values; ``None`` where a part did not match its template, or two values contradict each other."""
    total: Bound = {}
    for each in found:
        if each is None or any(total.get(name, value) != value for name, value in each.items()):
            return None
        total |= each
    return total


def constants(template: object) -> set[str]:
    """Return the texts of a template that no placeholder is in, at any depth."""
    if isinstance(template, str):
        return set() if _PLACEHOLDER.search(template) else {template}
    inner = (
        template.values() if isinstance(template, Mapping) else template if isinstance(template, list | tuple) else ()
    )
    return {text for each in inner for text in constants(each)}


def constants_agree(templates: Mapping[str, object], value: Mapping[str, Any]) -> bool:
    """True where a value has the same constants as the inputs of a call."""
    return all(placeholders(inner) or value.get(name, inner) == inner for name, inner in templates.items())


def placeholders(template: object) -> set[str]:
    """Return the names of a template's placeholders, at any depth."""
    if isinstance(template, str):
        return set(_PLACEHOLDER.findall(template))
    inner = (
        template.values() if isinstance(template, Mapping) else template if isinstance(template, list | tuple) else ()
    )
    return {name for each in inner for name in placeholders(each)}


def moment(value: object) -> datetime | None:
    """Return the time in an input: a timestamp, ISO 8601, or a number of seconds or milliseconds."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    text = str(value)
    if re.fullmatch(r"\d+(\.\d+)?", text):
        number = float(text)
        return datetime.fromtimestamp(number / 1000 if number > 1e11 else number, UTC)
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _text(template: str, value: object, known: Mapping[str, str]) -> Bound | None:
    names = _PLACEHOLDER.findall(template)
    if value is None:
        return None
    if not names:
        return {} if value == template else None
    if template == "{" + names[0] + "}":
        if names[0] in known:
            return {} if value == known[names[0]] else None
        return {names[0]: value}
    parts = _PLACEHOLDER.split(template)
    taken = [part for part in parts[1::2] if part not in known]
    pattern = "".join(
        re.escape(part) if not number % 2 else re.escape(known[part]) if part in known else "(.+)"
        for number, part in enumerate(parts)
    )
    found = re.fullmatch(pattern, str(value))
    return None if found is None else dict(zip(taken, found.groups(), strict=True))


def words_at(template: object, value: object, words: Iterable[str]) -> set[str] | None:
    """Return the status words in a value at the template's places for them; ``None`` where there are none."""
    known = set(words)
    if isinstance(template, str):
        return {value} if template in known and isinstance(value, str) else None
    if isinstance(template, Mapping) and isinstance(value, Mapping):
        found = [words_at(inner, value.get(name), known) for name, inner in template.items()]
    elif isinstance(template, list | tuple) and isinstance(value, list):
        if any(isinstance(inner, str) and inner in known for inner in template):
            return {each for each in value if isinstance(each, str)}
        found = [words_at(inner, each, known) for inner, each in zip(template, value, strict=False)]
    else:
        return None
    told = [each for each in found if each is not None]
    return set().union(*told) if told else None
