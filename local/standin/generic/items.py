"""The items of a played job, for an operation that lists them: an item is played as a job of its own."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from botocore.model import Shape

from jobview.catalogue.family import Family, ItemsCall
from local.catalogue.models import resolve
from local.standin.generic import inputs
from local.standin.generic.jobs import Job, outcomes
from local.standin.generic.placing import placed
from local.standin.simulation import Lifetime, Phase, Plan


def items_of(job: Job, call: ItemsCall) -> list[Job]:
    """Return the items of a job. One after another they run and end while the job runs; the failed ones come last."""
    kind = _kind(job.family, call)
    return [
        Job(family=kind, parents=(), id=_id(job, call, number), name=f"{job.name}-{number}", life=life)
        for number, life in enumerate(_lives(job.life, outcomes(kind)))
    ]


def shown(call: ItemsCall, items: list[Job], parameters: Mapping[str, Any], now: datetime) -> list[Job]:
    """Return the items that a call has: where several calls together list all, each item is in one of them."""
    if not call.each:
        return items
    asked = next(
        (each for each in call.each if all(parameters.get(name) == value for name, value in each.items())), call.each[0]
    )

    def listing(word: str) -> Mapping[str, object]:
        return next((each for each in call.each if word in inputs.constants(each)), call.each[0])

    return [item for item in items if listing(item.word(now)) == asked]


def record(call: ItemsCall, item: Job, shape: Shape, now: datetime, *, account: str) -> Any:
    """Return an item's record in an answer. Members that are not declared are decoys."""
    made = item.record(call.fields, shape, now, account=account)
    if call.group is not None:
        words = getattr(resolve(call.group, shape).shape, "enum", None) or ["group"]
        made = placed(call.group, shape, made, words[0])
    if call.uri is not None:
        made = placed(call.uri, shape, made, f"s3://samples/{item.name}")
    if call.fields.id is not None and resolve(call.fields.id, shape).kind in ("integer", "long"):
        made = placed(call.fields.id, shape, made, int(item.name.rpartition("-")[2]))
    return made


def _kind(family: Family, call: ItemsCall) -> Family:
    """Return the items as a family: their call lists them, and they have words of their own."""
    return replace(
        family, states=call.states, list=call, list_fields=call.fields, get=None, get_fields=None, parents=(),
        presigned=(), withheld=(),
    )  # fmt: skip


def _id(job: Job, call: ItemsCall, number: int) -> str:
    if call.fields.id is not None and call.job is None:
        return str(number)
    return f"{job.id}:{number}"


def _lives(life: Lifetime, known: frozenset[Phase]) -> Iterator[Lifetime]:
    plan = life.plan
    failed = plan.failed_items or int(plan.outcome is Phase.FAILED)
    for number in range(plan.items):
        outcome = Phase.FAILED if number >= plan.items - failed else Phase.SUCCEEDED
        share = plan.running / plan.items
        own = Plan(
            submitted=plan.submitted + number * share,
            running=share,
            stopping=plan.stopping,
            outcome=outcome if outcome in known else Phase.SUCCEEDED,
            message=plan.message,
        )
        if plan.outcome is Phase.CANCELLED and 2 * number >= plan.items:
            # Half of the work was left when the job was cancelled.
            own = replace(plan, items=0, outcome=Phase.CANCELLED if Phase.CANCELLED in known else Phase.SUCCEEDED)
        made = Lifetime(plan=own, created=life.created, restarted=life.restarted)
        if life.cancelled is not None and made.ends > life.cancelled:
            made.cancelled = life.cancelled
        yield made
