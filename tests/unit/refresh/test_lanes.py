import pytest

from jobview.catalogue import enabled
from jobview.model import Parent, Source, Target
from jobview.monitored import Monitored
from jobview.refresh.lanes import InvalidLaneError, Lane, expected, is_monitored, lanes_of, mark

HERE = Target(account="111122223333", region="us-east-1")
THERE = Target(account="111122223333", region="eu-west-1")
WATCHING = Monitored(
    targets=(HERE, THERE), families=enabled(["sesv2/import", "sesv2/export", "omics/reference-import"])
)


def test_a_deployment_begins_with_each_family_in_each_target() -> None:
    assert sorted(source.id for source in expected(WATCHING)) == [
        "omics:eu-west-1:111122223333:reference-import",
        "omics:us-east-1:111122223333:reference-import",
        "sesv2:eu-west-1:111122223333:export",
        "sesv2:eu-west-1:111122223333:import",
        "sesv2:us-east-1:111122223333:export",
        "sesv2:us-east-1:111122223333:import",
    ]


def test_the_mark_changes_with_what_is_monitored_and_not_with_its_order() -> None:
    turned = Monitored(targets=(THERE, HERE), families=WATCHING.families)
    assert mark(turned) == mark(WATCHING)
    assert mark(Monitored(targets=(HERE,), families=WATCHING.families)) != mark(WATCHING)
    assert mark(Monitored(targets=(HERE, THERE), families=enabled(["sesv2/import"]))) != mark(WATCHING)


def test_a_source_is_watched_by_its_family_and_target() -> None:
    assert is_monitored(WATCHING, Source(service="sesv2", type="import", target=HERE))
    store = Parent(type="reference-store", id="1")
    assert is_monitored(WATCHING, Source(service="omics", type="reference-import", target=HERE, parents=(store,)))
    assert not is_monitored(WATCHING, Source(service="glue", type="job-run", target=HERE))
    elsewhere = Target(account="444455556666", region="us-east-1")
    assert not is_monitored(WATCHING, Source(service="sesv2", type="import", target=elsewhere))


def test_due_sources_make_one_lane_for_each_service_and_target_those_due_longest_first() -> None:
    due = [
        "sesv2:us-east-1:111122223333:export",
        "omics:us-east-1:111122223333:reference-import:1234567890",
        "sesv2:us-east-1:111122223333:import",
        "sesv2:eu-west-1:111122223333:import",
        "glue:us-east-1:111122223333:job-run",
        "sesv2:us-east-1:444455556666:import",
    ]
    assert lanes_of(due, WATCHING) == [
        Lane(service="sesv2", account="111122223333", region="us-east-1"),
        Lane(service="omics", account="111122223333", region="us-east-1"),
        Lane(service="sesv2", account="111122223333", region="eu-west-1"),
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
