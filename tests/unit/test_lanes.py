import pytest

from jobview.catalogue import enabled
from jobview.lanes import InvalidLaneError, Lane, due
from jobview.model import Target
from jobview.settings import Watch

HERE = Target(account="111122223333", region="us-east-1")
THERE = Target(account="111122223333", region="eu-west-1")


def test_a_lane_is_a_service_in_a_target_however_many_families_it_has() -> None:
    watching = Watch(
        targets=(HERE, THERE), families=enabled(["sesv2/import", "sesv2/export", "omics/reference-import"])
    )
    assert sorted(due(watching)) == [
        Lane(service="omics", account="111122223333", region="eu-west-1"),
        Lane(service="omics", account="111122223333", region="us-east-1"),
        Lane(service="sesv2", account="111122223333", region="eu-west-1"),
        Lane(service="sesv2", account="111122223333", region="us-east-1"),
    ]


def test_a_lane_survives_its_message() -> None:
    lane = Lane(service="omics", account="111122223333", region="us-east-1")
    assert Lane.from_message(lane.to_message()) == lane
    assert lane.target == HERE


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "null",
        '"omics"',
        '{"service":"omics"}',
        '{"service":"omics","account":"1","region":"us-east-1","more":1}',
        '{"service":"omics","account":111122223333,"region":"us-east-1"}',
        '{"service":"","account":"111122223333","region":"us-east-1"}',
    ],
)
def test_anything_else_is_refused(body: str) -> None:
    with pytest.raises(InvalidLaneError):
        Lane.from_message(body)
