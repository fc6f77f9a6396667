"""What a function is told by its environment variables, read once and checked.

Every reader takes the environment as a mapping and raises ``SettingsError``, which names the variable, what is wrong
with its value and what is allowed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from jobview import catalogue
from jobview.catalogue.declaration import Family
from jobview.model import Target


class SettingsError(ValueError):
    """An environment variable is missing or wrong."""

    def __init__(self, variable: str, problem: str, allowed: str) -> None:
        super().__init__(f"{variable} {problem}; allowed: {allowed}")
        self.variable = variable


@dataclass(frozen=True, kw_only=True, slots=True)
class Watch:
    """What this deployment looks at."""

    targets: tuple[Target, ...]
    families: tuple[Family, ...]
    listening: bool = False
    """Whether the services' own events are followed, in the home region."""


def require(environment: Mapping[str, str], variable: str, allowed: str) -> str:
    """The variable's value.

    Raises
    ------
    SettingsError
        It is missing or empty.
    """
    value = environment.get(variable, "")
    if not value:
        raise SettingsError(variable, "is not set", allowed)
    return value


def whole_number(environment: Mapping[str, str], variable: str, *, default: int, least: int) -> int:
    """The variable as a whole number of at least ``least``; ``default`` where it is not set.

    Raises
    ------
    SettingsError
        No whole number, or too small.
    """
    text = environment.get(variable, "")
    allowed = f"a whole number of at least {least}"
    if not text:
        return default
    try:
        value = int(text)
    except ValueError:
        raise SettingsError(variable, f"is {text!r}", allowed) from None
    if value < least:
        raise SettingsError(variable, f"is {value}", allowed)
    return value


def watch(environment: Mapping[str, str]) -> Watch:
    """Targets from ``JOBVIEW_TARGETS``, families from ``JOBVIEW_FAMILIES``, listening from ``JOBVIEW_SERVICE_EVENTS``.

    Raises
    ------
    SettingsError
        One of them is missing or wrong.
    """
    names = [name for name in require(environment, "JOBVIEW_FAMILIES", "service/type,…").split(",") if name]
    try:
        families = catalogue.enabled(names)
    except ValueError as error:
        raise SettingsError("JOBVIEW_FAMILIES", f"is wrong: {error}", "names of the catalogue") from error
    listening = environment.get("JOBVIEW_SERVICE_EVENTS", "")
    if listening not in {"", "false", "true"}:
        raise SettingsError("JOBVIEW_SERVICE_EVENTS", f"is {listening!r}", "true or false")
    return Watch(targets=_targets(environment), families=families, listening=listening == "true")


def _targets(environment: Mapping[str, str]) -> tuple[Target, ...]:
    allowed = '[{"account":"111122223333","region":"us-east-1"}]'
    text = require(environment, "JOBVIEW_TARGETS", allowed)
    try:
        targets = tuple(Target(account=row["account"], region=row["region"]) for row in json.loads(text))
    except (ValueError, TypeError, KeyError) as error:
        raise SettingsError("JOBVIEW_TARGETS", f"is {text!r}", allowed) from error
    if not targets:
        raise SettingsError("JOBVIEW_TARGETS", "is empty", allowed)
    return targets
