"""Derives from botocore's endpoint data the regions of a service, and the region of a global service."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jobview.catalogue.language import Service
from local.catalogue import models
from local.catalogue.deriving import UndecidedError


def of(service: Service) -> tuple[str, ...] | None:
    """The declared regions of a service; ``None`` where botocore lists them.

    Raises
    ------
    UndecidedError
        botocore lists the regions, and they are declared too.
    """
    known = [*models.session().get_available_regions(service.name)]
    if service.regions is not None and (known or global_regions(service)):
        raise UndecidedError(f"botocore knows the service's regions by now: leave regions out ({', '.join(known)})")
    return service.regions


def global_regions(service: Service) -> dict[str, str]:
    """The one region of a global service in each partition; empty where each region has its own jobs.

    Raises
    ------
    UndecidedError
        botocore has the region, and it is declared too; botocore lacks it for a partition, and it is not declared; or
        a declared region does not have the service.
    """
    endpoints = _by_partition(models.service_model(service.name).endpoint_prefix)
    derived = {
        partition: found for partition, endpoint in endpoints.items() if (found := _one_region(endpoint)) is not None
    }
    if derived:
        # A global service is global in every partition. In a partition with one region, it is that region.
        derived = {
            name: endpoint.regions[0] for name, endpoint in endpoints.items() if len(endpoint.regions) == 1
        } | derived
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
    """The endpoint data of a service in one partition."""

    one: str | None
    """The signing region of the partition's global endpoint."""
    regions: tuple[str, ...]
    """The regions that have their own endpoint."""
    regionalized: bool


def _one_region(endpoint: _Endpoints) -> str | None:
    others = {*endpoint.regions} - {endpoint.one}
    return None if others and endpoint.regionalized else endpoint.one


def _by_partition(endpoint_prefix: str) -> dict[str, _Endpoints]:
    """The endpoint data of a service in each partition that has it."""
    data: Mapping[str, Any] = models.session().get_component("data_loader").load_data("endpoints")
    found = {}
    for partition in data["partitions"]:
        endpoint = partition["services"].get(endpoint_prefix)
        if endpoint is not None:
            one = endpoint.get("endpoints", {}).get(endpoint.get("partitionEndpoint"), {})
            found[partition["partition"]] = _Endpoints(
                one=one.get("credentialScope", {}).get("region"),
                regions=tuple(sorted(partition["regions"].keys() & endpoint.get("endpoints", {}).keys())),
                regionalized=endpoint.get("isRegionalized", True),
            )
    return found
