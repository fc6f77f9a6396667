"""The services' own events as hints: each names a job that may have changed.

Pure. A hint names a job of an enabled family in a monitored target; any other is refused. The job itself is then read
from AWS. On the default bus only AWS can send an event whose source begins with ``aws.``. So its status is evidence
where the get does not find the job any more. An event that another bus forwarded is wrapped by its rule (``FORWARDED``)
and is never more than a hint.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jmespath.exceptions import JMESPathError

from jobview.catalogue.family import FORWARDED, Family
from jobview.collect.paths import find, last_of_arn
from jobview.collect.values import REASON_LIMIT, bounded_text
from jobview.model import Depth, JobView, Observation, State, Target, Via, require_time
from jobview.model.jobid import JobKey
from jobview.monitored import Monitored

ID_LIMIT = 2048
"""The longest id or parent that is accepted, in characters. No service has longer ones."""

_PLACEHOLDER = re.compile(r"\{([\w-]+)\}")


class RefusedHintError(ValueError):
    """The message is not an event, or its job is not monitored. A retry does not help."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hint:
    """A job that may have changed."""

    family: Family
    target: Target
    key: JobKey
    happened_at: datetime
    """The event's own time, in whole seconds."""
    evidence: Observation | None = None
    """The event's own status, if only AWS can have sent the event and the status word is known."""


def hint(body: str, monitored: Monitored) -> Hint:
    """Return the job that an event in the queue names.

    Raises
    ------
    RefusedHintError
        The message is not an event, or its job is not monitored.
    """
    event, forwarded = opened(body)
    family = _family(event, monitored)
    target = target_of(event, family, monitored)
    key, at = _key(event, family, target), happened_at(event)
    evidence = None if forwarded or target != monitored.home else _evidence(event, family, key, at)
    return Hint(family=family, target=target, key=key, happened_at=at, evidence=evidence)


def opened(body: str) -> tuple[dict[str, Any], bool]:
    """The event in a message, and whether another bus forwarded it.

    Raises
    ------
    RefusedHintError
        The message is not an event.
    """
    try:
        event = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise RefusedHintError("no JSON") from error
    forwarded = isinstance(event, dict) and FORWARDED in event
    if forwarded:
        event = event[FORWARDED]
    if not isinstance(event, dict):
        raise RefusedHintError("no event")
    return event, forwarded


def target_of(event: Mapping[str, Any], family: Family, monitored: Monitored) -> Target:
    """The monitored target that an event is from.

    Raises
    ------
    RefusedHintError
        The family is not monitored there.
    """
    place = (event.get("account"), event.get("region"))
    for target in family.read_in(monitored.targets):
        if (target.account, target.region) == place:
            return target
    raise RefusedHintError("of an account or region that is not monitored")


def limited(value: object) -> bool:
    """True for a text that is no longer than an id may be, and not empty."""
    return isinstance(value, str) and 0 < len(value) <= ID_LIMIT


def _evidence(event: Mapping[str, Any], family: Family, key: JobKey, happened_at: datetime) -> Observation | None:
    """The job as the event describes it; ``None`` where others may have sent it, or its status word is unknown."""
    declared = family.events
    assert declared is not None  # noqa: S101 (by which the family was found)
    if not declared.source.startswith("aws."):
        return None
    word = find(declared.status, event)
    known = {native.casefold(): native for native in family.states}
    native_status = known.get(word.casefold()) if isinstance(word, str) else None
    if native_status is None:
        return None
    state = family.states[native_status]
    if any(rule.state is state for rule in family.deepest_fields.when):
        return None  # the word alone does not decide the state
    reason = bounded_text(find(declared.reason, event), REASON_LIMIT)
    return Observation(
        depth=Depth.SUMMARY,
        authoritative=True,
        view=JobView(
            key=key,
            state=state,
            native_status=native_status,
            observed_at=happened_at,
            via=Via.EVENT,
            parents=family.path(key.parents),
            reason=None if state is State.SUCCEEDED else reason,
            ended_at=happened_at if state.terminal else None,
        ),
    )


def _family(event: Mapping[str, Any], monitored: Monitored) -> Family:
    for family in monitored.families:
        events = family.events
        if (
            events is not None
            and event.get("source") == events.source
            and event.get("detail-type") in events.detail_types
        ):
            return family
    raise RefusedHintError("of no family that is monitored")


def _key(event: Mapping[str, Any], family: Family, target: Target) -> JobKey:
    declared = family.events
    assert declared is not None  # noqa: S101 (by which the family was found)
    if declared.arn is not None:
        named = _named(declared.arn, _text(declared.id, event, "ARN", whole=True))
        parents, native_id = tuple(named[kind.type] for kind in family.parents), named["id"]
    else:
        parents = tuple(
            _text(path, event, "parent", whole=kind.type in declared.whole)
            for path, kind in zip(declared.parents, family.parents, strict=True)
        )
        native_id = _text(declared.id, event, "id", whole="id" in declared.whole)
    return JobKey(
        service=family.service,
        region=target.region,
        account=target.account,
        type=family.type,
        parents=parents,
        native_id=native_id,
    )


def _named(template: str, arn: str) -> dict[str, str]:
    """The ids in an ARN's resource, by the placeholders of the template."""
    constants = map(re.escape, _PLACEHOLDER.split(template)[::2])
    found = re.fullmatch("([^/:]+)".join(constants), arn.split(":", 5)[-1])
    if found is None:
        raise RefusedHintError(f"its ARN names no {template}")
    return dict(zip(_PLACEHOLDER.findall(template), found.groups(), strict=True))


def _text(path: str, event: Mapping[str, Any], what: str, *, whole: bool) -> str:
    try:
        value = find(path, event)
    except JMESPathError as error:
        raise RefusedHintError(f"its {what} is of another type") from error
    if not isinstance(value, str) or not limited(value):
        raise RefusedHintError(f"without the job's {what}")
    name = value if whole else last_of_arn(value)
    if not name:
        raise RefusedHintError(f"without the job's {what}")
    return name


def happened_at(event: Mapping[str, Any]) -> datetime:
    """The event's own time.

    Raises
    ------
    RefusedHintError
        It has none.
    """
    try:
        return require_time(event["time"])
    except (KeyError, TypeError, ValueError) as error:
        raise RefusedHintError("without its time") from error
