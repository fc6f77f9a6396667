"""The compiled tables: one JSON file for each service, with all its families as explicit data.

Members with their default are left out. ``encoded`` writes a family, ``decoded`` reads it.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, timedelta
from enum import Enum
from pathlib import Path
from typing import Any

from jobview.catalogue.family import Events, Family, Grant, ItemsCall, ParentKind, StartCalls
from jobview.catalogue.operations import GetCall, ListCall, Narrowing, Unanswered, Window
from jobview.catalogue.records import Cause, Counts, Fields, Logs, Parts, TimeFormat, When
from jobview.model import State

FOLDER = Path(__file__).parent / "compiled"
"""The folder of the tables, ``<service>.json``."""

Row = Mapping[str, Any]


def services() -> tuple[str, ...]:
    """Return the services that have a table, in alphabetical order."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


def read(service: str) -> tuple[Family, ...]:
    """Return the families of a service, in the order of their declaration.

    Raises
    ------
    FileNotFoundError
        The catalogue has no such service.
    """
    rows = json.loads((FOLDER / f"{service}.json").read_text(encoding="utf-8"))
    return tuple(decoded(service, type_, row) for type_, row in rows.items())


def encoded(family: Family) -> dict[str, Any]:
    """Return a family as JSON types, without its service and type."""
    row: dict[str, Any] = _plain(family)
    return {name: value for name, value in row.items() if name not in {"service", "type"}}


def decoded(service: str, type_: str, row: Row) -> Family:
    """Return the family that ``encoded`` wrote."""
    return Family(service=service, type=type_, **_members(row, _FAMILY))


def _plain(value: Any) -> Any:
    """Return a value of the tables as JSON types."""
    if is_dataclass(value):
        members = {each.name: getattr(value, each.name) for each in fields(value) if not _is_default(value, each)}
        return {name: _plain(member) for name, member in members.items()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def _is_default(owner: Any, member: Any) -> bool:
    default = member.default if member.default_factory is MISSING else member.default_factory()
    return bool(getattr(owner, member.name) == default)


Decoders = Mapping[str, Callable[[Any], Any]]


def _members(row: Row, decoders: Decoders) -> dict[str, Any]:
    return {name: decoders[name](value) if name in decoders else value for name, value in row.items()}


def _made(kind: Callable[..., Any], decoders: Decoders | None = None) -> Callable[[Row], Any]:
    return lambda row: kind(**_members(row, decoders or {}))


def _each(decode: Callable[[Any], Any]) -> Callable[[list[Any]], tuple[Any, ...]]:
    return lambda rows: tuple(decode(row) for row in rows)


def _states(row: Mapping[str, str]) -> dict[str, State]:
    return {word: State(state) for word, state in row.items()}


def _time_formats(row: Mapping[str, str]) -> dict[str, TimeFormat]:
    return {name: TimeFormat(written) for name, written in row.items()}


def _count(paths: str | list[str]) -> str | tuple[str, ...]:
    return paths if isinstance(paths, str) else tuple(paths)


def _duration(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


_LIST: Decoders = {
    "sensitive": tuple,
    "page_size": tuple,
    "tokens": tuple,
    "each": tuple,
    "narrowing": _made(Narrowing, {"inputs": tuple}),
    "window": _made(Window, {"length": _duration, "longest": _duration}),
}
_FIELDS: Decoders = {
    "time_formats": _time_formats,
    "causes": _each(_made(Cause)),
    "inputs": tuple,
    "outputs": tuple,
    "when": _each(_made(When, {"state": State, "values": tuple, "then": State})),
    "counts": _made(Counts, {"running": tuple, **dict.fromkeys(("total", "succeeded", "failed", "skipped"), _count)}),
    "parts": _made(Parts, {"outcomes": _states, "others": State}),
    "logs": _each(_made(Logs)),
    "arns": tuple,
}
_FAMILY: Decoders = {
    "list": _made(ListCall, _LIST),
    "list_fields": _made(Fields, _FIELDS),
    "states": _states,
    "parents": _each(_made(ParentKind, {"call": _made(ListCall, _LIST)})),
    "get": _made(GetCall, {"sensitive": tuple, "unanswered": _made(Unanswered)}),
    "get_fields": _made(Fields, _FIELDS),
    "items_list": _made(ItemsCall, {**_LIST, "fields": _made(Fields, _FIELDS), "states": _states}),
    "presigned": tuple,
    "withheld": tuple,
    "grants": _each(_made(Grant)),
    "events": _made(Events, {"detail_types": tuple, "parents": tuple, "whole": tuple}),
    "starts": _made(StartCalls, {"names": tuple, "parents": tuple}),
    "regions": tuple,
    "consistency_window": _duration,
    "retired": date.fromisoformat,
}
