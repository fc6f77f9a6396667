"""All that the stand-in knows: its services in every account and region, and how a call reaches them."""

import logging
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from local.standin.accounts import Accounts
from local.standin.clock import Clock, RunningClock
from local.standin.objects import ObjectWriter
from local.standin.parsing import Parameters
from local.standin.plans import Plans, Seed, SeededJob
from local.standin.protocol import ServiceProtocol, load_models
from local.standin.services.medical_imaging import MedicalImaging
from local.standin.services.omics import Omics
from local.standin.services.panorama import Panorama
from local.standin.services.service import Ids, Service, Surroundings
from local.standin.services.sesv2 import SesV2
from local.standin.signature import Scope
from local.standin.simulation import Plan
from local.standin.wire import Request, ServiceError

_log = logging.getLogger(__name__)

SERVICES: Mapping[str, type[Service]] = {service.name: service for service in (MedicalImaging, Omics, SesV2, Panorama)}


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request that has been recognised as an operation of one of the services."""

    service: str
    account: str
    region: str
    operation: str
    labels: Mapping[str, str]
    request: Request


class State:
    """The services' state per account and region, made when first asked for.

    `roles` is the table of `Accounts`.
    `objects` is where output files are written; without it none are. `search_paths` are folders of service
    models that come before the stand-in's own and botocore's.
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
    ) -> None:
        self.account = account
        self.accounts = Accounts(account, roles)
        self.clock: Clock = clock or RunningClock()
        self._plans = Plans()
        self.protocols: Mapping[str, ServiceProtocol] = load_models(SERVICES, search_paths)
        self._ids = Ids(ids_seed)
        self._objects = objects
        self._services: dict[tuple[str, str, str], Service] = {}
        self._lock = threading.Lock()

    def service(self, name: str, region: str = "us-east-1", account: str | None = None) -> Service:
        """Return the state of one service in a region, in the home account unless another is named.

        Raises `KeyError` for a service that is not played here.
        """
        account = account or self.account
        key = (account, region, name)
        with self._lock:
            if key not in self._services:
                self._services[key] = SERVICES[name](
                    Surroundings(
                        account=account,
                        region=region,
                        clock=self.clock,
                        plans=self._plans,
                        ids=self._ids,
                        objects=self._objects,
                    )
                )
            return self._services[key]

    def medical_imaging(self, region: str = "us-east-1") -> MedicalImaging:
        """HealthImaging in a region."""
        return cast("MedicalImaging", self.service("medical-imaging", region))

    def omics(self, region: str = "us-east-1") -> Omics:
        """HealthOmics in a region."""
        return cast("Omics", self.service("omics", region))

    def seed(self, seed: Seed) -> Sequence[SeededJob]:
        """Make the jobs of a seed. Raises `ValueError`."""
        if seed.service not in SERVICES:
            raise ValueError(f"{seed.service} is not one of {', '.join(SERVICES)}")
        return self.service(seed.service, seed.region, seed.account).seed(seed)

    def plan(self, service: str, kind: str, plan: Plan, *, times: int | None = None) -> None:
        """Plan what the next `times` jobs of a type do, started through the AWS API; `None` is all from now on.

        Raises `ValueError`.
        """
        if service not in SERVICES:
            raise ValueError(f"{service} is not one of {', '.join(SERVICES)}")
        SERVICES[service].check(kind, plan)
        self._plans.set(service, kind, plan, times=times)

    def forget_plans(self) -> None:
        """Let jobs started through the AWS API do as by default again."""
        self._plans.clear()

    def clear(self) -> None:
        """Forget every store, job and plan."""
        with self._lock:
            self._services.clear()
        self._plans.clear()

    def recognise(self, scope: Scope, request: Request) -> Call | None:
        """Return the call that a request is, or `None` if it is for no operation played here."""
        account, region = self.accounts.of(scope.access_key), scope.region
        for name, service in SERVICES.items():
            if service.signing_name != scope.signing_name:
                continue
            found = self.protocols[name].match(request)
            if found is not None and found[0] in self.service(name, region, account).operations:
                operation, labels = found
                return Call(
                    service=name, account=account, region=region, operation=operation, labels=labels, request=request
                )
        return None

    def perform(self, call: Call) -> tuple[Parameters, dict[str, Any]]:
        """Return the checked parameters of a call and its output. Raises `ServiceError`."""
        protocol = self.protocols[call.service]
        parameters = protocol.parse(call.operation, call.request, call.labels)
        service = self.service(call.service, call.region, call.account)
        service.settle()
        with service.lock:
            return parameters, service.operations[call.operation](parameters)


def unknown_operation(signing_name: str, request: Request) -> ServiceError:
    """Return the error for a call that neither the stand-in nor anyone behind it can answer."""
    return ServiceError(
        "UnknownOperationException",
        f"{request.method} {request.path}: not played for {signing_name}, and there is no upstream",
        status=404,
    )
