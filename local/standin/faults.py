"""Faults on purpose, for every service behind the endpoint.

A rule says where (service, operation, region; left out means everywhere), how often (`skip` the first n
matching requests, then apply `times` times or, left out, for ever) and which fault. `PUT /_standin/faults` takes its
JSON form.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

BEFORE = ("error", "down", "drop", "reset")
"""Kinds that answer instead of the service."""
AFTER = ("cut", "truncated", "malformed", "unknown-status", "repeat-token")
"""Kinds that spoil the service's own answer."""
DELAYS = ("latency", "wait")
"""Kinds that let a request wait and change nothing else."""
KINDS = (*DELAYS, *BEFORE, *AFTER)
LONGEST_WAIT = 60.0
"""Seconds that a request waits for a rule to be removed."""

THROTTLE: Mapping[str, str] = {"sesv2": "TooManyRequestsException", "batch": "TooManyRequestsException"}
"""The throttling code of services that do not call it ThrottlingException."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One fault.

    kind
        latency: wait `seconds`, then continue normally.
        wait: wait until the rule is removed, a minute at the most, then continue normally.
        error: answer with the error `code`, `message` and `status` (the model's status if left out; the code
        `throttled` is replaced with the service's own throttling code).
        down: answer 503 ServiceUnavailable.
        drop: close the connection without an answer.
        reset: the same with a TCP reset.
        cut: send half of the answer's body, then close (boto3 notices it only in streamed bodies).
        truncated: status 200 and the first half of the JSON body, with a matching length.
        malformed: status 200 and a body that is not JSON.
        unknown-status: every status in the answer becomes `value`.
        repeat-token: the answer's page token is the one that the request brought.

    Services behind the endpoint have all kinds except the last two.
    """

    kind: str
    code: str = "InternalServerException"
    message: str = "Made to fail by the stand-in"
    status: int | None = None
    seconds: float = 0.0
    value: str = "SOMETHING_NEW"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"fault: kind {self.kind} is not one of {', '.join(KINDS)}")
        if self.seconds < 0:
            raise ValueError("fault: seconds must not be negative")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Where and how often a fault happens. Raises `ValueError` for a negative `skip` or `times`."""

    fault: Fault
    service: str | None = None
    operation: str | None = None
    region: str | None = None
    skip: int = 0
    times: int | None = None

    def __post_init__(self) -> None:
        if self.skip < 0 or (self.times is not None and self.times < 1):
            raise ValueError("rule: skip must be 0 or more, times 1 or more")

    def concerns(self, service: str, operation: str | None, region: str | None) -> bool:
        """True for a matching request. A request with an unknown operation matches only rules for all operations."""
        wanted = ((self.service, service), (self.operation, operation), (self.region, region))
        return all(rule is None or rule == found for rule, found in wanted)

    @staticmethod
    def from_json(document: Mapping[str, Any]) -> "Rule":
        """Return a rule from its JSON form. Raises `ValueError`."""
        try:
            return Rule(**{**document, "fault": Fault(**document["fault"])})
        except (TypeError, KeyError) as problem:
            raise ValueError(f"rule: {problem}") from problem


@dataclass(kw_only=True)
class _Counted:
    id: str
    rule: Rule
    seen: int = 0
    applied: int = 0

    def due(self) -> bool:
        """Count one matching request; true where the fault applies to it."""
        self.seen += 1
        if self.seen <= self.rule.skip:
            return False
        if self.rule.times is not None and self.applied >= self.rule.times:
            return False
        self.applied += 1
        return True


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """The faults of one request: delays, and at most one other fault."""

    seconds: float = 0.0
    waits_for: tuple[str, ...] = ()
    """The rules whose removal the request waits for."""
    fault: Fault | None = None

    @property
    def before(self) -> Fault | None:
        """The fault, if it answers in place of the service."""
        return self.fault if self.fault is not None and self.fault.kind in BEFORE else None

    @property
    def after(self) -> Fault | None:
        """The fault, if it spoils the service's answer."""
        return self.fault if self.fault is not None and self.fault.kind in AFTER else None


@dataclass(kw_only=True)
class Faults:
    """The rules in force. They are evaluated once for every request."""

    _rules: list[_Counted] = field(default_factory=list)
    _made: int = 0
    _lock: threading.Condition = field(default_factory=threading.Condition)

    def add(self, fault: Fault | Rule, **where: Any) -> str:
        """Put a rule in force, or a fault with the rule's other fields in `where`; answers the rule's id."""
        rule = fault if isinstance(fault, Rule) else Rule(fault=fault, **where)
        with self._lock:
            self._made += 1
            counted = _Counted(id=str(self._made), rule=rule)
            self._rules.append(counted)
            return counted.id

    def replace(self, rules: Iterable[Rule]) -> None:
        """Replace all rules with these."""
        new = list(rules)
        self.clear()
        for rule in new:
            self.add(rule)

    def remove(self, rule_id: str) -> bool:
        """Remove one rule; true where it existed."""
        with self._lock:
            before = len(self._rules)
            self._rules = [counted for counted in self._rules if counted.id != rule_id]
            self._lock.notify_all()
            return len(self._rules) < before

    def clear(self) -> None:
        """Remove all rules."""
        with self._lock:
            self._rules = []
            self._lock.notify_all()

    def wait_for_removal(self, rule_ids: Iterable[str]) -> None:
        """Return once none of the rules is in force, or after ``LONGEST_WAIT``."""
        awaited = set(rule_ids)
        with self._lock:
            self._lock.wait_for(lambda: awaited.isdisjoint(each.id for each in self._rules), LONGEST_WAIT)

    def for_request(self, service: str, operation: str | None, region: str | None) -> Trouble:
        """Return the faults of a request. Latencies add up; of other faults the first matching rule's applies."""
        seconds, chosen = 0.0, None
        waits_for: list[str] = []
        with self._lock:
            for counted in self._rules:
                if not counted.rule.concerns(service, operation, region):
                    continue
                fault = counted.rule.fault
                if fault.kind not in DELAYS and chosen is not None:
                    continue
                if not counted.due():
                    continue
                if fault.kind == "latency":
                    seconds += fault.seconds
                elif fault.kind == "wait":
                    waits_for.append(counted.id)
                else:
                    chosen = fault
        return Trouble(seconds=seconds, waits_for=tuple(waits_for), fault=chosen)

    def in_force(self) -> bool:
        """Whether there is any rule."""
        return bool(self._rules)

    def to_json(self) -> Sequence[dict[str, Any]]:
        """Return the rules with their ids and counts."""
        with self._lock:
            return [
                {
                    "id": counted.id,
                    "service": counted.rule.service,
                    "operation": counted.rule.operation,
                    "region": counted.rule.region,
                    "skip": counted.rule.skip,
                    "times": counted.rule.times,
                    "fault": vars(counted.rule.fault),
                    "seen": counted.seen,
                    "applied": counted.applied,
                }
                for counted in self._rules
            ]
