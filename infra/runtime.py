"""The file that gives the functions their families and targets.

Environment variables are limited to 4 KB, too little for 120 families or thirty accounts. The file cannot contain
CloudFormation's tokens: where only the deployment knows the home account and region, the functions use their own.
"""

import json
from collections.abc import Sequence
from typing import Final

from infra.configuration import MEMBER_ROLE, Configuration, Target
from jobview.catalogue.family import Family

FILE: Final = "configuration.json"
"""The file's name. It is beside the functions' packages, where ``jobview.settings`` looks for it."""


def files(configuration: Configuration, families: Sequence[Family]) -> dict[str, str]:
    """Return the files beside the functions' source: text by path."""
    document = {"families": [family.name for family in families], "targets": targets(configuration)}
    return {FILE: json.dumps(document, indent=1) + "\n"}


def targets(configuration: Configuration) -> list[dict[str, object]]:
    """Return the targets in the format of ``settings.read_monitored``. Accounts with equal settings share a row."""
    rows: list[dict[str, object]] = []
    home = configuration.home_regions
    if home is None:
        rows.append({})
    elif home:
        rows.append({"regions": [*home]})
    alike: dict[tuple[str, str | None, tuple[str, ...]], list[str]] = {}
    for target in configuration.members:
        key = (member_role(target), target.external_id, target.regions)
        alike.setdefault(key, []).append(str(target.account))
    for (role, external_id, regions), accounts in alike.items():
        rows.append({"accounts": accounts, "regions": [*regions], "role": role, "externalId": external_id})
    return rows


def member_role(target: Target) -> str:
    """Return the ARN of the role in another account, as a template with ``{partition}`` and ``{account}``."""
    return f"arn:{{partition}}:iam::{{account}}:role{target.role_path or '/'}{target.role_name or MEMBER_ROLE}"
