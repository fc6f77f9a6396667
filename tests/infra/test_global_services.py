"""What a deployment may read of global services, and where it hears them: in the region that answers for all."""

from dataclasses import replace
from typing import Any

import pytest

from infra.configuration import Configuration
from infra.inbound import senders
from infra.permissions import Permissions
from jobview.catalogue import FAMILIES
from jobview.catalogue.family import Family

ACCOUNT = "111122223333"
GLOBAL, REGIONAL = FAMILIES["cloudfront/invalidation"], FAMILIES["glue/job-run"]
TELLING = replace(GLOBAL, events=REGIONAL.events)
"""A global service that tells events; CloudFront does not."""


def allowed(
    *families: Family,
    home: str = "eu-west-1",
    targets: tuple[str, ...] = ("eu-west-1", "eu-north-1"),
    known: bool = True,
) -> Permissions:
    return Permissions(
        families=families,
        targets=tuple((ACCOUNT, region) for region in targets),
        home=(ACCOUNT, home),
        partition="aws",
        configuration=Configuration(account=ACCOUNT, region=home) if known else Configuration(),
    )


def regions_by_action(permissions: Permissions) -> dict[str, Any]:
    """Action → the regions that its statement is held to."""
    return {
        action: rights.conditions["StringEquals"]["aws:RequestedRegion"]
        for rights in permissions.reads()
        for action in rights.of
    }


def test_a_global_service_is_read_in_its_own_region_alone_and_the_others_in_theirs() -> None:
    found = regions_by_action(allowed(GLOBAL, REGIONAL))
    assert found == {
        "cloudfront:ListDistributions": ["us-east-1"],
        "cloudfront:ListInvalidations": ["us-east-1"],
        "cloudfront:GetInvalidation": ["us-east-1"],
        "glue:GetJobs": ["eu-north-1", "eu-west-1"],
        "glue:GetJobRuns": ["eu-north-1", "eu-west-1"],
        "glue:GetJobRun": ["eu-north-1", "eu-west-1"],
    }


@pytest.mark.parametrize(
    ("home", "known", "regions"),
    [("cn-north-1", True, ["cn-northwest-1"]), ("eu-west-1", False, ["us-east-1", "cn-northwest-1"])],
    ids=["another partition", "not known before the deployment"],
)
def test_the_partition_decides_which_region_that_is(home: str, known: bool, regions: list[str]) -> None:
    found = regions_by_action(allowed(GLOBAL, home=home, targets=(home,), known=known))
    assert found["cloudfront:GetInvalidation"] == regions


def test_where_the_partition_has_no_such_service_nothing_is_granted() -> None:
    found = regions_by_action(allowed(GLOBAL, REGIONAL, home="us-gov-west-1", targets=("us-gov-west-1",)))
    assert {action.partition(":")[0] for action in found} == {"glue"}


def test_the_resource_of_a_get_has_the_region_that_answers() -> None:
    assert GLOBAL.get is not None
    somewhere = replace(GLOBAL, get=replace(GLOBAL.get, resource="arn:{partition}:x:{region}:{account}:y/{id}"))
    rights = [each for each in allowed(somewhere).reads() if "cloudfront:GetInvalidation" in each.of]
    assert [each.of["cloudfront:GetInvalidation"] for each in rights] == [{f"arn:aws:x:us-east-1:{ACCOUNT}:y/*"}]


def test_its_events_come_from_that_region_whichever_are_monitored() -> None:
    here = allowed(TELLING, targets=("eu-west-1",))
    assert senders(Configuration(account=ACCOUNT), here) == (ACCOUNT,), "the home account forwards them"
    assert not here.is_heard_at_home(TELLING)
    assert senders(Configuration(account=ACCOUNT), allowed(REGIONAL, targets=("eu-west-1",))) == ()


def test_at_home_in_that_region_only_global_services_are_heard_where_it_is_not_monitored() -> None:
    here = allowed(TELLING, REGIONAL, home="us-east-1", targets=("eu-west-1",))
    assert here.is_heard_at_home(TELLING)
    assert not here.is_heard_at_home(REGIONAL)
    nobody = allowed(TELLING, REGIONAL, home="us-east-1", targets=())
    assert not nobody.is_heard_at_home(TELLING)
    unknown = allowed(TELLING, known=False)
    assert unknown.is_heard_at_home(TELLING), "home may be that region"
