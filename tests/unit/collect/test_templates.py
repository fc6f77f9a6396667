from datetime import UTC, datetime, timedelta, timezone

import pytest

from jobview.catalogue.operations import IDS
from jobview.collect import templates
from jobview.model import Parent, Target

TARGET = Target(account="111122223333", region="eu-west-1")


def test_inputs_are_filled_in_and_not_escaped() -> None:
    filled = templates.values(
        TARGET, parents=[Parent(type="folder", id="f"), Parent(type="file", id="a/b")], native_id="x:y%20ü{z}"
    )
    made = templates.inputs(
        {"arn": "arn:{partition}:x:{region}:{account}:{parent}:{id}", "of": [{"folder": "{folder}"}, 3]}, filled
    )
    assert made == {"arn": "arn:aws:x:eu-west-1:111122223333:a/b:x:y%20ü{z}", "of": [{"folder": "f"}, 3]}


def test_ids_are_the_list_itself() -> None:
    assert templates.inputs({"jobs": IDS}, templates.values(TARGET), ids=["a", "b"]) == {"jobs": ["a", "b"]}


def test_a_link_is_escaped() -> None:
    filled = templates.values(TARGET, native_id="a b/ü:1\ud800")
    assert templates.link("https://c/{region}#{id}", filled) == "https://c/eu-west-1#a%20b%2F%C3%BC:1%3F"


def test_there_is_no_link_without_a_template_or_in_another_partition() -> None:
    assert templates.link(None, templates.values(TARGET)) is None
    china = templates.values(Target(account="111122223333", region="cn-north-1"))
    assert templates.link("https://{region}.console.aws.amazon.com", china) is None


@pytest.mark.parametrize(
    ("region", "partition"),
    [("us-east-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov"), ("eusc-de-east-1", "aws-eusc")],
)
def test_partitions(region: str, partition: str) -> None:
    assert Target(account="111122223333", region=region).partition == partition


def test_times_stand_in_their_places_at_any_depth_and_in_any_form() -> None:
    since = datetime(2026, 11, 20, 13, 30, 0, 250_000, tzinfo=timezone(timedelta(hours=1)))
    until = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
    forms = ["{sinceText}", "{sinceMillisecondsText}", "{sinceMilliseconds}", "{sinceSeconds}", "{since}"]
    filled = templates.moments([{"Key": "StartTimeAfter", "Values": forms}], {"since": since})
    told = ["2026-11-20T12:30:00Z", "1795177800250", 1795177800250, 1795177800, since]
    assert filled == [{"Key": "StartTimeAfter", "Values": told}]
    assert since == datetime(2026, 11, 20, 12, 30, 0, 250_000, tzinfo=UTC)
    both = {"from": "{since}", "to": "{untilText}", "name": "{parent}", "also": "{sinceFoo}"}
    assert templates.moments(both, {"since": since, "until": until}) == both | {
        "from": since,
        "to": "2026-11-20T14:00:00Z",
    }


def test_a_time_that_is_not_given_keeps_its_place() -> None:
    assert templates.moments({"to": "{until}"}, {}) == {"to": "{until}"}
