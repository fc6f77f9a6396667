"""What all services of the stand-in have in common: one object per account and region, holding its state."""

import random
import string
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, TypeVar

from local.standin.clock import Clock
from local.standin.objects import ObjectWriter
from local.standin.paging import InvalidTokenError, page
from local.standin.plans import Plans, Seed, SeededJob
from local.standin.simulation import Lifetime, Phase, Plan
from local.standin.wire import ServiceError

Parameters = dict[str, Any]
Handler = Callable[[Parameters], dict[str, Any]]
T = TypeVar("T")


class Ids:
    """Makes the ids of everything; with a seed the same ids every time."""

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.Random(seed)  # noqa: S311 - ids of a simulation
        self._lock = threading.Lock()

    def of(self, alphabet: str, length: int) -> str:
        """Return a random word."""
        with self._lock:
            return "".join(self._random.choices(alphabet, k=length))

    def hex32(self) -> str:
        """32 of 0-9a-f, as HealthImaging's."""
        return self.of("0123456789abcdef", 32)

    def digits(self, length: int = 10) -> str:
        """Return a number that starts with another digit than 0, as HealthOmics'."""
        return self.of("123456789", 1) + self.of(string.digits, length - 1)

    def uuid(self) -> str:
        """In the form of a UUID, as SES'."""
        text = self.hex32()
        return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What a service's state is given."""

    account: str
    region: str
    clock: Clock
    plans: Plans
    ids: Ids
    objects: ObjectWriter | None


class Service(ABC):
    """One service in one account and region.

    `operations` are the handlers by operation name; each gets checked parameters and gives the output. They
    are called with `lock` held.
    """

    name: str
    signing_name: str
    kinds: tuple[str, ...]
    outcomes: ClassVar[frozenset[Phase]] = frozenset(phase for phase in Phase if phase.ended)
    invalid_code: ClassVar[str] = "ValidationException"

    def __init__(self, surroundings: Surroundings) -> None:
        self.account = surroundings.account
        self.region = surroundings.region
        self.clock = surroundings.clock
        self.plans = surroundings.plans
        self.ids = surroundings.ids
        self.objects = surroundings.objects
        self.lock = threading.RLock()

    @property
    @abstractmethod
    def operations(self) -> Mapping[str, Handler]:
        """The handlers by operation name."""

    def settle(self) -> None:  # noqa: B027 - most services have nothing to do
        """Do what is due before a call is answered; called without `lock`."""

    @abstractmethod
    def _start(self, seed: Seed, *, name: str, created: datetime) -> tuple[tuple[str, ...], str]:
        """Make one job of a seed; answers the ids of what it hangs under, the farthest first, and its own."""

    def forget(self, parent: str | None, job_id: str) -> Callable[[], None]:
        """Know nothing more of a job, as AWS does with old ones; the answer brings it back, as AWS does when slow.

        Raises `KeyError` for one that is not known.
        """
        with self.lock:
            return self._forget(parent, job_id)

    def restart(self, parent: str | None, job_id: str, plan: Plan, *, anew: bool) -> None:
        """Begin a job again under its id; see `Lifetime.restart`. Raises `KeyError` for one that is not known."""
        with self.lock:
            self._life(parent, job_id).restart(plan, self.clock.now(), anew=anew)

    @abstractmethod
    def _forget(self, parent: str | None, job_id: str) -> Callable[[], None]:
        """Forget one job; the answer brings it back."""

    @abstractmethod
    def _life(self, parent: str | None, job_id: str) -> Lifetime:
        """The life of one job."""

    def outcomes_of(self, kind: str) -> frozenset[Phase]:  # noqa: ARG002 - most services have the same for all
        """The ends that the service has a word for, of a type of job."""
        return self.outcomes

    def check(self, kind: str, plan: Plan) -> None:
        """Raise `ValueError` for a type of job that the service does not have, or an end that it has no word for."""
        if kind not in self.kinds:
            raise ValueError(f"{self.name} has no {kind}; it has {', '.join(self.kinds)}")
        if plan.outcome not in self.outcomes_of(kind):
            raise ValueError(f"{self.name}: a {kind} cannot end {plan.outcome}")

    def seed(self, seed: Seed) -> list[SeededJob]:
        """Make the jobs of a seed. Raises `ValueError` for one that the service cannot play."""
        self.check(seed.type, seed.plan)
        first = self.clock.now() - timedelta(seconds=seed.age)
        made: list[SeededJob] = []
        with self.lock:
            for number in range(seed.count):
                created = first + timedelta(seconds=number * seed.spacing)
                name = seed.name.replace("{n}", str(number))
                parents, job_id = self._start(seed, name=name, created=created)
                made.append(
                    SeededJob(
                        service=self.name,
                        type=seed.type,
                        region=self.region,
                        account=self.account,
                        parents=parents,
                        id=job_id,
                    )
                )
        return made

    def token_names(self, operation: str) -> tuple[str, str] | None:  # noqa: ARG002 - most have the usual names
        """The members of the page token in an operation's input and answer, where they are not the usual ones."""
        return None

    def arn(self, resource: str) -> str:
        """Return the ARN of something of this service."""
        return f"arn:aws:{self.signing_name}:{self.region}:{self.account}:{resource}"

    def page(
        self,
        items: Sequence[T],
        *,
        operation: str,
        parameters: Parameters,
        size: int,
        keep: Callable[[T], bool] = lambda _item: True,
    ) -> tuple[list[T], str | None]:
        """As `paging.page`, with the service's own error for a wrong token."""
        try:
            return page(items, operation=operation, parameters=parameters, size=size, keep=keep)
        except InvalidTokenError as problem:
            raise ServiceError(self.invalid_code, "The next token is invalid.") from problem


def spread(total: int, done: float) -> Iterator[bool]:
    """For each of `total` items whether a job that is `done` (0..1) has been through it."""
    reached = int(total * done + 1e-9)
    return (index < reached for index in range(total))
