"""AWS's partitions and their regions, from botocore's endpoint data."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import botocore.session
from botocore.exceptions import UnknownRegionError

LIKE = 3
"""How many similar names an error suggests."""


@cache
def partitions() -> Mapping[str, str]:
    """Return the partition of every region, such as ``aws-cn`` for ``cn-north-1``."""
    session = _session()
    # EC2 is in every region.
    return {
        region: partition
        for partition in session.get_available_partitions()
        for region in session.get_available_regions("ec2", partition_name=partition)
    }


@cache
def partition(region: str) -> str | None:
    """Return the partition of a region, from botocore's list or else by the region's name; ``None`` without a match."""
    try:
        found: str = _session().get_partition_for_region(region)
    except UnknownRegionError:
        return None
    return found


def problems(
    places: Iterable[tuple[str, str]], *, home: str | None, unlisted: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """Yield each problem with a configuration's regions: the field and the message.

    Parameters
    ----------
    places
        Pairs of field and region, the home region's first.
    home
        The home region; ``None`` where only the deployment knows it: then all regions have to share one partition.
    unlisted
        Regions that are allowed although botocore does not list them.
    """
    allowed = {*unlisted}
    expected: tuple[str, str | None] | None = None if home is None else (home, partition(home))
    for field, region in places:
        if region not in partitions() and region not in allowed:
            yield field, _unknown(region)
            continue
        found = partition(region)
        if found is None:
            yield field, f"is {region}, which is in no known partition; allowed: regions of {_all()}"
        elif expected is None:
            expected = (region, found)
        elif found != expected[1]:
            problem = f"is {region} in the partition {found}, and {expected[0]} is in {expected[1]}"
            remedy = "No role can be assumed in another partition: deploy Jobview there too"
            yield field, f"{problem}; allowed: regions of {expected[1]}. {remedy}"


@cache
def _session() -> botocore.session.Session:
    """Return one shared session, because each new one reads the whole endpoint data again."""
    return botocore.session.get_session()


def _unknown(region: str) -> str:
    near = difflib.get_close_matches(region, partitions(), n=LIKE)
    hint = f"near: {', '.join(near)}; " if near else ""
    return (
        f"is {region}, which botocore {botocore.__version__} does not list; {hint}allowed: a region that it lists, or"
        " one that unlistedRegions names because it is newer"
    )


def _all() -> str:
    return ", ".join(dict.fromkeys(partitions().values()))
