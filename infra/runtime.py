"""The file in which the functions find families and targets, because both grow with the configuration.

Environment variables hold 4 KB in all, which 120 families or thirty accounts would pass. The file holds no token of
CloudFormation: where the home account and region are known at the deployment only, the functions know their own.
"""

import json
from collections.abc import Sequence
from typing import Final

from infra.configuration import MEMBER_ROLE, Configuration, Target
from jobview.catalogue.family import Family

FILE: Final = "configuration.json"
"""Its name beside the functions' packages, as ``jobview.settings`` finds it."""


def files(configuration: Configuration, families: Sequence[Family]) -> dict[str, str]:
    """Return the files that the functions' code has beside the source: path → text."""
    document = {"families": [family.name for family in families], "targets": targets(configuration)}
    return {FILE: json.dumps(document, indent=1) + "\n"}


def targets(configuration: Configuration) -> list[dict[str, object]]:
    """Return the targets as ``settings.read_monitored`` reads them: accounts with equal settings share a row."""
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
    """Return the ARN of the role in another account, with ``{partition}`` and ``{account}`` in their places."""
    return f"arn:{{partition}}:iam::{{account}}:role{target.role_path or '/'}{target.role_name or MEMBER_ROLE}"
