"""Which plan a job gets that is started through the AWS API, and what a seed may ask for."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local.standin.simulation import Plan


class Plans:
    """The plans of jobs to come, per service and type of job."""

    def __init__(self, default: Plan | None = None) -> None:
        self._default = default or Plan()
        self._lasting: dict[tuple[str, str], Plan] = {}
        self._next: dict[tuple[str, str], list[Plan]] = {}
        self._lock = threading.Lock()

    def set(self, service: str, kind: str, plan: Plan, *, times: int | None = None) -> None:
        """Plan the next `times` jobs of a type, or with `None` all later ones without a plan of their own."""
        with self._lock:
            if times is None:
                self._lasting[service, kind] = plan
            else:
                self._next.setdefault((service, kind), []).extend([plan] * times)

    def take(self, service: str, kind: str) -> Plan:
        """Return the plan of the job that is being started."""
        with self._lock:
            waiting = self._next.get((service, kind))
            if waiting:
                return waiting.pop(0)
            return self._lasting.get((service, kind), self._default)

    def clear(self) -> None:
        """Back to the default plan for every job."""
        with self._lock:
            self._lasting.clear()
            self._next.clear()


@dataclass(frozen=True, kw_only=True)
class Seed:
    """Jobs to make at once, as if they had been started some time ago.

    service, type
        For example `omics`, `reference-import`.
    parent
        Name of the data store or reference store, made if there is none of that name. Services without
        parents ignore it.
    name
        Name of the jobs; `{n}` becomes 0, 1, 2 ….
    count, age, spacing
        How many; how many seconds ago the first was started; how many seconds lie between two.
    plan
        What each of them does.
    account
        Whose they are; the home account's if left out.
    input
        Members of the operation's input that starts such a job, in place of the stand-in's own values.
    """

    service: str
    type: str
    region: str = "us-east-1"
    account: str | None = None
    parent: str = "default"
    name: str = "job-{n}"
    count: int = 1
    age: float = 0.0
    spacing: float = 0.0
    plan: Plan = field(default_factory=Plan)
    input: Mapping[str, Any] = field(default_factory=dict)

    @staticmethod
    def from_json(document: Mapping[str, Any]) -> "Seed":
        """Return a seed from its JSON form. Raises `ValueError`."""
        values = dict(document)
        if "plan" in values:
            values["plan"] = Plan.from_json(values["plan"])
        try:
            seed = Seed(**values)
        except TypeError as problem:
            raise ValueError(f"seed: {problem}") from problem
        if not 0 < seed.count <= 100_000:
            raise ValueError("seed: count must be between 1 and 100000")
        return seed


@dataclass(frozen=True, kw_only=True)
class SeededJob:
    """Where to find a job that a seed has made; `parents` are ids, the farthest first."""

    service: str
    type: str
    region: str
    account: str
    parents: tuple[str, ...]
    id: str

    @property
    def parent(self) -> str | None:
        """The id of what it hangs under, if it does."""
        return self.parents[-1] if self.parents else None
