"""Reads the configuration from the CDK's context.

The configuration is the context key ``jobview`` of ``cdk.json``, or the JSON file of ``-c config=FILE``. An option such
as ``-c jobview.retention.logsDays=7`` overrides one field.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from infra.configuration import Configuration, ConfigurationError, parse

CONTEXT_KEY: Final = "jobview"
FILE_KEY: Final = "config"


def load(context: Mapping[str, Any], *, catalogue: Mapping[str, bool], home: Mapping[str, str | None]) -> Configuration:
    """Return the configuration of a CDK context.

    ``home`` gives ``account`` and ``region`` where the context does not. Raises ``ConfigurationError``.
    """
    origin = f"context key {CONTEXT_KEY}"
    document = context.get(CONTEXT_KEY, {})
    if (name := context.get(FILE_KEY)) is not None:
        origin = str(name)
        try:
            document = Path(origin).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"Jobview's configuration file {origin} cannot be read: {error}") from None
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except ValueError as error:
            raise ConfigurationError(f"Jobview's configuration ({origin}) is not JSON: {error}") from None
    if not isinstance(document, Mapping):
        raise ConfigurationError(f"Jobview's configuration ({origin}) is not a JSON object")
    merged = json.loads(json.dumps(document))
    for key, value in context.items():
        if key.startswith(f"{CONTEXT_KEY}."):
            _put(merged, key.split(".")[1:], _literal(value))
    for key, value in home.items():
        if merged.get(key) is None and value is not None:
            merged[key] = value
    return parse(merged, catalogue=catalogue, origin=origin)


def _put(document: dict[str, Any], path: list[str], value: object) -> None:
    """Set one nested field. A section that is not an object stays as it is: the validation refuses it by name."""
    *sections, last = path
    for section in sections:
        inner = document.setdefault(section, {})
        if not isinstance(inner, dict):
            return
        document = inner
    document[last] = value


def _literal(value: object) -> object:
    """Return the value of a ``-c`` option: lists, objects and null are JSON, anything else is text."""
    if isinstance(value, str) and (value[:1] in {"[", "{"} or value == "null"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
