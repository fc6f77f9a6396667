from datetime import UTC, datetime, timedelta, timezone

import pytest

from jobview.catalogue.family import IDS, SINCE, SINCE_MILLISECONDS, SINCE_TEXT
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


def test_a_time_stands_in_its_place_at_any_depth_and_in_any_form() -> None:
    moment = datetime(2026, 11, 20, 13, 30, 0, 250_000, tzinfo=timezone(timedelta(hours=1)))
    filled = templates.since([{"Key": "StartTimeAfter", "Values": [SINCE_TEXT, SINCE_MILLISECONDS, SINCE]}], moment)
    assert filled == [{"Key": "StartTimeAfter", "Values": ["2026-11-20T12:30:00Z", "1795177800250", moment]}]
    assert moment == datetime(2026, 11, 20, 12, 30, 0, 250_000, tzinfo=UTC)
