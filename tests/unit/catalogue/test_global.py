"""Where a family is read, of what is monitored."""

import json
from dataclasses import replace
from typing import Any

import pytest

from jobview.aws.clients import Clients
from jobview.catalogue import FAMILIES
from jobview.events.incoming import RefusedHintError, hint
from jobview.model import Source, Target
from jobview.monitored import Monitored
from jobview.refresh.lanes import Lane, expected, is_monitored, lanes_of, mark

GLOBAL, REGIONAL = FAMILIES["cloudfront/invalidation"], FAMILIES["sesv2/import"]
ONE, TWO = "111122223333", "222233334444"


def targets(*places: tuple[str, str]) -> tuple[Target, ...]:
    return tuple(Target(account=account, region=region) for account, region in places)


@pytest.mark.parametrize(
    ("monitored", "read_in"),
    [
        ([(ONE, "us-east-1"), (ONE, "eu-west-1")], [(ONE, "us-east-1")]),
        ([(ONE, "eu-west-1"), (ONE, "eu-north-1")], [(ONE, "us-east-1")]),
        ([(ONE, "eu-west-1"), (TWO, "us-east-1")], [(ONE, "us-east-1"), (TWO, "us-east-1")]),
        ([(ONE, "cn-north-1"), (ONE, "cn-northwest-1")], [(ONE, "cn-northwest-1")]),
        ([(ONE, "us-gov-east-1"), (ONE, "us-gov-west-1")], [(ONE, "us-gov-east-1")]),
        ([], []),
    ],
    ids=["among them", "not among them", "two accounts", "another partition", "not in the partition", "nothing"],
)
def test_a_global_family_is_read_once_an_account_where_its_service_answers(
    monitored: list[tuple[str, str]], read_in: list[tuple[str, str]]
) -> None:
    assert GLOBAL.read_in(targets(*monitored)) == targets(*read_in)
    assert REGIONAL.read_in(targets(*monitored)) == targets(*monitored)


def test_a_partition_without_the_service_is_a_region_without_it() -> None:
    clients = Clients()
    assert clients.supported(GLOBAL, "us-east-1")
    assert clients.supported(GLOBAL, "cn-northwest-1")
    assert not clients.supported(GLOBAL, "us-gov-east-1")


MONITORED = Monitored(targets=targets((ONE, "eu-west-1"), (ONE, "eu-north-1")), families=(GLOBAL, REGIONAL))


def test_the_schedule_has_its_source_once() -> None:
    assert [source.id for source in expected(MONITORED)] == [
        f"cloudfront:us-east-1:{ONE}:invalidation",
        f"sesv2:eu-west-1:{ONE}:import",
        f"sesv2:eu-north-1:{ONE}:import",
    ]
    assert MONITORED.places == targets((ONE, "eu-west-1"), (ONE, "eu-north-1"), (ONE, "us-east-1"))
    regional = replace(MONITORED, families=(replace(GLOBAL, global_regions={}), REGIONAL))
    assert mark(regional) != mark(MONITORED)


def test_only_the_region_that_answers_makes_a_source_a_monitored_one() -> None:
    answering, elsewhere = targets((ONE, "us-east-1"), (ONE, "eu-west-1"))
    assert is_monitored(MONITORED, Source(service="cloudfront", type="invalidation", target=answering))
    assert not is_monitored(MONITORED, Source(service="cloudfront", type="invalidation", target=elsewhere))
    assert not is_monitored(MONITORED, Source(service="sesv2", type="import", target=answering))
    due = [
        f"cloudfront:us-east-1:{ONE}:invalidation:E1",
        f"cloudfront:eu-west-1:{ONE}:invalidation:E1",
        f"sesv2:us-east-1:{ONE}:import",
        f"sesv2:eu-north-1:{ONE}:import",
    ]
    assert lanes_of(due, MONITORED) == [
        Lane(service="cloudfront", account=ONE, region="us-east-1"),
        Lane(service="sesv2", account=ONE, region="eu-north-1"),
    ]


def event(region: str) -> str:
    told: dict[str, Any] = {
        "source": "aws.cloudfront",
        "detail-type": "Invalidation",
        "account": ONE,
        "region": region,
        "time": "2026-11-20T12:00:00Z",
        "detail": {"distribution": "E1", "id": "I1"},
    }
    return json.dumps(told)


def test_an_event_of_a_global_service_comes_from_the_region_that_answers() -> None:
    glue = FAMILIES["glue/job-run"].events
    assert glue is not None
    events = replace(
        glue, source="aws.cloudfront", detail_types=("Invalidation",), id="detail.id", parents=("detail.distribution",)
    )
    monitored = replace(MONITORED, families=(replace(GLOBAL, events=events), REGIONAL))
    found = hint(event("us-east-1"), monitored)
    assert str(found.key) == f"cloudfront:us-east-1:{ONE}:invalidation:E1:I1"
    assert found.target == Target(account=ONE, region="us-east-1")
    with pytest.raises(RefusedHintError, match="not monitored"):
        hint(event("eu-west-1"), monitored)
