"""How a simulated job lives: a plan made at its start, and where it stands at a given moment.

Nothing runs in the background. A job's phase is computed from its plan whenever somebody asks, so that ten
thousand jobs cost nothing while they wait and a moved clock moves them all at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class Phase(StrEnum):
    """Where a job stands; each service has words of its own for them."""

    SUBMITTED = "submitted"
    RUNNING = "running"
    STOPPING = "stopping"
    SUCCEEDED = "succeeded"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """True for a phase that nothing follows."""
        return self in _ENDINGS


_ENDINGS = frozenset({Phase.SUCCEEDED, Phase.PARTIAL, Phase.FAILED, Phase.CANCELLED})


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a job is going to do.

    submitted, running, stopping
        Seconds in each phase. `stopping` counts only on the way to `cancelled`.
    outcome
        One of the four endings.
    items, failed_items
        How many things the job works on (files, sources, records) and how many of them fail. A partial
        outcome without a number fails one; other outcomes than `partial` and `failed` fail none.
    message
        The service's message at the end of a failed or partial job; each service has a default.
    manifest
        HealthImaging: `written`, `absent` or `truncated` output manifest of a completed job.

    Raises `ValueError` for a plan that makes no sense.
    """

    submitted: float = 2.0
    running: float = 10.0
    stopping: float = 2.0
    outcome: Phase = Phase.SUCCEEDED
    items: int = 10
    failed_items: int = 0
    message: str | None = None
    manifest: str = "written"

    def __post_init__(self) -> None:
        object.__setattr__(self, "outcome", Phase(self.outcome))
        if not self.outcome.ended:
            raise ValueError(f"outcome: {self.outcome} is not an ending")
        if min(self.submitted, self.running, self.stopping) < 0:
            raise ValueError("submitted, running and stopping must not be negative")
        if self.manifest not in ("written", "absent", "truncated"):
            raise ValueError(f"manifest: {self.manifest} is not one of written, absent, truncated")
        if self.outcome is Phase.PARTIAL and not self.failed_items:
            object.__setattr__(self, "failed_items", 1)
        if not 0 <= self.failed_items <= self.items:
            raise ValueError("failedItems must be between 0 and items")
        if self.outcome in (Phase.SUCCEEDED, Phase.CANCELLED) and self.failed_items:
            raise ValueError(f"a {self.outcome} job has no failed items: say partial")

    @staticmethod
    def from_json(document: Mapping[str, Any]) -> "Plan":
        """Return a plan from its JSON form, whose names are in camelCase.

        Raises `ValueError` for unknown names.
        """
        known = {_camel(field.name): field.name for field in fields(Plan)}
        unknown = sorted(set(document) - set(known))
        if unknown:
            raise ValueError(f"plan: unknown {', '.join(unknown)}; known are {', '.join(known)}")
        try:
            return Plan(**{known[name]: value for name, value in document.items()})
        except TypeError as problem:
            raise ValueError(f"plan: {problem}") from problem

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {_camel(field.name): getattr(self, field.name) for field in fields(self)}


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a job stands: its phase, since when, and the share of its items that are behind it (0..1)."""

    phase: Phase
    since: datetime
    done: float

    @property
    def ended_at(self) -> datetime | None:
        """When it ended, if it has."""
        return self.since if self.phase.ended else None


@dataclass(kw_only=True)
class Lifetime:
    """A job's plan, its start, and the cancellation that may come between."""

    plan: Plan
    created: datetime
    cancelled: datetime | None = None
    restarted: datetime | None = None
    """When it was started once more in its place, under its old time of creation."""

    @property
    def begun(self) -> datetime:
        """When this run of it was submitted."""
        return self.restarted or self.created

    @property
    def started(self) -> datetime:
        """When it begins to run."""
        return self.begun + timedelta(seconds=self.plan.submitted)

    def restart(self, plan: Plan, now: datetime, *, anew: bool) -> None:
        """Begin again: `anew` as another job under the same id, else the same one in its place."""
        self.plan, self.cancelled = plan, None
        if anew:
            self.created, self.restarted = now, None
        else:
            self.restarted = now

    @property
    def ends(self) -> datetime:
        """When it is planned to stop running."""
        return self.started + timedelta(seconds=self.plan.running)

    def standing(self, now: datetime) -> Standing:
        """Where the job stands at `now`."""
        plan, started, ends = self.plan, self.started, self.ends
        if self.cancelled is not None:
            return self._cancelled(now, since=self.cancelled, started=started)
        if now < started:
            return Standing(phase=Phase.SUBMITTED, since=self.begun, done=0.0)
        if now < ends:
            return Standing(phase=Phase.RUNNING, since=started, done=_share(started, now, plan.running))
        if plan.outcome is Phase.CANCELLED:
            return self._cancelled(now, since=ends, started=started)
        return Standing(phase=plan.outcome, since=ends, done=1.0)

    def _cancelled(self, now: datetime, *, since: datetime, started: datetime) -> Standing:
        ends = since + timedelta(seconds=self.plan.stopping)
        # A job that its plan cancels had half of its work left.
        share = 0.5 if self.cancelled is None else _share(started, since, self.plan.running)
        if now < ends:
            return Standing(phase=Phase.STOPPING, since=since, done=share)
        return Standing(phase=Phase.CANCELLED, since=ends, done=share)


def _share(start: datetime, now: datetime, seconds: float) -> float:
    if seconds <= 0:
        return 1.0 if now >= start else 0.0
    return min(1.0, max(0.0, (now - start).total_seconds() / seconds))
