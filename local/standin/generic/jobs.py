"""A job of a declared family: its status words, and its record in an answer of the service."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from botocore.model import Shape

from jobview.catalogue.family import Family
from jobview.catalogue.records import Count, Counts, Fields, Logs, Parts, TimeFormat, When, addends
from jobview.collect.logs import paths_of
from jobview.collect.templates import PLACEHOLDERS
from jobview.model import State
from local.catalogue.models import resolve
from local.standin.generic.decoys import decoy, presigned
from local.standin.generic.placing import ABSENT, changed, placed
from local.standin.services.service import spread
from local.standin.simulation import Lifetime, Phase, Standing

MESSAGE = "3 of the rows could not be read"
"""The message of a job that fails without one in its plan."""
_STATES: dict[Phase, tuple[State, ...]] = {
    Phase.SUBMITTED: (State.PENDING, State.RUNNING),
    Phase.RUNNING: (State.RUNNING, State.PENDING),
    Phase.STOPPING: (State.CANCELLING, State.RUNNING, State.PENDING),
    Phase.SUCCEEDED: (State.SUCCEEDED,),
    Phase.PARTIAL: (State.PARTIALLY_SUCCEEDED,),
    Phase.FAILED: (State.FAILED,),
    Phase.CANCELLED: (State.CANCELLED,),
}


def word_of(family: Family, phase: Phase) -> str | None:
    """Return the family's word for a phase: the first of its state; ``None`` where the service has no such phase."""
    fields = family.deepest_fields
    rule = _rule(fields, phase)
    for state in (rule.state,) if rule is not None else _STATES[phase]:
        for word, meant in family.states.items():
            if meant is state:
                return word
    if phase is Phase.PARTIAL and _tells_failures(fields):
        # The service has no word for it: the counts show it.
        return word_of(family, Phase.SUCCEEDED)
    return None


def _rule(fields: Fields, phase: Phase) -> When | None:
    """Return the condition by which a word and another member show the phase; ``None`` where a word is enough."""
    said = Phase.SUCCEEDED if phase is Phase.PARTIAL and _tells_failures(fields) else phase
    return next((rule for state in _STATES[said] for rule in fields.when if rule.then is state), None)


def outcomes(family: Family) -> frozenset[Phase]:
    """Return the possible ends of the family's jobs."""
    return frozenset(phase for phase in Phase if phase.ended and word_of(family, phase) is not None)


def _tells_failures(fields: Fields) -> bool:
    return fields.parts is not None or (fields.counts is not None and fields.counts.failed is not None)


@dataclass(kw_only=True)
class Job:
    """One job, under the path of its parents' ids."""

    family: Family
    parents: tuple[str, ...]
    id: str
    name: str
    life: Lifetime
    arns: Mapping[str, str] = field(default_factory=dict)
    """The ARNs of ``id`` and ``parent``, where these members are ARNs."""
    runs: int = field(default=1)

    def standing(self, now: datetime) -> Standing:
        """Its phase at a moment."""
        return self.life.standing(now)

    def word(self, now: datetime) -> str:
        """Return its status word at a moment."""
        return word_of(self.family, self.standing(now).phase) or ""

    def record(self, fields: Fields, shape: Shape, now: datetime, *, account: str) -> Any:
        """Return the job's record in a shape. Members that are not declared are decoys."""
        record = decoy(shape)
        for path in self.family.withheld if fields is self.family.get_fields else ():
            if path.split(".")[0].split("[")[0] in getattr(shape, "members", {}):
                record = changed(path, shape, record, lambda inner, _: decoy(inner, secret=True))
        for path in self.family.presigned if fields is self.family.get_fields else ():
            record = placed(path, shape, record, presigned(path.rpartition(".")[2]))
        facts = _Facts(job=self, fields=fields, shape=shape, standing=self.standing(now), now=now, account=account)
        for path, value in facts.told():
            record = placed(path, shape, record, value)
        if fields.tags is not None:
            record = changed(fields.tags, shape, record, lambda inner, _: _tags(inner))
        if fields.parts is not None:
            record = _with_parts(fields.parts, shape, record, facts)
        return record


@dataclass(frozen=True, kw_only=True)
class _Facts:
    """The facts about a job at a moment, by the paths of a declaration."""

    job: Job
    fields: Fields
    shape: Shape
    standing: Standing
    now: datetime
    account: str

    def told(self) -> Iterator[tuple[str, Any]]:
        fields, job, phase = self.fields, self.job, self.standing.phase
        message = (job.life.plan.message or MESSAGE) if phase in (Phase.FAILED, Phase.PARTIAL) else ABSENT
        facts: list[tuple[str | None, Any]] = [
            *self._times(),
            (fields.name, job.name),
            (fields.parent, self._named("parent", job.parents[-1] if job.parents else None)),
            (fields.reason, message),
            (fields.role, f"arn:aws:iam::{self.account}:role/{job.family.service}"),
            (fields.progress, int(self.standing.done * 100)),
            (fields.generation, job.runs),
            (fields.status, word_of(job.family, phase)),
            *((path, f"s3://samples/{job.name}/in/{number}") for number, path in enumerate(fields.inputs)),
            *((path, f"s3://samples/{job.name}/out/{number}") for number, path in enumerate(fields.outputs)),
            *self._beside_the_word(),
            *self._causes(message),
            *self._counts(fields.counts),
            *self._logs(),
            (fields.id, self._named("id", job.id)),
        ]
        return ((path, self._allowed(path, value, message)) for path, value in facts if path is not None)

    def _allowed(self, path: str, value: Any, message: Any) -> Any:
        """A message where the model allows any text, and a word of the model's elsewhere."""
        words = getattr(resolve(path, self.shape).shape, "enum", ()) if value is message is not ABSENT else ()
        return next(iter(words), value)

    def _named(self, name: str, told: str | None) -> str | None:
        return self.job.arns[name] if name in self.fields.arns else told

    def _beside_the_word(self) -> Iterator[tuple[str, Any]]:
        """The members of the conditions, with values that meet one condition and no other."""
        for path in dict.fromkeys(rule.path for rule in self.fields.when):
            values = {value for rule in self.fields.when if rule.path == path for value in rule.values}
            others = [word for word in getattr(resolve(path, self.shape).shape, "enum", ()) if word not in values]
            yield path, False if values == {True} else next(iter(others), ABSENT)
        rule_of_phase = _rule(self.fields, self.standing.phase)
        if rule_of_phase is not None:
            yield rule_of_phase.path, next(iter(rule_of_phase.values), "OTHER")

    def _logs(self) -> Iterator[tuple[str, Any]]:
        """The members that name the log: those of the first place that is declared."""
        for place in self.fields.logs[:1]:
            others = PLACEHOLDERS | {parent.type for parent in self.job.family.parents}
            yield from ((path, ABSENT if value is None else value) for path, value in place.where.items())
            for path in paths_of((Logs(group=place.group),), others):
                yield path, _log_group(path, self.job, self.account)
            for template in filter(None, (place.stream, place.prefix)):
                yield from ((path, self.job.id) for path in paths_of((Logs(group=template),), others))

    def _times(self) -> Iterator[tuple[str | None, Any]]:
        life, standing = self.job.life, self.standing
        started = life.started if self.now >= life.started and life.cancelled is None else ABSENT
        yield self._time("created", life.created)
        yield self._time("started", started)
        yield self._time("ended", standing.ended_at or ABSENT)
        # If one member is both, it is always the time of the last change.
        yield self._time("updated", standing.since)

    def _time(self, name: str, moment: Any) -> tuple[str | None, Any]:
        unit = self.fields.time_formats.get(name)
        in_milliseconds = unit is TimeFormat.MILLISECONDS and isinstance(moment, datetime)
        return getattr(self.fields, name), int(moment.timestamp() * 1000) if in_milliseconds else moment

    def _causes(self, message: Any) -> Iterator[tuple[str | None, Any]]:
        phase = self.standing.phase
        for cause in self.fields.causes:
            at = cause.at if cause.message == "@" else f"{cause.at}.{cause.message}"
            yield at, message if phase is Phase.FAILED else ABSENT
            if cause.exit_code is not None:
                yield f"{cause.at}.{cause.exit_code}", int(phase is Phase.FAILED) if phase.ended else ABSENT

    def _counts(self, counts: Counts | None) -> Iterator[tuple[str | None, Any]]:
        if counts is None:
            return
        plan, done = self.job.life.plan, self.standing.done
        failed = int(plan.failed_items * done + 1e-9)
        through = int(plan.items * done + 1e-9)
        yield from _summed(counts.total, plan.items)
        yield from _summed(counts.succeeded, through - failed)
        yield from _summed(counts.failed, failed)
        yield from _summed(counts.skipped, 0)
        open_items = 0 if self.standing.phase is not Phase.RUNNING else plan.items - through
        for number, path in enumerate(counts.running):
            yield path, open_items if number == 0 else 0


def _log_group(path: str, job: Job, account: str) -> str:
    """A log group, or its ARN, or the ARN of a stream in it, by the member's name."""
    group, name = f"/aws/{job.family.service}", path.rpartition(".")[2].lower()
    if not name.endswith(("arn", "stream")):
        return group
    rest = f"log-stream:{job.id}" if name.endswith("stream") else "*"
    return f"arn:aws:logs:us-east-1:{account}:log-group:{group}:{rest}"


def _summed(count: Count, number: int) -> Iterator[tuple[str, int]]:
    """The numbers whose sum is a count."""
    for place, path in enumerate(addends(count)):
        yield path, number if place == 0 else 0


def _with_parts(parts: Parts, shape: Shape, record: Any, facts: _Facts) -> Any:
    """Return the record with a part for each item, the failed ones last."""
    plan, standing = facts.job.life.plan, facts.standing
    words = {state: word for word, state in reversed(list(parts.outcomes.items()))}
    if parts.others is not None:
        words.setdefault(parts.others, next(code for code in map(str, range(1, 1000)) if code not in parts.outcomes))
    good = plan.items - plan.failed_items

    def described(inner: Shape, _: Any) -> Any:
        element: Shape = inner.member  # type: ignore[attr-defined]
        made = []
        for number, through in enumerate(spread(plan.items, standing.done)):
            state = (State.SUCCEEDED if number < good else State.FAILED) if through else State.PENDING
            part = placed(parts.status, element, decoy(element), words.get(state, words.get(State.RUNNING)))
            if parts.uri is not None:
                part = placed(parts.uri, element, part, f"s3://samples/{facts.job.name}/{number}")
            if parts.message is not None:
                failed = state is State.FAILED
                part = placed(parts.message, element, part, (plan.message or MESSAGE) if failed else ABSENT)
            made.append(part)
        return made

    return changed(parts.path, shape, record, described)


def _tags(shape: Shape) -> Any:
    """Return one tag in whichever form the shape has."""
    if shape.type_name == "map":
        return {"team": "imaging"}
    if shape.type_name == "list":
        return [_tags(shape.member)]  # type: ignore[attr-defined]
    members = getattr(shape, "members", {})
    return {
        name: "team" if name.lower() == "key" else "imaging" if name.lower() == "value" else _tags(member)
        for name, member in members.items()
        if member.type_name in ("string", "map", "list")
    }
