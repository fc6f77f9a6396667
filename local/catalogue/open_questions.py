"""What a declaration leaves open, or says in a form that would be misread."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, get_origin

from jobview.catalogue import language
from local.catalogue.deriving import UndecidedError


def check_decided(declared: language.Family) -> None:
    """Refuse a draft with open questions. The ``UndecidedError`` lists them with their places."""
    asked: dict[str, str] = {}
    for where, question in _questions(declared, ""):
        asked.setdefault(question.text, f"\n  {where}: {question.text}")
    if asked:
        raise UndecidedError(f"to be decided, in the place of each decide(…):{''.join(asked.values())}")


def _questions(value: object, where: str) -> Iterator[tuple[str, language.Question]]:
    if isinstance(value, language.Question):
        yield where, value
    elif is_dataclass(value):
        for each in fields(value):
            yield from _questions(getattr(value, each.name), f"{where}.{each.name}".strip("."))
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _questions(name, f"{where}[{inner!r}]")
            yield from _questions(inner, f"{where}[{name!r}]")
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from _questions(inner, f"{where}[{number}]")


def check_lists(declared: Any, where: str = "") -> None:
    """Refuse a text instead of a list of texts: it would be read letter by letter. Raises ``UndecidedError``."""
    for each in fields(declared):
        value = getattr(declared, each.name)
        if isinstance(value, str) and get_origin(each.type) in {tuple, Sequence}:
            raise UndecidedError(f"{where}{each.name} is the text {value!r}; it takes several: ({value!r},)")
        if is_dataclass(value):
            check_lists(value, f"{where}{each.name}.")
