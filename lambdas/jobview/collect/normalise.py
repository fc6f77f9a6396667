"""Turns one record of an AWS answer into an observation. Pure; it raises for nothing that a service model allows."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from jobview.catalogue.family import Family
from jobview.catalogue.records import Count, Counts, Fields, Parts, addends
from jobview.collect import logs, templates
from jobview.collect.links import links
from jobview.collect.outcome import meant_by, own_reason, reason_of, state_of
from jobview.collect.paths import find, last_of_arn
from jobview.collect.values import (
    NAME_LIMIT,
    REASON_LIMIT,
    STATUS_LIMIT,
    URI_LIMIT,
    Times,
    bounded_text,
    count,
    in_milliseconds,
    is_count,
    progress,
    tags,
    uris,
)
from jobview.model import Depth, Failures, Items, JobView, Observation, Parent, State, Target, Via
from jobview.model.jobid import JobKey

_OF_ITEMS = frozenset({"items", "failures"})


def observe_item(
    family: Family,
    target: Target,
    parents: Sequence[Parent],
    item: Mapping[str, Any],
    fields: Fields,
    *,
    depth: Depth,
    via: Via,
    observed_at: datetime,
    key: JobKey | None = None,
    unreadable: set[str] | None = None,
) -> Observation | None:
    """Turn one record into an observation.

    Parameters
    ----------
    family, target, parents
        The family, the account and region, and the parents. Without ``parents`` the record has the single parent's id
        at ``fields.parent``.
    item
        A list item or a got job, from boto3.
    fields
        The paths of its facts: the family's ``list_fields`` or ``get_fields``.
    depth
        How much was read; ``DETAIL`` for the list of a family without a get operation.
    via, observed_at
        The kind and the time of the read.
    key
        The requested job, for a get: the record need not have its id.
    unreadable
        The paths of values that could not be read. Implausible values are added.

    Returns
    -------
    Observation or None
        ``None`` where the record has no id (optional in some models), so that the job cannot be identified.
    """
    if not parents and len(family.parents) == 1 and (named := bounded_text(parent_in(fields, item), URI_LIMIT)):
        parents = family.path([named])
    if key is None:
        key = job_key(family, target, parents, id_in(fields, item))
        if key is None:
            return None
    lost = set() if unreadable is None else unreadable
    times = Times(item=item, fields=fields, observed_at=observed_at, unreadable=lost)
    native_status = bounded_text(find(fields.status, item), STATUS_LIMIT) or ""
    items = _items(item, fields, lost)
    meant = meant_by(family.states.get(native_status, State.UNKNOWN), fields, item)
    state = _state(meant, items, item, fields, lost)
    own = bounded_text(own_reason(fields, state, item), REASON_LIMIT)
    reason = reason_of(state, meant, items, own, family.failures_how)
    counter = None if fields.generation is None else count(fields.generation, item, lost)
    if counter is None and fields.generation is not None and fields.generation not in lost:
        counter = 0
    filled = templates.values(target, parents=parents, native_id=key.native_id)
    view = JobView(
        key=key,
        state=state,
        native_status=native_status,
        observed_at=in_milliseconds(observed_at),
        via=via,
        name=bounded_text(find(fields.name, item), NAME_LIMIT),
        parents=tuple(parents),
        reason=bounded_text(reason, REASON_LIMIT),
        verified=_verified(family, state, depth, items),
        items=items,
        progress=progress(fields.progress, item, lost),
        created_at=times.at("created"),
        started_at=times.at("started"),
        updated_at=times.at("updated"),
        ended_at=times.at("ended") if state.terminal else None,
        inputs=uris(fields.inputs, item),
        outputs=uris(fields.outputs, item),
        failures=_failures(family, state, items),
        tags=tags(find(fields.tags, item)),
        role=bounded_text(find(fields.role, item), URI_LIMIT),
        console=templates.link(family.console, filled),
        logs=logs.page(fields.logs, item, filled),
        lists_items=True if family.lists_items_of(counted=items is not None) else None,
        gives_links=True if any(links(family, item)) else None,
    )
    return Observation(
        view=view,
        depth=depth,
        counter=counter,
        facts=facts_of(family, fields, lost) - (_OF_ITEMS if _uncounted(items) else frozenset()),
        authoritative=via is Via.GET or family.get is None,
        window=family.consistency_window,
    )


def facts_of(family: Family, fields: Fields, unreadable: Collection[str] = ()) -> frozenset[str]:
    """The facts of a job (``model.FACTS``) that a record of this shape has.

    Facts at an ``unreadable`` path are left out: an unreadable value is not an absent one.
    """
    counts, parts = fields.counts, fields.parts
    counted = (
        *(() if counts is None else counts.paths),
        *(() if parts is None else (parts.path,)),
    )
    declared: Mapping[str, tuple[str | None, ...]] = {
        "name": (fields.name,),
        "reason": (fields.reason, *(cause.at for cause in fields.causes)),
        "progress": (fields.progress,),
        "created_at": (fields.created,),
        "started_at": (fields.started,),
        "updated_at": (fields.updated,),
        "ended_at": (fields.ended,),
        "inputs": fields.inputs,
        "outputs": fields.outputs,
        "tags": (fields.tags,),
        "role": (fields.role,),
        "items": counted,
        # The items show what failed, unless a reader finds them outside the record.
        "failures": counted if family.items_reader is None else (),
        "gives_links": family.presigned if fields is family.get_fields else (),
        # Where the names are all of the job's id, every record has them.
        "logs": (logs.paths_of(fields.logs, _names(family)) or ("@",)) if fields.logs else (),
    }
    return frozenset(
        name
        for name, paths in declared.items()
        if any(paths) and not (unreadable and any(_meet(path, lost) for path in paths if path for lost in unreadable))
    )


def _names(family: Family) -> frozenset[str]:
    """The placeholders of the family's templates that are not in a record."""
    return templates.PLACEHOLDERS | {parent.type for parent in family.parents}


def _uncounted(items: Items | None) -> bool:
    """True where the record has no item's outcome, so that outcomes from another record stay."""
    return items is None or (items.succeeded, items.failed, items.skipped) == (None, None, None)


def _meet(path: str, lost: str) -> bool:
    """True where two paths are equal, or one contains the other."""
    return path == lost or path.startswith((f"{lost}.", f"{lost}[")) or lost.startswith((f"{path}.", f"{path}["))


def id_in(fields: Fields, record: Any) -> Any:
    """A job's id in a record of the fields' shape; for an ARN its last part."""
    return _named(find(fields.id, record), arn="id" in fields.arns)


def parent_in(fields: Fields, record: Any) -> Any:
    """The id of a job's parent in the same way."""
    return _named(find(fields.parent, record), arn="parent" in fields.arns)


def _named(value: Any, *, arn: bool) -> Any:
    return last_of_arn(value) if arn and isinstance(value, str) else value


def job_key(family: Family, target: Target, parents: Sequence[Parent], native_id: object) -> JobKey | None:
    """The key of a job; ``None`` where the record has no id."""
    text = native_id if isinstance(native_id, str) else str(native_id) if is_count(native_id) else ""
    if not text:
        return None
    return JobKey(
        service=family.service,
        region=target.region,
        account=target.account,
        type=family.type,
        parents=tuple(parent.id for parent in parents),
        native_id=text,
    )


def _state(word: State, items: Items | None, item: Mapping[str, Any], fields: Fields, unreadable: set[str]) -> State:
    if fields.counts is None or not fields.counts.container:
        return state_of(word, items)
    running = [count(path, item, unreadable) for path in fields.counts.running]
    return state_of(word, items, container=True, running=sum(count or 0 for count in running))


def _verified(family: Family, state: State, depth: Depth, items: Items | None) -> bool:
    """True at an end, if everything that decides which end it is was read."""
    if not state.terminal:
        return False
    if depth is Depth.SUMMARY and family.get is not None:
        counts = None if family.list_fields is None else family.list_fields.counts
        return counts is not None and items is not None and items.failed is not None
    may_turn = state in {State.SUCCEEDED, State.PARTIALLY_SUCCEEDED}
    return depth is Depth.ITEMS or family.items_reader is None or not may_turn


def _failures(family: Family, state: State, items: Items | None) -> Failures | None:
    failed = None if items is None else items.failed
    if family.failures_how is None or not (failed or state in {State.FAILED, State.PARTIALLY_SUCCEEDED}):
        return None
    return Failures(how=family.failures_how, count=failed)


def _items(item: Mapping[str, Any], fields: Fields, unreadable: set[str]) -> Items | None:
    counted = _counted(fields.counts, item, unreadable) or _tallied(fields.parts, item)
    if counted is None or all(
        count is None for count in (counted.total, counted.succeeded, counted.failed, counted.skipped)
    ):
        return None
    return counted


def _counted(counts: Counts | None, item: Mapping[str, Any], unreadable: set[str]) -> Items | None:
    if counts is None:
        return None
    return Items(
        unit=counts.unit,
        total=_sum(counts.total, item, unreadable),
        succeeded=_sum(counts.succeeded, item, unreadable),
        failed=_sum(counts.failed, item, unreadable),
        skipped=_sum(counts.skipped, item, unreadable),
    )


def _tallied(parts: Parts | None, item: Mapping[str, Any]) -> Items | None:
    if parts is None:
        return None
    listed = find(parts.path, item)
    if not isinstance(listed, list):
        return None
    outcomes = [parts.outcome(find(parts.status, part)) for part in listed]
    succeeded = outcomes.count(State.SUCCEEDED)
    return Items(
        unit=parts.unit,
        total=len(listed),
        # An unknown word may mean success.
        succeeded=None if succeeded == 0 and not {None, State.UNKNOWN}.isdisjoint(outcomes) else succeeded,
        failed=outcomes.count(State.FAILED),
        skipped=outcomes.count(State.CANCELLED),
    )


def _sum(counted: Count, item: Mapping[str, Any], unreadable: set[str]) -> int | None:
    """A number, or the sum of several; ``None`` where one of them is absent."""
    numbers = [count(path, item, unreadable) for path in addends(counted)]
    known = [number for number in numbers if number is not None]
    return sum(known) if known and len(known) == len(numbers) else None
