"""Event patterns for the calls that start jobs, as CloudTrail sends them to EventBridge: few, because they are long."""

from collections.abc import Iterable
from typing import Any, Final

from infra.limits import BY_NAME, characters
from jobview.catalogue.family import START_CALL, Family

_LONGEST: Final = BY_NAME["event pattern of a rule"].most

DESCRIPTION: Final = "Jobview: calls that start jobs, from CloudTrail"
"""The description of the rules in other accounts."""


def call_patterns(families: Iterable[Family], *, account: str | None = None) -> list[dict[str, Any]]:
    """Return the event patterns for the families' start calls, as few as AWS's limit on their length allows.

    A pattern accepts any of its services with any of its operations. Failed calls, which have an error code, do not
    match. Only events of ``account`` match; ``None``: of any account, where the bus itself admits no others.
    """
    services: dict[str, set[str]] = {}
    for family in families:
        if family.starts is not None:
            services.setdefault(family.starts.source, set()).update(family.starts.names)
    found: list[dict[str, Any]] = []
    under_way: dict[str, set[str]] = {}
    for source, names in sorted(services.items()):
        if under_way and characters(_pattern({**under_way, source: names}, account)) > _LONGEST:
            found.append(_pattern(under_way, account))
            under_way = {}
        under_way[source] = names
    return [*found, _pattern(under_way, account)] if under_way else found


def _pattern(services: dict[str, set[str]], account: str | None) -> dict[str, Any]:
    return {
        **({} if account is None else {"account": [account]}),
        "detail-type": [START_CALL],
        "detail": {
            "eventSource": sorted(services),
            "eventName": sorted(set().union(*services.values())),
            "errorCode": [{"exists": False}],
        },
    }
