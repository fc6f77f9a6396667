"""The settings of a function, from environment variables and from the file that one of them names.

Every function here takes the environment as a mapping and raises ``SettingsError``, which names the variable, the
problem with its value and the allowed values. Families and targets are in the file, which is part of the function's
code, because environment variables are limited to 4 KB.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any

from jobview import catalogue
from jobview.catalogue.family import Family
from jobview.model import Target
from jobview.model.role import Role
from jobview.monitored import Monitored
from jobview.refresh.cadence import Cadence


class SettingsError(ValueError):
    """An environment variable is missing or wrong."""

    def __init__(self, variable: str, problem: str, allowed: str) -> None:
        super().__init__(f"{variable} {problem}; allowed: {allowed}")
        self.variable = variable


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
        The value is not a whole number, or too small.
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


def read_monitored(environment: Mapping[str, str]) -> Monitored:
    """Read what is monitored, from the file that ``JOBVIEW_CONFIGURATION`` names, and ``JOBVIEW_SERVICE_EVENTS``.

    The file is a JSON object. A relative path starts at the folder of the code. ``families`` are names in the
    catalogue. Each of ``targets`` has ``accounts`` (none: the function's own, ``JOBVIEW_ACCOUNT``) and ``regions``
    (none: the function's own, ``AWS_REGION``). For other accounts it has the ARN of a ``role``, in which ``{account}``
    and ``{partition}`` (``JOBVIEW_PARTITION``) are filled in, and the role's ``externalId``.

    Raises
    ------
    SettingsError
        A variable or the file is missing or wrong. The message does not show the targets, which may have external ids.
    """
    listening = environment.get("JOBVIEW_SERVICE_EVENTS", "")
    if listening not in {"", "false", "true"}:
        raise SettingsError("JOBVIEW_SERVICE_EVENTS", f"is {listening!r}", "true or false")
    document = _document(environment)
    families = _families(document)
    targets, roles = _targets(document, environment)
    home = Target(
        account=require(environment, "JOBVIEW_ACCOUNT", "the account that the function runs in"),
        region=require(environment, "AWS_REGION", "the region that the function runs in"),
    )
    return Monitored(targets=targets, families=families, roles=roles, listening=listening == "true", home=home)


def cadence(environment: Mapping[str, str]) -> Cadence:
    """How often sources are read, from ``JOBVIEW_CADENCE``: members of ``Cadence`` in seconds, as JSON.

    Raises
    ------
    SettingsError
        There is another member, or a value is not a whole number of seconds above zero.
    """
    names = [member.name for member in fields(Cadence)]
    allowed = f"a JSON object of seconds: {', '.join(names)}"
    text = environment.get("JOBVIEW_CADENCE") or "{}"
    try:
        given = json.loads(text)
        good = {
            name: timedelta(seconds=seconds)
            for name, seconds in given.items()
            if name in names and isinstance(seconds, int) and not isinstance(seconds, bool) and 0 < seconds < 10**7
        }
    except (ValueError, AttributeError) as error:
        raise SettingsError("JOBVIEW_CADENCE", f"is {text!r}", allowed) from error
    if len(good) < len(given):
        raise SettingsError("JOBVIEW_CADENCE", f"is {text!r}", allowed)
    return Cadence(**good)


def quota_share(environment: Mapping[str, str]) -> float:
    """The part of AWS's quotas that is used, from ``JOBVIEW_QUOTA_SHARE``; half where it is not set.

    Raises
    ------
    SettingsError
        The value is not a number above 0 and at most 1.
    """
    text = environment.get("JOBVIEW_QUOTA_SHARE") or "0.5"
    try:
        share = float(text)
    except ValueError:
        share = math.nan
    if not 0 < share <= 1:
        raise SettingsError("JOBVIEW_QUOTA_SHARE", f"is {text!r}", "a number above 0, at most 1")
    return share


_CODE = Path(__file__).resolve().parent.parent
"""The folder of the functions' packages and of the file."""
_FILE = "JOBVIEW_CONFIGURATION"
_FORM = (
    '{"families": ["glue/job-run"], "targets": [{"regions": ["us-east-1"]}, {"accounts": ["444455556666"], "regions":'
    ' ["us-east-1"], "role": "arn:{partition}:iam::{account}:role/JobviewMember", "externalId": "…"}]}'
)


def _document(environment: Mapping[str, str]) -> Mapping[str, Any]:
    """The file's content."""
    path = require(environment, _FILE, "the path of a JSON file")
    try:
        document = json.loads((_CODE / path).read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(_FILE, f"is {path!r}, which cannot be read: {error.strerror}", "a JSON file") from error
    except ValueError:
        raise SettingsError(_FILE, f"is {path!r}, which is not JSON", _FORM) from None
    if not isinstance(document, dict):
        raise SettingsError(_FILE, f"is {path!r}, which is not a JSON object", _FORM)
    return document


def _families(document: Mapping[str, Any]) -> tuple[Family, ...]:
    names = document.get("families")
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise SettingsError(_FILE, "names a file whose families are not a list of names", _FORM)
    try:
        return catalogue.enabled(names)
    except ValueError as error:
        raise SettingsError(
            _FILE, f"names a file whose families are wrong: {error}", "names of the catalogue"
        ) from error


def _targets(
    document: Mapping[str, Any], environment: Mapping[str, str]
) -> tuple[tuple[Target, ...], Mapping[str, Role]]:
    """The targets, and the roles by account."""
    targets: list[Target] = []
    roles: dict[str, Role] = {}
    try:
        for row in document["targets"]:
            accounts = _several(row, "accounts") or [require(environment, "JOBVIEW_ACCOUNT", "twelve digits")]
            regions = _several(row, "regions") or [require(environment, "AWS_REGION", "a region")]
            targets += [Target(account=account, region=region) for account in accounts for region in regions]
            if (role := row.get("role")) is not None:
                where = require(environment, "JOBVIEW_PARTITION", "the name of a partition, such as aws")
                for account in accounts:
                    arn = role.replace("{partition}", where).replace("{account}", account)
                    roles[account] = Role(arn=arn, external_id=row.get("externalId"))
    except (AttributeError, TypeError, KeyError):
        # The value may be an external id, so the original error, which shows it, is dropped.
        raise SettingsError(_FILE, "names a file whose targets are not such a list", _FORM) from None
    if not targets:
        raise SettingsError(_FILE, "names a file without targets", _FORM)
    return tuple(targets), roles


def _several(row: Mapping[str, object], name: str) -> list[str]:
    """The texts under a name; none where it is absent. Raises ``TypeError`` for anything but a list of texts."""
    values = row.get(name, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError(name)
    return values
