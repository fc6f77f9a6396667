"""The page of CloudWatch Logs that shows a job's log, where the job's record says in which group and stream it is."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from jobview.catalogue.records import Logs
from jobview.collect.paths import find

NAME_LIMIT = 512
"""The longest name of a log group or a log stream."""

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_ARN = re.compile(r"arn:[^:]+:logs:([a-z0-9-]+):[0-9]{12}:log-group:([^:]+)(?::\*|:log-stream:(.+))?")
"""Region, group and stream of the ARN of a group or of a stream."""


def page(places: tuple[Logs, ...], record: Mapping[str, Any], filled: Mapping[str, str]) -> str | None:
    """The console's page of the first place whose names are all known; ``None`` where there is none.

    Parameters
    ----------
    places
        Where the log may be, in the order of preference.
    record
        A list item or a got job.
    filled
        The values of the placeholders that are not in the record (``templates.values``).
    """
    if filled["partition"] != "aws":
        return None
    for place in places:
        if all(_is(find(path, record), value) for path, value in place.where.items()):
            url = _url(place, record, filled)
            if url is not None:
                return url
    return None


def paths_of(places: tuple[Logs, ...], others: frozenset[str]) -> tuple[str, ...]:
    """The paths in a record that the templates need; ``others`` are the placeholders that are not in the record."""
    names = [
        name
        for place in places
        for template in (place.group, place.stream, place.prefix)
        if template is not None
        for name in _PLACEHOLDER.findall(template)
        if name not in others
    ]
    return tuple(dict.fromkeys([*names, *(path for place in places for path in place.where)]))


def _is(value: object, wanted: str | bool | None) -> bool:
    return value in (None, "", {}, []) if wanted is None else value == wanted


def _url(place: Logs, record: Mapping[str, Any], filled: Mapping[str, str]) -> str | None:
    group, stream, prefix = (
        None if template is None else _filled(template, record, filled)
        for template in (place.group, place.stream, place.prefix)
    )
    region = filled["region"]
    if group is not None and group.startswith("arn:"):
        named = _ARN.fullmatch(group)
        group = None if named is None else named[2]
        region, stream = (region, stream) if named is None else (named[1], named[3] or stream)
    if group is None or (place.stream and stream is None) or (place.prefix and prefix is None):
        return None
    host = f"https://{region}.console.aws.amazon.com/cloudwatch/home?region={region}"
    url = f"{host}#logsV2:log-groups/log-group/{_escaped(group)}"
    if stream is not None:
        return f"{url}/log-events/{_escaped(stream)}"
    return url if prefix is None else f"{url}$3FlogStreamNameFilter$3D{_escaped(prefix)}"


def _filled(template: str, record: Mapping[str, Any], filled: Mapping[str, str]) -> str | None:
    """The template with its values; ``None`` where one of them is not known, or the name is none that AWS accepts."""
    values: dict[str, str] = {}
    for name in _PLACEHOLDER.findall(template):
        value = filled[name] if name in filled else find(name, record)
        if not isinstance(value, str) or not value:
            return None
        values[name] = value
    text = _PLACEHOLDER.sub(lambda found: values[found[1]], template)
    return text if len(text) <= NAME_LIMIT or text.startswith("arn:") else None


def _escaped(name: str) -> str:
    """A name in the fragment of the page: escaped twice, with ``$`` in place of ``%``."""
    return quote(quote(name, safe="", errors="replace"), safe="").replace("%", "$")
