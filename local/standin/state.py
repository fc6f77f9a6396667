"""All that the stand-in knows: its services in every account and region, and how a call reaches them."""

import logging
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from jobview.catalogue import FAMILIES
from jobview.catalogue.family import Family
from jobview.model.partitions import partition
from local import emulated
from local.standin.accounts import Accounts
from local.standin.clock import Clock, RunningClock
from local.standin.generic.world import World
from local.standin.objects import ObjectWriter
from local.standin.parsing import Parameters
from local.standin.plans import Plans, Seed, SeededJob
from local.standin.protocol import ServiceProtocol, load_models
from local.standin.services.declared import Declared
from local.standin.services.medical_imaging import MedicalImaging
from local.standin.services.omics import Omics
from local.standin.services.panorama import Panorama
from local.standin.services.service import Ids, Service, Surroundings
from local.standin.services.sesv2 import SesV2
from local.standin.signature import Scope
from local.standin.simulation import Phase, Plan
from local.standin.wire import Request, ServiceError

_log = logging.getLogger(__name__)

BY_HAND: Mapping[str, type[Service]] = {service.name: service for service in (MedicalImaging, Omics, SesV2, Panorama)}
"""Services that are written by hand, from AWS's documents alone, so that they are witnesses for the declarations."""


def declared_families() -> list[Family]:
    """Return the families that nothing else serves, so that they are played from their declarations."""
    by_hand = {f"{service.name}/{kind}" for service in BY_HAND.values() for kind in service.kinds}
    return [family for family in FAMILIES.values() if family.name not in {*by_hand, *emulated.FAMILIES}]


def emulated_operations() -> frozenset[tuple[str, str]]:
    """The operations that the emulator's families call, each behind its service: other families may call them too."""
    return frozenset(
        (service, call.operation) for name in emulated.FAMILIES for service, call in FAMILIES[name].calls_by_service
    )


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request that has been recognised as an operation of one of the services."""

    service: str
    account: str
    region: str
    operation: str
    labels: Mapping[str, str]
    request: Request
    player: Service
    """Whose operation it is."""


class State:
    """The services' state per account and region, made when first asked for.

    `roles` is the table of `Accounts`.
    `objects` is where output files are written; without it none are. `search_paths` are folders of service
    models that come before the stand-in's own and botocore's. `families` are those that are played from their
    declarations, in place of a service that is written by hand; left out, all that nothing else serves.
    """

    def __init__(
        self,
        *,
        account: str = "111122223333",
        roles: Mapping[str, str | None] | None = None,
        clock: Clock | None = None,
        objects: ObjectWriter | None = None,
        search_paths: Iterable[Path] = (),
        ids_seed: int | None = None,
        families: Iterable[Family] | None = None,
    ) -> None:
        self.account = account
        self.accounts = Accounts(account, roles)
        self.clock: Clock = clock or RunningClock()
        self._plans = Plans()
        declared = list(declared_families() if families is None else families)
        played = {family.name for family in declared}
        self._by_hand = {
            name: service
            for name, service in BY_HAND.items()
            if played.isdisjoint(f"{name}/{kind}" for kind in service.kinds)
        }
        self._declared = declared
        self._elsewhere = emulated_operations() if families is None else frozenset()
        called = dict.fromkeys(service for family in declared for service, _ in family.calls_by_service)
        self.protocols: Mapping[str, ServiceProtocol] = load_models([*self._by_hand, *called], search_paths)
        self._called = frozenset(called)
        self._global = {family.service: family.global_regions for family in declared if family.global_regions}
        self._ids = Ids(ids_seed)
        self._objects = objects
        self._services: dict[tuple[str, str, str], Sequence[Service]] = {}
        self._worlds: dict[tuple[str, str], World] = {}
        self._lock = threading.Lock()

    def service(
        self, name: str, region: str = "us-east-1", account: str | None = None, *, kind: str | None = None
    ) -> Service:
        """Return the state of one service in a region, in the home account unless another is named.

        A service may be played by hand, and others of its families from their declarations: the one that plays
        ``kind``, where it is given.

        Raises `KeyError` for a service that is not played here.
        """
        players = self._players(name, region, account or self.account)
        return next((player for player in players if kind in player.kinds), players[0])

    def _players(self, name: str, region: str, account: str) -> Sequence[Service]:
        """The service as it is written by hand, and as it is declared; the first that has an operation answers.

        A global service answers the same in every region.
        """
        if name not in self.protocols:
            raise KeyError(name)
        region = self._global.get(name, {}).get(partition(region), region)
        with self._lock:
            if (account, region, name) not in self._services:
                surroundings = Surroundings(
                    account=account,
                    region=region,
                    clock=self.clock,
                    plans=self._plans,
                    ids=self._ids,
                    objects=self._objects,
                )
                players: list[Service] = []
                if name in self._by_hand:
                    players.append(self._by_hand[name](surroundings))
                if name in self._called:
                    world = self._worlds.setdefault((account, region), World())
                    players.append(
                        Declared(
                            surroundings,
                            name=name,
                            families=self._declared,
                            world=world,
                            protocols=self.protocols,
                            elsewhere=self._elsewhere,
                        )
                    )
                self._services[account, region, name] = players
            return self._services[account, region, name]

    def medical_imaging(self, region: str = "us-east-1") -> MedicalImaging:
        """HealthImaging in a region."""
        return cast("MedicalImaging", self.service("medical-imaging", region))

    def omics(self, region: str = "us-east-1") -> Omics:
        """HealthOmics in a region."""
        return cast("Omics", self.service("omics", region))

    def seed(self, seed: Seed) -> Sequence[SeededJob]:
        """Make the jobs of a seed. Raises `ValueError`."""
        return self._player(seed.service, seed.type, seed.region, seed.account).seed(seed)

    def plan(self, service: str, kind: str, plan: Plan, *, times: int | None = None) -> None:
        """Plan what the next `times` jobs of a type do, started through the AWS API; `None` is all from now on.

        Raises `ValueError`.
        """
        self._player(service, kind).check(kind, plan)
        self._plans.set(service, kind, plan, times=times)

    @property
    def played(self) -> Sequence[tuple[str, str, Sequence[Phase]]]:
        """Service, type and possible ends of every family that is played here."""
        players = [player for name in self.protocols for player in self._players(name, "us-east-1", self.account)]
        return [(player.name, kind, sorted(player.outcomes_of(kind))) for player in players for kind in player.kinds]

    def _player(self, service: str, kind: str, region: str = "us-east-1", account: str | None = None) -> Service:
        if service not in self.protocols:
            raise ValueError(f"{service} is not one of {', '.join(self.protocols)}")
        return self.service(service, region, account, kind=kind)

    def forget_plans(self) -> None:
        """Let jobs started through the AWS API do as by default again."""
        self._plans.clear()

    def clear(self) -> None:
        """Forget every store, job and plan."""
        with self._lock:
            self._services.clear()
            self._worlds.clear()
        self._plans.clear()

    def recognise(self, scope: Scope, request: Request) -> Call | None:
        """Return the call that a request is, or `None` if it is for no operation played here."""
        account, region = self.accounts.of(scope.access_key), scope.region
        for name, protocol in self._signed_as(scope):
            found = protocol.match(request)
            if found is None:
                continue
            operation, labels = found
            for player in self._players(name, region, account):
                if operation in player.operations:
                    return Call(
                        service=name,
                        account=account,
                        region=region,
                        operation=operation,
                        labels=labels,
                        request=request,
                        player=player,
                    )
        return None

    def needs_body(self, scope: Scope) -> bool:
        """True where a request's head does not tell which operation it is for."""
        return any(protocol.in_form for _, protocol in self._signed_as(scope))

    def _signed_as(self, scope: Scope) -> list[tuple[str, ServiceProtocol]]:
        """The services played here whose requests are signed with a name; several may be, such as S3 and S3 Control."""
        return [each for each in self.protocols.items() if each[1].model.signing_name == scope.signing_name]

    def perform(self, call: Call) -> tuple[Parameters, dict[str, Any]]:
        """Return the checked parameters of a call and its output. Raises `ServiceError`."""
        protocol = self.protocols[call.service]
        parameters = protocol.parse(call.operation, call.request, call.labels)
        call.player.settle()
        with call.player.lock:
            return parameters, call.player.operations[call.operation](parameters)


def unknown_operation(signing_name: str, request: Request) -> ServiceError:
    """Return the error for a call that neither the stand-in nor anyone behind it can answer."""
    return ServiceError(
        "UnknownOperationException",
        f"{request.method} {request.path}: not played for {signing_name}, and there is no upstream",
        status=404,
    )
