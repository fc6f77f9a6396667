"""What botocore's endpoint data decides about a service: the regions that have it, and where a global one answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jobview.catalogue.language import Service
from local.catalogue import models
from local.catalogue.deriving import UndecidedError


def of(service: Service) -> tuple[str, ...] | None:
    """The declared regions of a service; ``None`` where botocore knows them.

    Raises
    ------
    UndecidedError
        botocore knows them, and they are declared.
    """
    known = [*models.session().get_available_regions(service.name)]
    if service.regions is not None and (known or global_regions(service)):
        raise UndecidedError(f"botocore knows the service's regions by now: leave regions out ({', '.join(known)})")
    return service.regions


def global_regions(service: Service) -> dict[str, str]:
    """Partition → the one region in which a global service answers; empty where each region has jobs of its own.

    Raises
    ------
    UndecidedError
        botocore knows it, and it is declared; it does not know it of a partition, and nothing is declared; or a
        declared region is none that has the service.
    """
    endpoints = _by_partition(models.service_model(service.name).endpoint_prefix)
    derived = {partition: found for partition, told in endpoints.items() if (found := _one_region(told)) is not None}
    if derived:
        # Where it is global it is so everywhere: a partition with one region of it has no choice.
        derived = {name: told.regions[0] for name, told in endpoints.items() if len(told.regions) == 1} | derived
    open_ = [name for name in endpoints if name not in derived] if derived else []
    declared = service.global_regions or {}
    if derived and declared.keys() != set(open_):
        asked = f"declare it for {', '.join(open_)}" if open_ else "leave it out"
        raise UndecidedError(f"global_regions: botocore knows {derived}; {asked}")
    for partition, region in declared.items():
        known = endpoints[partition].regions if partition in endpoints else ()
        if models.session().get_partition_for_region(region) != partition or (known and region not in known):
            among = ", ".join(known) or f"a region of {partition}"
            raise UndecidedError(f"global_regions: {partition} has no such service in {region}; allowed: {among}")
    return derived | dict(declared)


@dataclass(frozen=True, kw_only=True)
class _Endpoints:
    """What the endpoint data says of a service in one partition."""

    one: str | None
    """The region that requests to the partition's one endpoint are signed for."""
    regions: tuple[str, ...]
    """The regions with an endpoint of their own."""
    regionalized: bool


def _one_region(told: _Endpoints) -> str | None:
    others = {*told.regions} - {told.one}
    return None if others and told.regionalized else told.one


def _by_partition(endpoint_prefix: str) -> dict[str, _Endpoints]:
    """What is said of a service in each partition that has it."""
    data: Mapping[str, Any] = models.session().get_component("data_loader").load_data("endpoints")
    found = {}
    for partition in data["partitions"]:
        told = partition["services"].get(endpoint_prefix)
        if told is not None:
            one = told.get("endpoints", {}).get(told.get("partitionEndpoint"), {})
            found[partition["partition"]] = _Endpoints(
                one=one.get("credentialScope", {}).get("region"),
                regions=tuple(sorted(partition["regions"].keys() & told.get("endpoints", {}).keys())),
                regionalized=told.get("isRegionalized", True),
            )
    return found
