"""Links to logs: where the record says in which group and stream the log is, and nowhere else."""

from typing import Any

import pytest

from jobview.catalogue.records import Logs
from jobview.collect import logs, templates
from jobview.model import Parent, Target

FILLED = templates.values(
    Target(account="111122223333", region="eu-west-1"), parents=[Parent(type="job", id="nightly")], native_id="jr_1"
)
HOST = "https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/"


def page(record: dict[str, Any], *places: Logs) -> str | None:
    return logs.page(places, record, FILLED)


def test_a_stream_in_a_group() -> None:
    place = Logs(group="{log.group}/error", stream="{id}")
    assert (
        page({"log": {"group": "/aws-glue/jobs"}}, place) == f"{HOST}$252Faws-glue$252Fjobs$252Ferror/log-events/jr_1"
    )


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("/aws/batch/job", "$252Faws$252Fbatch$252Fjob"),
        ("2026/11/20/[$LATEST]a1", "2026$252F11$252F20$252F$255B$2524LATEST$255Da1"),
        ("a b", "a$2520b"),
        ("ü%", "$25C3$25BC$2525"),
    ],
)
def test_names_are_escaped_as_the_console_does(name: str, written: str) -> None:
    assert page({"s": name}, Logs(group="g", stream="{s}")) == f"{HOST}g/log-events/{written}"


def test_a_prefix_of_streams_and_a_group_alone() -> None:
    assert page({}, Logs(group="/g", prefix="{parent}/{id}/")) == (
        f"{HOST}$252Fg$3FlogStreamNameFilter$3Dnightly$252Fjr_1$252F"
    )
    assert page({}, Logs(group="/g")) == f"{HOST}$252Fg"


@pytest.mark.parametrize(
    ("arn", "end"),
    [
        ("arn:aws:logs:us-east-2:111122223333:log-group:/a:*", "$252Fa"),
        ("arn:aws:logs:us-east-2:111122223333:log-group:/a", "$252Fa"),
        ("arn:aws:logs:us-east-2:111122223333:log-group:/a:log-stream:run/1", "$252Fa/log-events/run$252F1"),
    ],
)
def test_an_arn_has_its_own_region(arn: str, end: str) -> None:
    assert page({"arn": arn}, Logs(group="{arn}")) == f"{HOST.replace('eu-west-1', 'us-east-2')}{end}"


@pytest.mark.parametrize(
    "record",
    [
        {},
        {"group": None},
        {"group": ""},
        {"group": 7},
        {"group": ["/a"]},
        {"group": "x" * 513},
        {"group": "arn:aws:s3:::bucket"},
        {"group": "arn:aws:logs:us-east-1:1:log-group:/a"},
    ],
)
def test_what_the_record_does_not_say_is_not_invented(record: dict[str, Any]) -> None:
    assert page(record, Logs(group="{group}")) is None
    assert page({**record, "s": "a"}, Logs(group="{group}", stream="{s}")) is None


@pytest.mark.parametrize("stream", [None, "", 7, ["s"], "x" * 513])
def test_without_the_stream_there_is_no_link(stream: object) -> None:
    assert page({"s": stream}, Logs(group="/g", stream="{s}")) is None
    assert page({"s": stream}, Logs(group="/g", prefix="{s}")) is None


def test_the_first_place_that_is_known_is_shown() -> None:
    places = (
        Logs(group="{options.group}", stream="{stream}", where={"driver": "awslogs"}),
        Logs(group="/default", stream="{stream}", where={"driver": None}),
    )
    own = {"driver": "awslogs", "options": {"group": "/own"}, "stream": "s"}
    assert page(own, *places) == f"{HOST}$252Fown/log-events/s"
    assert page({"stream": "s"}, *places) == f"{HOST}$252Fdefault/log-events/s"
    assert page({"driver": "splunk", "stream": "s"}, *places) is None
    assert page({"on": True}, Logs(group="g", where={"on": True})) == f"{HOST}g"
    assert page({"on": False}, Logs(group="g", where={"on": True})) is None


def test_only_the_aws_partition_has_links() -> None:
    china = templates.values(Target(account="111122223333", region="cn-north-1"), native_id="1")
    assert logs.page((Logs(group="/g"),), {}, china) is None


def test_the_paths_that_a_record_needs() -> None:
    places = (
        Logs(group="{a.b}", stream="{id}", where={"c": None}),
        Logs(group="{a.b}", prefix="{workgroup}/{d}"),
    )
    assert logs.paths_of(places, templates.PLACEHOLDERS | {"workgroup"}) == ("a.b", "d", "c")
