"""The catalogue as an answer: every family, how it is read, and its permissions and events."""

from typing import Any

from jobview import catalogue
from jobview.catalogue.family import Family
from jobview.monitored import Monitored
from jobview.query.answer import Answer, dumps


def families(monitored: Monitored) -> Answer:
    """Every family of the catalogue, enabled here or not."""
    body = dumps({"families": [to_dict(family, monitored) for family in catalogue.FAMILIES.values()]})
    return Answer(body=body, etag=(body,))


def to_dict(family: Family, monitored: Monitored) -> dict[str, Any]:
    """One family as the API shows it."""
    enabled = family in monitored.families
    how = [] if family.list is None else [f"{family.list.operation} lists" + (" ids" if family.lists_ids_only else "")]
    if family.get is not None:
        how.append(f"{family.get.operation} returns " + ("one job by its id" if family.list is None else "the rest"))
    return {
        "family": family.name,
        "service": family.service,
        "type": family.type,
        "title": family.title,
        "enabled": enabled,
        "retired": None if family.retired is None else family.retired.isoformat(),
        "how": "; ".join(how),
        "operations": [
            {"operation": call.operation, "action": call.action, "callsPerSecond": call.rate} for call in family.calls
        ],
        "actions": sorted({call.action for call in family.calls} | {grant.action for grant in family.grants}),
        "grants": [
            {"action": grant.action, "resource": grant.resource, "reason": grant.reason} for grant in family.grants
        ],
        "parent": family.parents[-1].type if family.parents else None,
        "parents": [parent.type for parent in family.parents],
        "states": {word: state.value for word, state in family.states.items()},
        "items": _items(family),
        "links": bool(family.presigned),
        "events": None
        if family.events is None
        else {"source": family.events.source, "detailTypes": list(family.events.detail_types)},
        "changes": "events" if enabled and monitored.listening and family.events is not None else "polled",
        "regions": None if family.regions is None else list(family.regions),
        "globalRegions": dict(family.global_regions) or None,
        "retention": family.retention,
        "listsOnly": family.lists_only,
    }


def _items(family: Family) -> str | None:
    """Where item-level results come from; ``None`` where the service has none."""
    parts = None if family.get_fields is None else family.get_fields.parts
    if family.items_list is not None:
        return f"{family.items_list.operation} lists {family.items_list.unit}"
    if family.items_reader is not None:
        return family.items_reader
    return None if parts is None else parts.unit
