"""One value that cannot be read, in protocols that no declared family has yet, with services that botocore knows."""

import struct
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.parsers import PROTOCOL_PARSERS

from jobview.aws.calls import Calls
from jobview.aws.parsers import PROTOCOLS
from tests.integration.collect.canned import Canned, Told
from tests.integration.collect.reading import TARGET

SECONDS = 1772449200
QUERY = """<R><ListStackSetOperationsResult><Summaries>
  <member><OperationId>a</OperationId><CreationTimestamp>2026-03-02T11:00:00Z</CreationTimestamp>
    <StatusDetails><FailedStackInstancesCount>3</FailedStackInstancesCount></StatusDetails></member>
  <member><OperationId>b</OperationId><CreationTimestamp>{time}</CreationTimestamp>
    <StatusDetails><FailedStackInstancesCount>{number}</FailedStackInstancesCount></StatusDetails></member>
  <member><OperationId>c</OperationId><StatusDetails>{text}</StatusDetails></member>
</Summaries></ListStackSetOperationsResult></R>"""
EC2 = """<R><importSnapshotTaskSet>
  <item><importTaskId>a</importTaskId><snapshotTaskDetail><encrypted>false</encrypted></snapshotTaskDetail></item>
  <item><importTaskId>b</importTaskId><snapshotTaskDetail><encrypted>perhaps</encrypted>
    <diskImageSize>huge</diskImageSize><progress><x>1</x></progress></snapshotTaskDetail></item>
</importSnapshotTaskSet></R>"""
CLOUDFRONT = """<InvalidationList><MaxItems>100</MaxItems><IsTruncated>false</IsTruncated><Quantity>2</Quantity><Items>
  <InvalidationSummary><Id>a</Id><CreateTime>2026-03-02T11:00:00Z</CreateTime><Status>Completed</Status>
    </InvalidationSummary>
  <InvalidationSummary><Id>b</Id><CreateTime>later</CreateTime><Status>Completed</Status></InvalidationSummary>
</Items></InvalidationList>"""


@pytest.fixture
def call(canned: Canned, calls_of: Callable[..., Calls]) -> Callable[..., tuple[Mapping[str, Any], tuple[str, ...]]]:
    calls = calls_of(canned.url, attempts=1)

    def ask(
        answer: str | bytes, service: str, operation: str, headers: dict[str, str] | None = None, **inputs: object
    ) -> tuple[Mapping[str, Any], tuple[str, ...]]:
        canned.answer = lambda _: Told(answer, headers=headers or {})
        told = calls.call(service, TARGET, operation, inputs, deadline=60)
        assert "UnreadableValues" not in told.members["ResponseMetadata"]
        return told.members, told.unreadable

    return ask


Call = Callable[..., tuple[Mapping[str, Any], tuple[str, ...]]]


def test_query(call: Call) -> None:
    body = QUERY.format(time="1772445600000", number="three", text="none")
    answer, unreadable = call(body, "cloudformation", "ListStackSetOperations", StackSetName="s")
    assert [each["OperationId"] for each in answer["Summaries"]] == ["a", "b", "c"]
    assert answer["Summaries"][0]["CreationTimestamp"] == datetime(2026, 3, 2, 11, tzinfo=UTC)
    assert answer["Summaries"][1]["CreationTimestamp"] is None
    assert answer["Summaries"][1]["StatusDetails"] == {"FailedStackInstancesCount": None}
    assert unreadable == (
        "Summaries[1].CreationTimestamp",
        "Summaries[1].StatusDetails.FailedStackInstancesCount",
        "Summaries[2].StatusDetails",
    )
    body = QUERY.format(time="2026-03-02T11:00:00Z", number="7", text="")
    assert call(body, "cloudformation", "ListStackSetOperations", StackSetName="s")[1] == ()


def test_ec2(call: Call) -> None:
    answer, unreadable = call(EC2, "ec2", "DescribeImportSnapshotTasks")
    first, second = answer["ImportSnapshotTasks"]
    assert first["SnapshotTaskDetail"] == {"Encrypted": False}
    assert second == {
        "ImportTaskId": "b",
        "SnapshotTaskDetail": {"DiskImageSize": None, "Encrypted": None, "Progress": None},
    }
    task = "ImportSnapshotTasks[1].SnapshotTaskDetail"
    assert unreadable == (f"{task}.DiskImageSize", f"{task}.Encrypted", f"{task}.Progress")


def test_rest_xml(call: Call) -> None:
    answer, unreadable = call(CLOUDFRONT, "cloudfront", "ListInvalidations", DistributionId="d")
    assert [each["Id"] for each in answer["InvalidationList"]["Items"]] == ["a", "b"]
    assert unreadable == ("InvalidationList.Items[1].CreateTime",)


def test_headers(call: Call) -> None:
    bad = {"Last-Modified": "yesterday", "x-amz-missing-meta": "many", "ETag": '"e"', "x-amz-meta-team": "t"}
    answer, unreadable = call("", "s3", "GetObject", headers=bad, Bucket="b", Key="k")
    assert (answer["LastModified"], answer["MissingMeta"], answer["ETag"]) == (None, None, '"e"')
    assert answer["Metadata"] == {"team": "t"}
    assert unreadable == ("LastModified", "MissingMeta")


def cbor(value: object) -> bytes:
    """CBOR (RFC 8949) of what the test needs; ``datetime`` as tag 1."""

    def head(major: int, number: int) -> bytes:
        return bytes([major << 5 | number]) if number < 24 else bytes([major << 5 | 26]) + struct.pack(">I", number)

    match value:
        case bool():
            return b"\xf5" if value else b"\xf4"
        case int():
            return head(0, value)
        case float():
            return b"\xc1\xfb" + struct.pack(">d", value)  # a time
        case str():
            text = value.encode()
            return head(3, len(text)) + text
        case list():
            return head(4, len(value)) + b"".join(cbor(one) for one in value)
        case dict():
            return head(5, len(value)) + b"".join(cbor(name) + cbor(one) for name, one in value.items())
    raise TypeError(value)


def test_cbor(call: Call) -> None:
    buses = [
        {"Name": "a", "CreationTime": 1772449200.0},
        {"Name": "b", "CreationTime": 1772445600000.0},
        {"Name": 3, "CreationTime": 1772449200},
        "none",
    ]
    answer, unreadable = call(
        cbor({"EventBuses": buses}), "eventbridgev2", "ListEventBuses", headers={"smithy-protocol": "rpc-v2-cbor"}
    )
    assert answer["EventBuses"] == [
        {"Name": "a", "CreationTime": datetime.fromtimestamp(SECONDS, UTC)},
        {"Name": "b", "CreationTime": None},
        {"Name": None, "CreationTime": None},
        None,
    ]
    assert unreadable == (
        "EventBuses[1].CreationTime",
        "EventBuses[2].Name",
        "EventBuses[2].CreationTime",
        "EventBuses[3]",
    )


def test_there_is_a_parser_for_every_protocol_of_botocore() -> None:
    assert set(PROTOCOLS) == set(PROTOCOL_PARSERS)
