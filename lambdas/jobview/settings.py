"""What a function is told by its environment variables, read once and checked.

Every reader takes the environment as a mapping and raises ``SettingsError``, which names the variable, what is wrong
with its value and what is allowed.
"""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta

from jobview import catalogue
from jobview.cadence import Cadence
from jobview.catalogue.declaration import Family
from jobview.model import Target
from jobview.roles import Role


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
    roles: Mapping[str, Role] = field(default_factory=dict)
    """The role to assume in each account that is not read with the function's own credentials."""
    listening: bool = False
    """Whether the services' own events are followed."""


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
    targets, roles = _targets(environment)
    return Watch(targets=targets, families=families, roles=roles, listening=listening == "true")


def cadence(environment: Mapping[str, str]) -> Cadence:
    """How often sources are read, from ``JOBVIEW_CADENCE``: members of ``Cadence`` in seconds, as JSON.

    Raises
    ------
    SettingsError
        Another member, or no whole number of seconds above zero.
    """
    names = [member.name for member in fields(Cadence)]
    allowed = f"a JSON object of seconds: {', '.join(names)}"
    text = environment.get("JOBVIEW_CADENCE") or "{}"
    try:
        told = json.loads(text)
        good = {
            name: timedelta(seconds=seconds)
            for name, seconds in told.items()
            if name in names and isinstance(seconds, int) and not isinstance(seconds, bool) and 0 < seconds < 10**7
        }
    except (ValueError, AttributeError) as error:
        raise SettingsError("JOBVIEW_CADENCE", f"is {text!r}", allowed) from error
    if len(good) < len(told):
        raise SettingsError("JOBVIEW_CADENCE", f"is {text!r}", allowed)
    return Cadence(**good)


def quota_share(environment: Mapping[str, str]) -> float:
    """What part of AWS's quotas is used, from ``JOBVIEW_QUOTA_SHARE``; all where it is not set.

    Raises
    ------
    SettingsError
        No number, or not above 0 and at most 1.
    """
    text = environment.get("JOBVIEW_QUOTA_SHARE") or "1"
    try:
        share = float(text)
    except ValueError:
        share = math.nan
    if not 0 < share <= 1:
        raise SettingsError("JOBVIEW_QUOTA_SHARE", f"is {text!r}", "a number above 0, at most 1")
    return share


def _targets(environment: Mapping[str, str]) -> tuple[tuple[Target, ...], Mapping[str, Role]]:
    """The targets, and the roles by account.

    A row stands for its ``account`` (or each of its ``accounts``) in its ``region`` (or each of its ``regions``); its
    ``role`` is the ARN of the role to assume there, in which ``{account}`` stands for the account, and ``externalId``
    what that role asks for. One row for many, because environment variables hold 4 KB in all.
    """
    allowed = (
        '[{"account":"111122223333","region":"us-east-1"},{"accounts":["444455556666"],"regions":["us-east-1"],'
        '"role":"arn:aws:iam::{account}:role/JobviewMember","externalId":"…"}]'
    )
    text = require(environment, "JOBVIEW_TARGETS", allowed)
    targets: list[Target] = []
    roles: dict[str, Role] = {}
    try:
        for row in json.loads(text):
            accounts = list(_several(row, "account"))
            targets += [
                Target(account=account, region=region) for account in accounts for region in _several(row, "region")
            ]
            if (role := row.get("role")) is not None:
                external_id = row.get("externalId")
                roles |= {one: Role(arn=role.replace("{account}", one), external_id=external_id) for one in accounts}
    except (AttributeError, ValueError, TypeError, KeyError) as error:
        # The text itself may hold an external id.
        raise SettingsError("JOBVIEW_TARGETS", "is no such list", allowed) from error
    if not targets:
        raise SettingsError("JOBVIEW_TARGETS", "is empty", allowed)
    return tuple(targets), roles


def _several(row: Mapping[str, object], name: str) -> Iterator[str]:
    """The texts under a name or its plural. Raises ``KeyError``, or ``TypeError`` for what is no text."""
    values = row[f"{name}s"] if f"{name}s" in row else [row[name]]
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError(f"{name}: {values!r}")
    yield from values
