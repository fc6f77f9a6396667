"""Each kind of fault, as boto3 sees it."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ResponseStreamingError

from local.standin import Fault, Faults, Rule, StandIn


@pytest.fixture
def list_jobs(aws: StandIn) -> Callable[..., Any]:
    [job] = aws.seed("omics", "reference-import", parent="genomes", count=2)[:1]
    client = aws.client("omics")

    def call(**parameters: Any) -> Any:
        return client.list_reference_import_jobs(referenceStoreId=job.parent, **parameters)

    return call


def raised(call: Callable[..., Any]) -> tuple[str, int]:
    with pytest.raises(ClientError) as caught:
        call()
    response = caught.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


def test_an_error_comes_n_times_after_the_first_ones(aws: StandIn, list_jobs: Callable[..., Any]) -> None:
    aws.faults.add(Fault(kind="error", code="throttled"), service="omics", skip=1, times=2)
    list_jobs()
    assert raised(list_jobs) == ("ThrottlingException", 429)
    assert raised(list_jobs) == ("ThrottlingException", 429)
    assert len(list_jobs()["importJobs"]) == 2


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault(kind="error", code="AccessDeniedException"), ("AccessDeniedException", 403)),
        (Fault(kind="error", code="ExpiredTokenException", status=403), ("ExpiredTokenException", 403)),
        (Fault(kind="error"), ("InternalServerException", 500)),
        (Fault(kind="down"), ("ServiceUnavailable", 503)),
    ],
)
def test_an_error_has_its_modelled_status(
    aws: StandIn, list_jobs: Callable[..., Any], fault: Fault, expected: tuple[str, int]
) -> None:
    aws.faults.add(fault)
    assert raised(list_jobs) == expected


def test_ses_throttles_by_another_name(aws: StandIn) -> None:
    aws.faults.add(Fault(kind="error", code="throttled"), service="sesv2")
    assert raised(aws.client("sesv2").list_import_jobs) == ("TooManyRequestsException", 429)


def test_boto3_gets_through_where_it_may_try_again(aws: StandIn) -> None:
    aws.faults.add(Fault(kind="error", code="throttled"), service="sesv2", times=1)
    assert aws.client("sesv2", retries=1).list_import_jobs()["ImportJobs"] == []


@pytest.mark.parametrize("kind", ["drop", "reset"])
def test_a_connection_ends_without_an_answer(aws: StandIn, list_jobs: Callable[..., Any], kind: str) -> None:
    aws.faults.add(Fault(kind=kind), service="omics", times=1)
    with pytest.raises(ConnectionClosedError):
        list_jobs()
    assert len(list_jobs()["importJobs"]) == 2


@pytest.mark.parametrize("kind", ["cut", "truncated", "malformed"])
def test_boto3_takes_half_an_answer_for_an_empty_one(aws: StandIn, list_jobs: Callable[..., Any], kind: str) -> None:
    aws.faults.add(Fault(kind=kind), service="omics", times=1)
    answer = list_jobs()
    assert "importJobs" not in answer
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert len(list_jobs()["importJobs"]) == 2


def test_boto3_notices_a_cut_stream(aws: StandIn) -> None:
    store, image_set = aws.state.medical_imaging().add_image_set("radiology", [{"compressedBytes": 10_000}])
    aws.faults.add(Fault(kind="cut"), service="medical-imaging")
    answer = aws.client("medical-imaging").get_image_set_metadata(datastoreId=store, imageSetId=image_set)
    with pytest.raises(ResponseStreamingError):
        answer["imageSetMetadataBlob"].read()


def test_a_status_becomes_a_word_that_nobody_knows(aws: StandIn, list_jobs: Callable[..., Any]) -> None:
    aws.faults.add(Fault(kind="unknown-status", value="HIBERNATING"), operation="ListReferenceImportJobs")
    assert {job["status"] for job in list_jobs()["importJobs"]} == {"HIBERNATING"}
    assert aws.client("omics").list_reference_stores()["referenceStores"]


def test_a_page_token_repeats(aws: StandIn, list_jobs: Callable[..., Any]) -> None:
    aws.faults.add(Fault(kind="repeat-token"), service="omics")
    first = list_jobs()
    second = list_jobs(nextToken=first["nextToken"])
    assert second["nextToken"] == first["nextToken"]
    first = list_jobs(maxResults=1)
    assert list_jobs(maxResults=1, nextToken=first["nextToken"])["nextToken"] == first["nextToken"]


def test_latency_comes_on_top_of_another_fault(aws: StandIn, list_jobs: Callable[..., Any]) -> None:
    aws.faults.add(Fault(kind="latency", seconds=0.2), service="omics", times=2)
    aws.faults.add(Fault(kind="error", code="ThrottlingException"), service="omics", times=1)
    for expected in (True, False):
        before = time.monotonic()
        if expected:
            assert raised(list_jobs) == ("ThrottlingException", 429)
        else:
            list_jobs()
        assert time.monotonic() - before >= 0.2


def test_a_call_waits_until_its_rule_is_removed(aws: StandIn, list_jobs: Callable[..., Any]) -> None:
    rules = [aws.faults.add(Fault(kind="wait"), service="omics") for _ in range(2)]
    aws.faults.add(Fault(kind="error", code="ThrottlingException"), service="omics", times=1)
    with ThreadPoolExecutor(1) as pool:
        waits = pool.submit(raised, list_jobs)
        for rule in rules:
            with pytest.raises(TimeoutError):
                waits.result(timeout=0.2)
            aws.faults.remove(rule)
        assert waits.result() == ("ThrottlingException", 429), "another fault follows the wait"
    list_jobs()


def test_a_rule_concerns_only_what_it_names(aws: StandIn, list_jobs: Callable[..., Any]) -> None:
    aws.faults.add(Fault(kind="down"), service="medical-imaging")
    aws.faults.add(Fault(kind="down"), service="omics", operation="GetReferenceImportJob")
    aws.faults.add(Fault(kind="down"), service="omics", region="eu-west-1")
    list_jobs()
    assert raised(aws.client("omics", region="eu-west-1").list_reference_stores) == (
        "ServiceUnavailable",
        503,
    )
    assert raised(aws.client("medical-imaging").list_datastores) == ("ServiceUnavailable", 503)


def test_rules_can_be_taken_back(aws: StandIn, list_jobs: Callable[..., Any]) -> None:
    rule = aws.faults.add(Fault(kind="down"))
    assert aws.faults.remove(rule)
    assert not aws.faults.remove(rule)
    list_jobs()


@pytest.mark.parametrize(
    "document",
    [
        {"fault": {"kind": "explode"}},
        {"fault": {"kind": "latency", "seconds": -1}},
        {"fault": {"kind": "error", "colour": "red"}},
        {"fault": {"kind": "error"}, "times": 0},
        {"fault": {"kind": "error"}, "skip": -1},
        {"fault": {"kind": "error"}, "where": "omics"},
        {"service": "omics"},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Rule.from_json(document)


def test_an_unknown_operation_is_only_met_by_rules_for_all() -> None:
    faults = Faults()
    faults.add(Fault(kind="down"), service="s3", operation="GetObject")
    assert faults.for_request("s3", None, "us-east-1").fault is None
    faults.add(Fault(kind="down"), service="s3")
    assert faults.for_request("s3", None, "us-east-1").fault is not None
