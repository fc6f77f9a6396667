"""Fills in the templates of declarations."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from jobview.catalogue.operations import IDS, MOMENT_FORMS
from jobview.model import Parent, Target

PLACEHOLDERS = frozenset({"parent", "id", "account", "region", "partition"})
"""The placeholders of every template. The types of parents above the nearest one are further ones."""


def values(target: Target, *, parents: Sequence[Parent] = (), native_id: str | None = None) -> dict[str, str]:
    """The values of a template's placeholders: each parent by its type, the nearest also as ``parent``."""
    return {
        **{parent.type: parent.id for parent in parents},
        "parent": parents[-1].id if parents else "",
        "id": native_id or "",
        "account": target.account,
        "region": target.region,
        "partition": target.partition,
    }


def inputs(
    templates: Mapping[str, object], filled: Mapping[str, str], *, ids: list[str] | None = None
) -> dict[str, object]:
    """The input of a call, with each template filled in at any depth, and ``{ids}`` replaced by the list."""
    return {member: _filled(template, filled, ids or []) for member, template in templates.items()}


def _filled(template: object, filled: Mapping[str, str], ids: list[str]) -> object:
    if template == IDS:
        return list(ids)
    if isinstance(template, str):
        return template.format_map(filled)
    if isinstance(template, Mapping):
        return {name: _filled(inner, filled, ids) for name, inner in template.items()}
    if isinstance(template, list | tuple):
        return [_filled(inner, filled, ids) for inner in template]
    return template


_MOMENT = re.compile(rf"\{{(since|until)({'|'.join(MOMENT_FORMS)})?\}}")


def moments(value: object, times: Mapping[str, datetime]) -> object:
    """A value of a list's inputs, with its placeholders replaced by the times ``since`` and ``until`` at any depth."""
    if isinstance(value, str) and (found := _MOMENT.fullmatch(value)) is not None and found[1] in times:
        return _formed(times[found[1]], found[2])
    if isinstance(value, Mapping):
        return {name: moments(inner, times) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [moments(inner, times) for inner in value]
    return value


def _formed(moment: datetime, form: str | None) -> object:
    """A time as an input takes it; ``form`` is one of ``MOMENT_FORMS``, ``None`` a timestamp."""
    milliseconds = int(moment.timestamp() * 1000)
    match form:
        case "Text":
            return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        case "Seconds":
            return milliseconds // 1000
        case "Milliseconds":
            return milliseconds
        case "MillisecondsText":
            return str(milliseconds)
    return moment


def link(template: str | None, filled: Mapping[str, str]) -> str | None:
    """A page of the AWS console of the ``aws`` partition. The filled-in values are escaped for a URL."""
    if template is None or filled["partition"] != "aws":
        return None
    return template.format_map({name: quote(value, safe=":", errors="replace") for name, value in filled.items()})
