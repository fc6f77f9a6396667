"""Start calls as hints: with a trail in the account, EventBridge has an event of every call that starts a job. Pure.

Such an event says that a source has a new job, and no more: the source is read soon. Only of a family without a list
does the call's answer name the job. What an event says is never evidence, and anyone's own events on the bus of
forwarded ones can only cause reads within the quotas.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jmespath.exceptions import JMESPathError

from jobview.catalogue.family import START_CALL, Family, StartCalls
from jobview.collect.paths import find, last_of_arn
from jobview.events.incoming import Hint, RefusedHintError, happened_at, limited, opened, target_of
from jobview.model import Target
from jobview.model.jobid import JobKey
from jobview.monitored import Monitored


@dataclass(frozen=True, kw_only=True, slots=True)
class Start:
    """A source that probably has a new job."""

    family: Family
    target: Target
    parents: tuple[str, ...] = ()
    """The ids of the source's parents; none where the call does not name them."""


def is_start(body: str) -> bool:
    """True for an event of a call, whichever bus it came over."""
    return START_CALL in body and opened(body)[0].get("detail-type") == START_CALL


def starts(body: str, monitored: Monitored) -> list[Hint | Start]:
    """Return the source that an event of a start call is about, or the job that it names.

    Several families may share a call (CloudFront's two kinds of invalidations): then each of them has its own.

    Raises
    ------
    RefusedHintError
        The message is no event of a successful start call of a monitored family.
    """
    event, _ = opened(body)
    detail = event.get("detail")
    if not isinstance(detail, Mapping):
        raise RefusedHintError("without a call")
    if detail.get("errorCode") is not None:
        raise RefusedHintError("of a call that failed")
    return [_start(event, family, calls, monitored) for family, calls in _families(detail, monitored)]


def _start(event: Mapping[str, Any], family: Family, calls: StartCalls, monitored: Monitored) -> Hint | Start:
    target = target_of(event, family, monitored)
    named = [_named(path, event, arn=kind.arn) for path, kind in zip(calls.parents, family.parents, strict=False)]
    parents = tuple(name for name in named if name is not None)
    if len(parents) < len(family.parents):
        parents = ()
    if family.list is not None or calls.id is None:
        return Start(family=family, target=target, parents=parents)
    native_id = _named(calls.id, event, arn="id" in family.deepest_fields.arns)
    if native_id is None or len(parents) < len(family.parents):
        raise RefusedHintError("without the job's id")
    key = JobKey(
        service=family.service,
        region=target.region,
        account=target.account,
        type=family.type,
        parents=parents,
        native_id=native_id,
    )
    return Hint(family=family, target=target, key=key, happened_at=happened_at(event))


def _families(detail: Mapping[str, Any], monitored: Monitored) -> list[tuple[Family, StartCalls]]:
    called = (detail.get("eventSource"), detail.get("eventName"))
    found = [
        (family, calls)
        for family in monitored.families
        if (calls := family.starts) is not None and called[0] == calls.source and called[1] in calls.names
    ]
    if not found:
        raise RefusedHintError("of no family that is monitored")
    return found


def _named(path: str, event: Mapping[str, Any], *, arn: bool) -> str | None:
    """The id at a path, of an ``arn`` the last part; ``None`` where there is none."""
    try:
        value = find(path, event)
    except JMESPathError:
        return None
    if not limited(value):
        return None
    return (last_of_arn(value) or None) if arn else str(value)
