from typing import Any

import jmespath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobview.collect.paths import find, first_name, last_of_arn

RECORD: dict[str, Any] = {
    "id": "1",
    "status": {"state": "DONE", "none": None},
    "sources": [{"uri": "s3://a"}, {"other": 1}, {"uri": "s3://b"}],
    "queues": [{"type": "A", "name": "x"}, {"type": "B", "name": "y"}],
}


@pytest.mark.parametrize(
    "path",
    [
        "id",
        "status.state",
        "status.none",
        "status.none.deeper",
        "status.absent",
        "absent",
        "id.length",
        "sources[].uri",
        "sources",
        "queues[?type != 'B']",
        "queues[?type == 'B'].name",
        "@",
    ],
)
def test_a_path_finds_what_jmespath_finds(path: str) -> None:
    assert find(path, RECORD) == jmespath.search(path, RECORD)


@settings(deadline=None)
@given(st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.dictionaries(st.sampled_from("ab"), inner)))
def test_plain_names_find_what_jmespath_finds(value: Any) -> None:
    assert find("a.b", value) == jmespath.search("a.b", value)


def test_no_path_finds_nothing() -> None:
    assert find(None, RECORD) is None


@pytest.mark.parametrize(
    ("path", "name"),
    [("jobs", "jobs"), ("jobs[?a == 'b'].id", "jobs"), ("a.b", "a"), ("@", None)],
)
def test_the_member_a_path_starts_at(path: str, name: str | None) -> None:
    assert first_name(path) == name


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("arn:aws:ecs:us-east-1:111122223333:task/batch/0123", "0123"),
        ("arn:aws:codebuild:us-east-1:111122223333:build/site:8745a7a9", "site:8745a7a9"),
        ("arn:aws:states:us-east-1:111122223333:stateMachine:order", "order"),
        ("arn:aws-cn:s3:::bucket", "bucket"),
        ("arn:aws:omics:", ""),
        ("site:8745a7a9", "site:8745a7a9"),
        ("a/b", "a/b"),
        ("", ""),
    ],
)
def test_the_last_part_of_an_arn(text: str, last: str) -> None:
    assert last_of_arn(text) == last
